# SPDX-License-Identifier: GPL-3.0-or-later
"""A picture of any size as a PNG file, band by band: no more of it than a few compressed bands is ever held."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..colour.ranks import Ranks
from ..pictures.depth import isDeep
from ..places.pictureplace import CHUNK
from .orbitstep import limit_beyond, orbit_step
from .pace import Pace
from .png import Packed, PngWriter, Writable
from .pump import GROUP, Pump, Step
from .scene import Scene, bands, packed_band, ranks_of

if TYPE_CHECKING:
    from collections import Counter

    from aqlib import TaskQueue

    from ..orbits.reference import Reference

# What finding ranks costs of a whole, about.
_RANKS_SHARE = 0.01


class Still:
    """The export of one picture.

    queue: whose workers compute it; scene: the picture; progressed: called when more of it is done; group: of its
    tasks. Attributes: `pace`, how far it is; `shares`, the samples that each worker has computed.
    """

    def __init__(
        self, queue: TaskQueue, scene: Scene, progressed: Callable[[], None] = lambda: None, group: str = GROUP
    ) -> None:
        self._scene = scene
        self._reference: Reference | None = None
        self._ranks: Ranks | None = None
        self._writer: PngWriter | None = None
        self._waiting: dict[int, Packed] = {}
        self._written = 0
        steps = self._steps()
        self.pace = Pace(queue.reactor.seconds, sum(step.cost for step in steps))
        self._progressed = progressed
        self._pump = Pump(queue, group, steps, self._reached)

    @property
    def shares(self) -> Counter[str]:
        """The samples that each worker has computed, by its name."""
        return self._pump.shares

    async def run(self, file: Writable) -> None:
        """Write it to a file. Raises what stands in its way: OSError, OrbitError, or what a worker has died of."""
        self._writer = PngWriter(file, self._scene.size, {CHUNK: self._scene.place.link})
        await self._pump.run()
        self._writer.finish()

    def _reached(self, done: float) -> None:
        self.pace.reached(done)
        self._progressed()

    def _steps(self) -> list[Step]:
        scene = self._scene
        before: list[Step] = []
        if isDeep(scene.place, scene.fine):
            before.append(orbit_step(scene.place, scene.fine, scene.limit, scene.samples, self._orbitCame))
        if scene.mayBeEqualised:
            step = Step(
                "colours", ranks_of, lambda: (self._scene, self._reference), _RANKS_SHARE * scene.samples,
                self._ranksCame, list(before),
            )  # fmt: skip
            before.append(step)
        pieces = [
            Step(
                f"rows {first} to {first + rows - 1}",
                packed_band,
                self._argumentsOf(first, rows),
                rows * scene.antialias * scene.fine[0],
                self._keeper(number),
                before,
            )
            for number, (first, rows) in enumerate(bands(scene))
        ]
        return [*before, *pieces]

    def _argumentsOf(self, first: int, rows: int) -> Callable[[], tuple[Any, ...]]:
        return lambda: (self._scene, first, rows, self._ranks, self._reference)

    def _orbitCame(self, reference: Reference) -> None:
        self._reference = reference
        limit = limit_beyond(reference, self._scene.place, self._scene.limit)
        self._scene = self._scene._replace(limit=limit)

    def _ranksCame(self, results: list[Any]) -> None:
        [self._ranks] = results

    def _keeper(self, number: int) -> Callable[[list[Any]], None]:
        """Takes a band, and writes it when all before it are written."""

        def keep(results: list[Any]) -> None:
            assert self._writer is not None
            [self._waiting[number]] = results
            while self._written in self._waiting:
                self._writer.write(self._waiting.pop(self._written))
                self._written += 1

        return keep
