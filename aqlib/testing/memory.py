# SPDX-License-Identifier: Apache-2.0
"""MemoryWorker: a worker in memory that a test steps by hand, so that no test needs a thread or a sleep."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from twisted.internet.defer import Deferred, maybeDeferred, succeed
from twisted.python.failure import Failure
from zope.interface import implementer

from ..context import Progress
from ..interfaces import IWorker, Reporter, Taking, WorkerState
from ..source import Source
from ..task import Call, Task


class _MemorySource(Source):
    """The items of a task, as the test feeds them."""

    def __init__(self, reporter: Reporter, task: Task, taken: Callable[[int], None]) -> None:
        super().__init__(taken, lambda: reporter.stopping(task))
        self._reporter = reporter
        self._task = task

    def feed(self, items: Iterable[Any]) -> None:
        """Items have come: tell how many."""
        items = list(items)
        self._reporter.streamed(self._task, len(items))
        super().feed(items)


@implementer(IWorker)
class MemoryWorker:
    """A worker that does nothing until the test says so: `step()` makes the call of its task.

    Args:
        series: What it serves besides None.
        ahead: How many calls it lets be sent ahead.

    Attributes: `sent`, the tasks that were sent ahead; `aborted` and `asked`, those that it was told to end, or to ask;
    `paused`, the one that stands still, or None; `updates`, the calls of updates; `credit`, how many items of its
    streams have been taken.
    """

    def __init__(self, series: Iterable[Hashable] = (), ahead: int = 0) -> None:
        self.ID = 0
        self.cQualified: list[Hashable] = [None]
        self.iQualified: list[Hashable] = list(series)
        self.pid: int | None = None
        self.task: Task | None = None
        self.suspended: list[Task] = []
        self.sent: list[Task] = []
        self.aborted: list[Task] = []
        self.asked: list[Task] = []
        self.paused: Task | None = None
        self.updates: list[Call] = []
        self.tasksDone = 0
        self.stopped = False
        self.credit = 0
        self._ahead = ahead
        self._reporter: Reporter | None = None
        self._clock: Any = None
        self._busy = 0.0
        self._gone: Deferred[None] | None = None

    @property
    def name(self) -> str:
        """What people read."""
        return f"memory {self.ID}"

    @property
    def state(self) -> WorkerState:
        """Idle or busy, until it was stopped."""
        if self.stopped:
            return WorkerState.GONE
        return WorkerState.IDLE if self.task is None else WorkerState.BUSY

    @property
    def reporter(self) -> Reporter:
        """The queue's side."""
        assert self._reporter is not None, "The worker is not attached to a queue."
        return self._reporter

    def busySeconds(self) -> float:
        """For how long it has run tasks, on the queue's clock."""
        running = self.task.startedAt if self.task is not None else None
        return self._busy + (self._clock.seconds() - running if running is not None else 0.0)

    def setReporter(self, reporter: Reporter, clock: Any) -> None:
        """Take the queue's ear and clock, and make its updates."""
        self._reporter = reporter
        self._clock = clock
        for call in reporter.updates():
            self.update(call)

    def setResignator(self, resign: Callable[[], None]) -> None:
        """Take the function that says that it can take no more."""
        self.resign = resign

    def takes(self, task: Task) -> Taking:
        """Now when it is idle, ahead while there is room."""
        if self.stopped or self.paused is not None:
            return Taking.NO
        if self.task is None:
            return Taking.NOW
        return Taking.AHEAD if len(self.sent) < self._ahead else Taking.NO

    def run(self, task: Task) -> None:
        """Have a task, or one more that was sent ahead."""
        if self.task is None:
            self.task = task
        else:
            self.sent.append(task)

    def takeBack(self) -> None:
        """Give back what was sent ahead."""
        sent, self.sent = self.sent, []
        self.reporter.takenBack(sent)

    def abort(self, task: Task) -> None:
        """Drop the task, and be free at once."""
        self.aborted.append(task)
        self._release(task)

    def ask(self, task: Task) -> None:
        """Note it in `asked`."""
        self.asked.append(task)

    def pause(self, task: Task) -> bool:
        """Note it in `paused`, and give back what was sent ahead."""
        self.takeBack()
        if self.task is not task:
            return False
        self.paused = task
        return True

    def resume(self, task: Task) -> None:
        """Take tasks again."""
        self.paused = None

    def update(self, call: Call) -> Deferred[Any]:
        """Make the call now."""
        self.updates.append(call)
        return maybeDeferred(call.f, *call.args, **call.kw)

    def stop(self) -> Deferred[None]:
        """End when the task has ended."""
        self.stopped = True
        if self.task is None:
            return succeed(None)
        self._gone = Deferred()
        return self._gone

    def crash(self) -> list[Task]:
        """End at once."""
        self.stopped = True
        unfinished = [self.task] if self.task is not None else []
        self.task = self.paused = None
        self._lookGone()
        return unfinished

    # For the test.

    def step(self) -> None:
        """Make the call of the task, and report how it ended."""
        task = self.taskNow
        try:
            result = task.call.f(*task.call.args, **task.call.kw)
        except Exception:
            self.fail(Failure())
        else:
            self.succeed(result)

    @property
    def taskNow(self) -> Task:
        """The task that it runs."""
        assert self.task is not None, "The worker has no task."
        assert self.paused is None, "The task of the worker is paused."
        return self.task

    def succeed(self, result: Any = None, cpuTime: float | None = None) -> None:
        """End the task with a result, as if it had taken that CPU time in seconds."""
        task = self.taskNow
        self._release(task)
        self.reporter.succeeded(task, result, None, cpuTime)
        self.reporter.ready(self)

    def fail(self, error: Exception | Failure) -> None:
        """End the task with an error."""
        failure = error if isinstance(error, Failure) else Failure(error)
        task = self.taskNow
        self._release(task)
        self.reporter.failed(task, failure)
        self.reporter.ready(self)

    def progress(self, done: float, total: float | None = None, text: str = "") -> None:
        """Have the task tell how far it is."""
        self.reporter.progressed(self.taskNow, Progress(done, total, text))

    def stream(self) -> Source:
        """Have the task's result be a stream; feed the Source, then `succeed`."""
        task = self.taskNow

        def taken(count: int) -> None:
            self.credit += count

        source = _MemorySource(self.reporter, task, taken)
        self.reporter.streaming(task, source)
        return source

    def _release(self, task: Task) -> None:
        if task.startedAt is not None:
            self._busy += self._clock.seconds() - task.startedAt
        self.tasksDone += 1
        self.task = self.paused = None
        if self.sent:
            self.task = self.sent.pop(0)
            self.reporter.began(self.task)
        self._lookGone()

    def _lookGone(self) -> None:
        if self._gone is not None and self.task is None:
            gone, self._gone = self._gone, None
            gone.callback(None)
