# SPDX-License-Identifier: GPL-3.0-or-later
"""How late the end of a longer task is told."""

import statistics
import time
from collections.abc import Mapping

from twisted.internet.defer import DeferredList, gatherResults

from ...table import Row
from ..libraries.base import WORKERS, Blocking, Deferring
from ..measure import Measure
from ..outcome import Figures, Outcome, others, ours
from ..work import sleep

SECONDS = 1.0
TURNS = 3


class Late(Measure):
    """From the submission of a task that sleeps, to its result, less the time that it sleeps. A task a worker."""

    contestants = ("aqlib", "asynqueue", "executor", "pool", "pebble", "loky", "mpire")

    def blocking(self, library: type[Blocking], scale: float) -> Figures:
        """See Measure."""
        pool, late, seconds = library(), [], _seconds(scale)
        for wait in [pool.submit(sleep, 0) for _ in range(20)]:
            wait()
        for _ in range(TURNS):
            begin = time.perf_counter()
            for wait in [pool.submit(sleep, seconds) for _ in range(WORKERS)]:
                wait()
                late.append(time.perf_counter() - begin - seconds)
        pool.close()
        return _figures(late)

    async def deferring(self, library: type[Deferring], scale: float) -> Figures:
        """See Measure."""
        queue, late, seconds = library(), [], _seconds(scale)

        def told(_: None) -> None:
            late.append(time.perf_counter() - begin - seconds)

        await gatherResults([queue.call(sleep, 0) for _ in range(20)])
        for _ in range(TURNS):
            begin = time.perf_counter()
            await DeferredList([queue.call(sleep, seconds).addCallback(told) for _ in range(WORKERS)])
        await queue.close()
        return _figures(late)

    def rows(self, found: Mapping[str, Outcome]) -> list[Row]:
        """See Measure."""
        what = "lateness of a task that sleeps 1 s"
        return [
            *ours(what, "milliseconds", "ms", found, bar="<= 1.5"),
            *others(what, "milliseconds", "ms", found),
        ]


def _seconds(scale: float) -> float:
    return max(SECONDS * scale, 0.05)


def _figures(late: list[float]) -> Figures:
    return {"milliseconds": 1000 * statistics.median(late)}
