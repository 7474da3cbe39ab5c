# SPDX-License-Identifier: GPL-3.0-or-later
"""Wake-ups: of a queue that has nothing to do, and of one that waits for a task that sleeps."""

import time
from collections.abc import Mapping
from pathlib import Path

from twisted.internet.task import deferLater

from ...table import Row
from ..libraries.base import Blocking, Deferring
from ..measure import Measure
from ..outcome import Figures, Outcome, others, ours
from ..work import echo, sleep

SECONDS = 10.0
# The last result may have left some work behind it.
REST = 0.5


class Idle(Measure):
    """How often the process that has the queue was woken: the voluntary context switches of all its threads.

    One of them ends the measurement. Nobody is busy, so that all may be measured at the same time.
    """

    contestants = ("aqlib", "executor", "pool", "asynqueue", "pebble", "loky", "mpire")
    atOnce = True
    notesStalls = False

    def blocking(self, library: type[Blocking], scale: float) -> Figures:
        """See Measure."""
        pool, seconds = library(), SECONDS * max(scale, 0.05)
        for i in range(10):
            pool.submit(echo, i)()
        time.sleep(REST)
        before = _switches()
        time.sleep(seconds)
        idle = _switches() - before
        wait = pool.submit(sleep, seconds + 2 * REST)
        time.sleep(REST)
        before = _switches()
        time.sleep(seconds)
        sleeping = _switches() - before
        wait()
        pool.close()
        return {"idle": idle, "sleeping": sleeping}

    async def deferring(self, library: type[Deferring], scale: float) -> Figures:
        """See Measure."""
        from twisted.internet import reactor

        queue, seconds = library(), SECONDS * max(scale, 0.05)
        for i in range(10):
            await queue.call(echo, i)
        await deferLater(reactor, REST)
        before = _switches()
        await deferLater(reactor, seconds)
        idle = _switches() - before
        ended = queue.call(sleep, seconds + 2 * REST)
        await deferLater(reactor, REST)
        before = _switches()
        await deferLater(reactor, seconds)
        sleeping = _switches() - before
        await ended
        await queue.close()
        return {"idle": idle, "sleeping": sleeping}

    def rows(self, found: Mapping[str, Outcome]) -> list[Row]:
        """See Measure."""
        note = "context switches of the process; the last one is the measurement's own"
        rows = []
        for what, figure in (("wake-ups in 10 s, idle", "idle"), ("wake-ups in 10 s, a task sleeps", "sleeping")):
            rows += ours(what, figure, "", found, bar="<= 1", note=note)
            rows += others(what, figure, "", found)
        return rows


def _switches() -> int:
    """How often any thread of this process has gone to sleep so far. Linux tells."""
    total = 0
    for status in Path("/proc/self/task").glob("*/status"):
        for line in status.read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                total += int(line.split()[1])
    return total
