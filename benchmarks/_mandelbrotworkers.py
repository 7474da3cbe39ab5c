# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a queue of workers takes for the pixels of a deep picture."""

from collections.abc import Iterable
from time import perf_counter
from typing import Any

from twisted.internet.defer import Deferred, gatherResults

from aqlib import ProcessQueue
from mandelbrot_view.kernels.warmup import prepare
from mandelbrot_view.orbits.reference import Reference
from mandelbrot_view.pictures.render import render_tile
from mandelbrot_view.pictures.tiles import tilesOf
from mandelbrot_view.places.place import Place

ROUNDS = 3


def seconds_by_workers(
    place: Place, size: tuple[int, int], reference: Reference, counts: Iterable[int]
) -> list[float]:  # fmt: skip
    """The shortest time of some rounds for each number of workers. It runs the installed reactor, over and over."""
    from twisted.internet import reactor

    return [_runUntilFired(reactor, _seconds(place, size, reference, count)) for count in counts]


async def _seconds(place: Place, size: tuple[int, int], reference: Reference, workers: int) -> float:
    queue = ProcessQueue(workers)
    try:
        await queue.update(prepare)
        times = []
        for _ in range(1 + ROUNDS):
            begin = perf_counter()
            await gatherResults(
                [queue.call(render_tile, place, size, tile, reference=reference) for tile in tilesOf(size)]
            )
            times.append(perf_counter() - begin)
        return min(times[1:])
    finally:
        await queue.shutdown()


def _runUntilFired(reactor: Any, work: Any) -> float:
    results: list[Any] = []

    def done(result: Any) -> None:
        results.append(result)
        reactor.crash()

    reactor.callWhenRunning(lambda: Deferred.fromCoroutine(work).addBoth(done))
    reactor.run(installSignalHandlers=False)
    if not isinstance(results[0], float):
        results[0].raiseException()
    return float(results[0])
