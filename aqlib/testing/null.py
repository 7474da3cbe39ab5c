# SPDX-License-Identifier: Apache-2.0
"""NullQueue: a queue that makes each call at once, in place, so that code which uses a queue is tested without one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import CoroutineType
from typing import Any

from twisted.internet.defer import Deferred, ensureDeferred, maybeDeferred
from twisted.python.failure import Failure
from zope.interface import implementer

from .. import context
from ..asyncitems import AsyncItems, isAsyncIterator
from ..baseworker import BaseWorker
from ..context import Context
from ..interfaces import IWorker, Reporter, Taking, WorkerState
from ..iteration import IteratorSource
from ..iterators import isIterator
from ..queue import TaskQueue
from ..task import Call, Options, Task
from .clock import SteppedClock


class NullQueue(TaskQueue):
    """A queue without workers of its own: when `call` returns, the call has been made, and its Deferred has fired.

    All else is as in any queue: options, observers, cancel, streams (their items are made as they are taken), updates,
    maps and the shutdown. Niceness and series have no effect, for nothing ever waits, unless the queue is paused. A
    Deferred or a coroutine as result is waited for; any number of them may be under way.

    Args:
        reactor: The reactor or clock, for time-outs. A SteppedClock when not given.
    """

    def __init__(self, *, reactor: Any = None, timeout: float | None = None, **legacy: Any) -> None:
        self._worker = _NullWorker()
        super().__init__(self._worker, reactor=reactor or SteppedClock(), timeout=timeout, **legacy)
        self.dispatcher.onRelease = self._worker.makeCalls

    def submitWith(
        self,
        options: Options,
        f: Callable[..., Any],
        args: tuple[Any, ...],
        kw: dict[str, Any],
        isAccepted: bool = False,
    ) -> Task:
        """Make a call."""
        if options.series not in self._worker.iQualified:
            self._worker.iQualified.append(options.series)
        task = super().submitWith(options, f, args, kw, isAccepted)
        self._worker.makeCalls()
        return task

    def resume(self) -> None:
        """Make the calls that wait, too."""
        super().resume()
        self._worker.makeCalls()


@implementer(IWorker)
class _NullWorker(BaseWorker):
    """Runs any number of tasks, as soon as it is told to. It is idle all the time."""

    kind = "null"

    def __init__(self) -> None:
        super().__init__()
        self._accepted: list[Task] = []
        self._running: dict[Task, Deferred[Any] | _NullStream] = {}
        self._asked: set[Task] = set()
        self._gone: Deferred[None] | None = None

    def setReporter(self, reporter: Reporter, clock: Any) -> None:
        super().setReporter(reporter, clock)
        self.makeUpdates()

    def takes(self, task: Task) -> Taking:
        return Taking.NO if self.state is WorkerState.GONE else Taking.NOW

    def run(self, task: Task) -> None:
        self._accepted.append(task)
        self.reporter.ready(self)

    def makeCalls(self) -> None:
        """Make the calls of the tasks that it was given. Each may give it more."""
        while self._accepted:
            task = self._accepted.pop(0)
            if task.isRunning:
                self._make(task)

    def abort(self, task: Task) -> None:
        running = self._running.pop(task, None)
        self._asked.discard(task)
        if isinstance(running, _NullStream):
            running.stop()
        elif running is not None:
            running.addErrback(lambda _: None)
            running.cancel()
        self._lookGone()

    def ask(self, task: Task) -> None:
        self._asked.add(task)

    def update(self, call: Call) -> Deferred[Any]:
        return maybeDeferred(call.f, *call.args, **call.kw)

    def stop(self) -> Deferred[None]:
        self._gone = Deferred()
        gone = self._gone
        self._lookGone()
        return gone

    def crash(self) -> list[Task]:
        unfinished = list(self._running)
        for task in unfinished:
            self.abort(task)
        self.state = WorkerState.GONE
        return unfinished

    def contextOf(self, task: Task) -> Context:
        """What a step of the task runs in."""
        return Context(
            lambda progress: self.reporter.progressed(task, progress),
            lambda: task.isFinished or task in self._asked,
        )

    def _make(self, task: Task) -> None:
        with context.running(self.contextOf(task)):
            result = maybeDeferred(task.call.f, *task.call.args, **task.call.kw)
            result.addCallback(lambda value: ensureDeferred(value) if isinstance(value, CoroutineType) else value)
        self._running[task] = result
        result.addCallbacks(self._returned, self.ended, (task,), {}, (task,), {})

    def _returned(self, result: Any, task: Task) -> None:
        if task not in self._running:
            return
        if isAsyncIterator(result):
            result = AsyncItems(result)
        if isIterator(result) and self.wantsStream(task):
            stream = _NullStream(self, task, result)
            self._running[task] = stream
            self.reporter.streaming(task, stream)
            stream.begin()
        else:
            self._over(task)
            self.reporter.succeeded(task, result, None, None)

    def ended(self, failure: Failure | None, task: Task) -> None:
        """A task has ended that gives no result of its own."""
        if task in self._running:
            self._over(task)
            if failure is not None:
                self.reporter.failed(task, failure)
            else:
                self.reporter.succeeded(task, None, None, None)

    def _over(self, task: Task) -> None:
        del self._running[task]
        self._asked.discard(task)
        self.tasksDone += 1
        self._lookGone()

    def _lookGone(self) -> None:
        gone = self._gone
        if gone is not None and not self._running:
            self._gone = None
            self.state = WorkerState.GONE
            gone.callback(None)


class _NullStream(IteratorSource):
    """The items of a task, each made when the one before it is taken."""

    def __init__(self, worker: _NullWorker, task: Task, iterator: Iterator[Any]) -> None:
        self._worker = worker
        self._task = task
        self._begun = False
        super().__init__(iterator)

    def begin(self) -> None:
        """Make the first items."""
        self._begun = True
        self._more(0)

    def feed(self, items: Any) -> None:
        self._worker.reporter.streamed(self._task, len(items))
        super().feed(items)

    def finish(self, failure: Failure | None, drained: Callable[[], None] | None = None) -> None:
        super().finish(failure, drained)
        self._worker.ended(failure, self._task)

    def _more(self, taken: int) -> None:
        if self._begun:
            with context.running(self._worker.contextOf(self._task)):
                super()._more(taken)

    def _close(self) -> None:
        failure = None
        try:
            super()._close()
        except Exception:
            failure = Failure()
        self._worker.ended(failure, self._task)
