# SPDX-License-Identifier: GPL-3.0-or-later
"""The crash matrix: a worker process comes to grief in every way and at every step of a call.

Whatever it is, exactly one task is told, or the one who waits for the update; all others give their results, nobody
waits for ever, and the queue makes the next call.
"""

import operator
import os
import signal
from collections.abc import Callable
from typing import Any

import pytest
from twisted.internet.defer import Deferred, gatherResults

from aqlib import EncodingError, ListConsumer, ProcessQueue, TaskError, TaskState, WorkerLost
from aqlib.testing import Watcher

from .. import faultjobs
from .helpers import outcome

WAYS = ("SIGKILL", "SIGSEGV", "os._exit(0)", "os._exit(1)", "sys.exit", "MemoryError", "unpicklable")

# What is told: LOST is WorkerLost with the signal or the exit code, and another process goes on; with all others the
# process lives. At a start nobody is told: the next process is started.
LOST, ERROR, MEMORY, ENCODING, NOBODY = WorkerLost, TaskError, MemoryError, EncodingError, None

MATRIX: dict[str, tuple[Any, ...]] = {
    # while the process ...     SIGKILL SIGSEGV _exit(0) _exit(1) sys.exit MemoryError unpicklable
    "unpickles the call":       (LOST,   LOST,   LOST,    LOST,    ERROR,   MEMORY,     ERROR),
    "runs the call":            (LOST,   LOST,   LOST,    LOST,    ERROR,   MEMORY,     ERROR),
    "yields its third item":    (LOST,   LOST,   LOST,    LOST,    ERROR,   MEMORY,     ENCODING),
    "pickles its result":       (LOST,   LOST,   LOST,    LOST,    ERROR,   ENCODING,   ENCODING),
    "makes an update":          (LOST,   LOST,   LOST,    LOST,    ERROR,   MEMORY,     ENCODING),
    "starts":                   (NOBODY, NOBODY, NOBODY,  NOBODY,  NOBODY,  NOBODY,     NOBODY),
    "has twenty calls to come": (LOST,   LOST,   LOST,    LOST,    ERROR,   MEMORY,     ERROR),
}  # fmt: skip

HOW = {
    "SIGKILL": (signal.SIGKILL, None),
    "SIGSEGV": (signal.SIGSEGV, None),
    "os._exit(0)": (None, 0),
    "os._exit(1)": (None, 1),
}


class Trouble:
    """Each method brings a queue of one process into one kind of trouble, and gives what should be told of it."""

    def __init__(self, queue: ProcessQueue, watcher: Watcher, way: str, path: str) -> None:
        self.queue = queue
        self.watcher = watcher
        self.way = way
        self.path = path
        self.items = ListConsumer()
        self.others: list[Deferred[Any]] = []

    async def unpickles(self) -> "Deferred[Any]":
        return self.queue.call(len, [faultjobs.PerishesWhenUnpickled(self.way)])

    async def runs(self) -> "Deferred[Any]":
        return self.queue.call(faultjobs.perish, self.way)

    async def yields(self) -> "Deferred[Any]":
        return self.queue.call(faultjobs.perishAfter, 2, self.way, consumer=self.items)

    async def pickles(self) -> "Deferred[Any]":
        return self.queue.call(faultjobs.givePerishing, self.way)

    async def updates(self) -> "Deferred[Any]":
        return self.queue.update(faultjobs.perishInAnswer, self.way, ephemeral=True)

    async def starts(self) -> None:
        await self.queue.update(faultjobs.perishOnce, self.path, 2, self.way)
        self.queue.killWorker(1)
        await self.watcher.untilHappened("workerLost", 2)

    async def hasAhead(self) -> "Deferred[Any]":
        """As it runs the call, with twenty short ones behind it."""
        await measuredAsShort(self.queue, faultjobs.perishWhen, -1, 0, self.way)
        doomed, *ahead = (self.queue.submit(faultjobs.perishWhen, i, 0, self.way) for i in range(21))
        assert [task for task in ahead if task.sentTo is None] == []
        self.others = [task.deferred for task in ahead]
        return doomed.deferred


BRING = {
    "unpickles the call": Trouble.unpickles,
    "runs the call": Trouble.runs,
    "yields its third item": Trouble.yields,
    "pickles its result": Trouble.pickles,
    "makes an update": Trouble.updates,
    "starts": Trouble.starts,
    "has twenty calls to come": Trouble.hasAhead,
}


async def measuredAsShort(queue: ProcessQueue, f: Callable[..., Any], *args: Any) -> None:
    """Make calls until twenty of the function may be sent ahead."""
    while True:
        await gatherResults([queue.call(f, *args) for _ in range(40)])
        if all(seconds < 40e-6 for _, seconds in queue.stats()[-40:]):
            return


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("place", MATRIX)
async def test_a_process_comes_to_grief_while_it(place, way, makeQueue, tmp_path):
    queue, watcher = makeQueue(1, callStats=True), Watcher()
    queue.addObserver(watcher)
    pid = await queue.call(os.getpid)
    expected = MATRIX[place][WAYS.index(way)]
    trouble = Trouble(queue, watcher, way, str(tmp_path / "turns"))

    told = await BRING[place](trouble)

    if told is not None:
        error = await outcome(told)
        assert type(error) is expected, error
        if expected is LOST:
            assert (error.signal, error.exitCode) == HOW[way]
            assert error.begun is not None
            assert error.putBack == len(trouble.others)
            assert (f"; {error.putBack} calls that had not begun wait again" in str(error)) is bool(trouble.others)
    assert await gatherResults(trouble.others) == [*range(1, 21)][: len(trouble.others)]
    if place == "yields its third item":
        assert await trouble.items() == [0, 1]
    assert await queue.call(operator.add, 1, 1) == 2
    assert (await queue.call(os.getpid) == pid) is (expected not in (LOST, NOBODY))
    finished = [task for (task,) in watcher.happened("taskFinished")]
    assert len(finished) == len({task.id for task in finished})
    failed = [task for task in finished if task.state is not TaskState.DONE]
    assert len(failed) == (0 if place in ("makes an update", "starts") else 1)
