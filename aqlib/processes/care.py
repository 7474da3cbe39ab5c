# SPDX-License-Identifier: Apache-2.0
"""The Care for a worker's process: a new one in time, and an end to a task that takes more memory than it may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from twisted.internet.interfaces import IDelayedCall

from ..checks import checkCount
from .child import Child
from .cores import Cores
from .death import Ending
from .procfs import sample

if TYPE_CHECKING:
    from .inflight import Sent
    from .stream import RemoteStream
    from .worker import ProcessWorker

# While a task with a limit runs, its memory is looked at so often, in seconds.
LOOK = 0.1
# Between short tasks that follow each other it is looked at no more often than that.
REST = 0.1


@dataclass(frozen=True, slots=True)
class Limits:
    """What the processes of a queue may do.

    maxTasks: How many tasks one process runs; then another takes its place.
    maxMemory: How many bytes of its own it may have in RAM between two tasks, lest another takes its place.
    memoryLimit: How many it may have at any time; a task that takes more is ended, and its process.
    """

    maxTasks: int | None = None
    maxMemory: int | None = None
    memoryLimit: int | None = None

    def __post_init__(self) -> None:
        for name, value, unit in (
            ("maxTasksPerWorker", self.maxTasks, ""),
            ("maxWorkerMemory", self.maxMemory, "bytes"),
            ("memoryLimit", self.memoryLimit, "bytes"),
        ):
            if value is not None:
                checkCount(name, value, unit=unit)


class Care:
    """Looks after the process of one worker.

    It looks when a task ends, and at intervals while a task runs that has a limit: an idle queue costs nothing.

    Attributes: `counts`, whether a process runs a limited number of tasks.
    """

    def __init__(self, worker: ProcessWorker, limits: Limits, cores: Cores | None) -> None:
        self.counts = limits.maxTasks is not None
        self._worker = worker
        self._limits = limits
        self._cores = cores
        self._core: int | None = None
        self._tasksBefore = 0
        self._lookedAt = 0.0
        self._watch: IDelayedCall | None = None

    def begins(self, runs: Sent | RemoteStream | None) -> None:
        """Another call or stream runs from now on, or nothing."""
        self._stopWatch()
        succession = self._worker.succession
        if succession.wish is Ending.UNASKED and self._isDue(isResting=runs is None):
            succession.wish = Ending.RESTARTED
        limit = self._limitOf(runs)
        if limit is not None:
            self._watch = self._worker.clock.callLater(LOOK, self._look, runs, limit)

    def hasRoom(self, tasks: int) -> bool:
        """Whether the process may be given one more task, besides so many that it has."""
        most = self._limits.maxTasks
        return most is None or self._worker.tasksDone - self._tasksBefore + tasks < most

    def processStarts(self, child: Child) -> None:
        """There is a new process."""
        self._tasksBefore = self._worker.tasksDone
        if self._cores is not None:
            self._core = self._cores.take()
            self._cores.pin(child.pid, self._core)

    def processIsUp(self, child: Child) -> None:
        """It is ready; the system may have let it start later."""
        if self._cores is not None:
            self._cores.pin(child.pid, self._core)

    def processEnded(self) -> None:
        """The process has ended."""
        self._stopWatch()
        if self._cores is not None:
            self._cores.release(self._core)

    def _isDue(self, isResting: bool) -> bool:
        """Whether another process is to take the place of this one."""
        limits, worker = self._limits, self._worker
        if limits.maxTasks is not None and worker.tasksDone - self._tasksBefore >= limits.maxTasks:
            return True
        if limits.maxMemory is None or (not isResting and worker.clock.seconds() - self._lookedAt < REST):
            return False
        self._lookedAt = worker.clock.seconds()
        found = sample(worker.pid)
        return found is not None and found.own > limits.maxMemory

    def _limitOf(self, runs: Sent | RemoteStream | None) -> int | None:
        """How much memory what runs may have."""
        if runs is None or runs.task is None:
            return None
        return runs.task.options.memoryLimit or self._limits.memoryLimit

    def _look(self, runs: Sent | RemoteStream, limit: int) -> None:
        self._watch = None
        found = sample(self._worker.pid)
        if found is not None and found.own > limit:
            reason = f"It had {found.own / 1e6:,.0f} MB of memory; the limit is {limit / 1e6:,.0f} MB."
            self._worker.succession.kill(Ending.OVER_MEMORY, reason)
        else:
            self._watch = self._worker.clock.callLater(LOOK, self._look, runs, limit)

    def _stopWatch(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
