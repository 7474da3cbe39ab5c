# SPDX-License-Identifier: GPL-3.0-or-later
"""The first result of a fresh queue, whose process has made its imports."""

import operator
import time
from collections.abc import Mapping

from ...table import Row
from ..libraries.base import Blocking, Deferring
from ..measure import Measure
from ..outcome import Figures, Outcome, others, ours


class First(Measure):
    """How long it takes from the making of a queue to its first result."""

    contestants = ("aqlib", "executor", "forkserver", "pool", "pebble", "loky", "mpire", "asynqueue", "ampoule")

    def blocking(self, library: type[Blocking], scale: float) -> Figures:
        """See Measure."""
        begin = time.perf_counter()
        pool = library()
        assert pool.submit(operator.add, 1, 1)() == 2
        seconds = time.perf_counter() - begin
        pool.close()
        return {"milliseconds": 1000 * seconds}

    async def deferring(self, library: type[Deferring], scale: float) -> Figures:
        """See Measure."""
        begin = time.perf_counter()
        queue = library()
        assert await queue.call(operator.add, 1, 1) == 2
        seconds = time.perf_counter() - begin
        await queue.close()
        return {"milliseconds": 1000 * seconds}

    def rows(self, found: Mapping[str, Outcome]) -> list[Row]:
        """See Measure."""
        what = "first result of a fresh queue"
        return [
            *ours(what, "milliseconds", "ms", found, bar="<= 60", note="imports made, two workers"),
            *others(what, "milliseconds", "ms", found),
        ]
