# SPDX-License-Identifier: GPL-3.0-or-later
"""Short calls in chunks: a function mapped over lists."""

import operator
import statistics
import time
from collections.abc import Mapping

from ...table import Row
from ..libraries.base import WORKERS, Blocking, Deferring
from ..measure import Measure
from ..outcome import Figures, Outcome, others, ours

CALLS = 20_000
# In each process; the first ones warm the library up.
TIMES = 20
WARM = 3


class Chunked(Measure):
    """How many calls of operator.add a second, mapped over two lists."""

    contestants = ("aqlib", "pool", "executor", "pebble", "loky", "mpire", "joblib")

    def blocking(self, library: type[Blocking], scale: float) -> Figures:
        """See Measure."""
        calls, pool, seconds = int(CALLS * scale), library(), []
        xs, ys = list(range(calls)), [1] * calls
        for _ in range(WARM + max(int(TIMES * scale), 1)):
            begin = time.perf_counter()
            results = pool.map(operator.add, xs, ys)
            seconds.append(time.perf_counter() - begin)
        pool.close()
        assert results == list(range(1, calls + 1))
        return {"rate": calls / statistics.median(seconds[WARM:])}

    async def deferring(self, library: type[Deferring], scale: float) -> Figures:
        """See Measure."""
        calls, queue, seconds = int(CALLS * scale), library(), []
        xs, ys = list(range(calls)), [1] * calls
        for _ in range(WARM + max(int(TIMES * scale), 1)):
            begin = time.perf_counter()
            results = await queue.map(operator.add, xs, ys)
            seconds.append(time.perf_counter() - begin)
        await queue.close()
        assert results == list(range(1, calls + 1))
        return {"rate": calls / statistics.median(seconds[WARM:])}

    def rows(self, found: Mapping[str, Outcome]) -> list[Row]:
        """See Measure."""
        what, note = "chunked map", f"operator.add, {WORKERS} workers, chunks of each library's own choice"
        return [
            *ours(what, "rate", "1/s", found, bar=">= 1", to="pool", note=note),
            *others(what, "rate", "1/s", found),
        ]
