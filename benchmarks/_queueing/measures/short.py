# SPDX-License-Identifier: GPL-3.0-or-later
"""Short calls, submitted one by one."""

import operator
import time
from collections.abc import Mapping
from typing import Any

from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.task import deferLater

from ...table import Row
from ..libraries.base import WORKERS, Blocking, Deferring
from ..measure import Measure
from ..outcome import Figures, Outcome, others, ours

CALLS = 20_000
WARM = 200
# So many are submitted before a window has its turn again.
SLICE = 200


class Short(Measure):
    """How many calls of operator.add a second."""

    contestants = ("aqlib", "pool", "executor", "asynqueue", "pebble", "loky", "mpire", "ampoule")

    def blocking(self, library: type[Blocking], scale: float) -> Figures:
        """See Measure."""
        calls, pool = int(CALLS * scale), library()
        for wait in [pool.submit(operator.add, i, 1) for i in range(WARM)]:
            wait()
        begin = time.perf_counter()
        results = [wait() for wait in [pool.submit(operator.add, i, 1) for i in range(calls)]]
        seconds = time.perf_counter() - begin
        pool.close()
        assert results == list(range(1, calls + 1))
        return {"rate": calls / seconds}

    async def deferring(self, library: type[Deferring], scale: float) -> Figures:
        """See Measure."""
        from twisted.internet import reactor

        looping: Any = reactor
        calls, queue = int(CALLS * scale), library()
        await gatherResults([queue.call(operator.add, i, 1) for i in range(WARM)])
        results: list[int] = []
        done: Deferred[None] = Deferred()

        def got(result: Any) -> None:
            results.append(result)
            if len(results) == calls:
                done.callback(None)

        begin = time.perf_counter()
        for i in range(calls):
            queue.call(operator.add, i, 1).addCallbacks(got, done.errback)
            if self.inWindow and i % SLICE == 0:
                await deferLater(looping, 0)
        await done
        seconds = time.perf_counter() - begin
        await queue.close()
        assert sorted(results) == list(range(1, calls + 1))
        return {"rate": calls / seconds}

    def rows(self, found: Mapping[str, Outcome]) -> list[Row]:
        """See Measure."""
        what, note = "short calls, one by one", f"operator.add, {WORKERS} workers"
        return [
            *ours(what, "rate", "1/s", found, bar=">= 2", to="pool", note=note),
            *others(what, "rate", "1/s", found),
        ]
