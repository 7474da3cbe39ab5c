# SPDX-License-Identifier: GPL-3.0-or-later
"""The round trip of one call at a time."""

import operator
import time
from collections.abc import Mapping
from statistics import median

from ...table import Row
from ..bare import echoing
from ..libraries.base import Blocking, Deferring
from ..measure import Measure
from ..outcome import Figures, Outcome, others, ours

TRIPS = 5_000
WARM = 200
BARE = "bare socketpair"


class Trip(Measure):
    """How long a call takes there and back while nothing else runs."""

    contestants = ("aqlib", "asynqueue", "executor", "pool", "pebble", "loky", "mpire", "ampoule")

    def __init__(self) -> None:
        self.bare = {BARE: _bare}

    def blocking(self, library: type[Blocking], scale: float) -> Figures:
        """See Measure."""
        pool, seconds = library(), []
        for i in range(WARM + int(TRIPS * scale)):
            begin = time.perf_counter()
            pool.submit(operator.add, i, 1)()
            seconds.append(time.perf_counter() - begin)
        pool.close()
        return _spread(seconds)

    async def deferring(self, library: type[Deferring], scale: float) -> Figures:
        """See Measure."""
        queue, seconds = library(), []
        for i in range(WARM + int(TRIPS * scale)):
            begin = time.perf_counter()
            await queue.call(operator.add, i, 1)
            seconds.append(time.perf_counter() - begin)
        await queue.close()
        return _spread(seconds)

    def rows(self, found: Mapping[str, Outcome]) -> list[Row]:
        """See Measure."""
        half, most = "round trip, median", "round trip, 99th percentile"
        return [
            *ours(half, "median", "us", found, bar="<= 1.4", to=BARE),
            *others(half, "median", "us", found),
            *ours(most, "p99", "us", found, bar="<= 300"),
            *others(most, "p99", "us", found),
        ]


def _bare(scale: float) -> Figures:
    from ..loop import run

    return _spread(run(lambda: echoing.trips(WARM + int(TRIPS * scale))))


def _spread(seconds: list[float]) -> Figures:
    ordered = sorted(seconds[WARM:])
    return {"median": 1e6 * median(ordered), "p99": 1e6 * ordered[int(0.99 * len(ordered))]}
