# SPDX-License-Identifier: Apache-2.0
"""What all workers have in common: who they are, whom they report to, and how long they have been busy."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from .interfaces import Reporter, Taking, WorkerState
from .task import Call, Task

_log = Logger(namespace="aqlib.workers")


class BaseWorker(ABC):
    """Bookkeeping for a worker that runs one task at a time.

    Args:
        series: The series that this worker serves besides those of its class. A single string is one series.
        raw: Give iterators as they are, instead of as streams.
    """

    kind = "worker"

    def __init__(self, series: Iterable[Hashable] | str | None = None, raw: bool = False) -> None:
        self.ID = 0
        self.cQualified: list[Hashable] = [None, *self.classSeries()]
        self.iQualified: list[Hashable] = [series] if isinstance(series, str) else list(series or ())
        self.pid: int | None = None
        self.state = WorkerState.IDLE
        self.task: Task | None = None
        self.suspended: list[Task] = []
        self.tasksDone = 0
        self._raw = raw
        self._reporter: Reporter | None = None
        self._clock: Any = None
        self._resign: Callable[[], None] | None = None
        self._busySince: float | None = None
        self._busyBefore = 0.0

    @classmethod
    def classSeries(cls) -> list[Hashable]:
        """The series that every worker of this class serves, besides None."""
        return []

    @property
    def name(self) -> str:
        """What people read."""
        return f"{self.kind} {self.ID}"

    @property
    def reporter(self) -> Reporter:
        """The queue's side. It is there once the worker is attached."""
        assert self._reporter is not None, "The worker is not attached to a queue."
        return self._reporter

    @property
    def clock(self) -> Any:
        """The queue's reactor."""
        return self._clock

    def setReporter(self, reporter: Reporter, clock: Any) -> None:
        """Take the queue's ear and clock."""
        self._reporter = reporter
        self._clock = clock

    @abstractmethod
    def update(self, call: Call) -> Deferred[Any]:
        """See IWorker."""

    def makeUpdates(self) -> None:
        """Make the updates of before this worker came: for one that has no process which could start anew."""
        for call in self.reporter.updates():
            self.update(call).addErrback(self.logFailure, f"the update {call.describe(200)}")

    def logFailure(self, failure: Failure, what: str) -> None:
        """Log an error that is nobody's result."""
        _log.failure("An error on {worker} in {what}.", failure=failure, worker=self.name, what=what)

    def setResignator(self, resign: Callable[[], None]) -> None:
        """Take the function to call when this worker can accept no more tasks ever."""
        self._resign = resign

    def resign(self) -> None:
        """Tell the queue that this worker can accept no more tasks ever."""
        resign, self._resign = self._resign, None
        if resign is not None:
            resign()

    def busySeconds(self) -> float:
        """For how long it has run tasks, up to now."""
        running = self._clock.seconds() - self._busySince if self._busySince is not None else 0.0
        return self._busyBefore + float(running)

    def takes(self, task: Task) -> Taking:
        """Now when it is idle."""
        return Taking.NOW if self.state is WorkerState.IDLE else Taking.NO

    def takeBack(self) -> None:  # noqa: B027  # that is what most workers do
        """Nothing is ever sent ahead to it."""

    def wantsStream(self, task: Task) -> bool:
        """Whether an iterator as result is to be streamed."""
        return not (self._raw or task.options.raw)

    def setBusy(self, task: Task | None) -> None:
        """A task runs (None: an update, or something that nobody waits for any more)."""
        self.task = task
        self.state = WorkerState.BUSY
        if self._busySince is None:
            self._busySince = self._clock.seconds()

    def setIdle(self) -> None:
        """No task runs."""
        self.task = None
        if self.state in (WorkerState.BUSY, WorkerState.STOPPING, WorkerState.STARTING):
            self.state = WorkerState.IDLE
        if self._busySince is not None:
            self._busyBefore += self._clock.seconds() - self._busySince
            self._busySince = None
