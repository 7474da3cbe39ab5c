# SPDX-License-Identifier: Apache-2.0
"""AsyncWorker: runs calls in the reactor's own thread, one at a time. They should return soon, or give Deferreds."""

from __future__ import annotations

import inspect
from collections.abc import Hashable
from typing import Any

from twisted.internet.defer import Deferred, ensureDeferred, maybeDeferred, succeed
from twisted.python.failure import Failure
from zope.interface import implementer

from . import context
from .baseworker import BaseWorker
from .context import Context, Progress
from .interfaces import IWorker, Reporter, WorkerState
from .iterators import isIterator
from .source import Source
from .task import Call, Task

# So long may a stream make items before the reactor has its turn.
LONGEST_SLICE = 0.004
# So many items of a stream may wait to be taken.
WINDOW = 100


class _Attempt:
    """One run of a task, which may come here again when it has failed."""

    __slots__ = ("isAsked", "task")

    def __init__(self, task: Task) -> None:
        self.task = task
        self.isAsked = False


@implementer(IWorker)
class AsyncWorker(BaseWorker):
    """A worker in the reactor's thread. A Deferred or a coroutine as result is waited for, an iterator is streamed.

    A stream has the worker to itself until it ends; while nobody takes its items, its time-out stands still.

    Args:
        series: The series that it serves besides 'async', 'local' and None.
        raw: Give iterators as they are, instead of as streams.
    """

    kind = "async"
    _stream: _LocalStream | None = None
    _running: Deferred[Any] | None = None
    _attempt: _Attempt | None = None
    _gone: Deferred[None] | None = None

    @classmethod
    def classSeries(cls) -> list[Hashable]:
        """See BaseWorker."""
        return ["async", "local"]

    def setReporter(self, reporter: Reporter, clock: Any) -> None:
        """Take the queue's ear and clock, and make its updates."""
        super().setReporter(reporter, clock)
        self.makeUpdates()

    def run(self, task: Task) -> None:
        """Make the call in the reactor's next turn, so that it never runs inside `queue.call`."""
        self.setBusy(task)
        self._attempt = _Attempt(task)
        self.clock.callLater(0, self._begin, self._attempt)

    def abort(self, task: Task) -> None:
        """Cancel the Deferred that it waits for, or close the iterator."""
        if self.task is not task:
            return
        running, stream = self._running, self._stream
        self._running = self._stream = None
        self._free()
        try:
            if running is not None:
                running.addErrback(lambda _: None)
                running.cancel()
            if stream is not None:
                stream.close()
        except Exception:
            self.logFailure(Failure(), f"ending {task.call.describe(200)}")

    def ask(self, task: Task) -> None:
        """Have `aqlib.cancelled()` be True in the task."""
        if self._attempt is not None and self._attempt.task is task:
            self._attempt.isAsked = True

    def update(self, call: Call) -> Deferred[Any]:
        """Make the call now."""
        return maybeDeferred(call.f, *call.args, **call.kw)

    def stop(self) -> Deferred[None]:
        """Take no more; fires when the task has ended."""
        if self.task is None:
            self.state = WorkerState.GONE
            return succeed(None)
        self._gone = self._gone or Deferred()
        return self._gone

    def crash(self) -> list[Task]:
        """Drop the task."""
        unfinished = [self.task] if self.task is not None else []
        for task in unfinished:
            self.abort(task)
        self.state = WorkerState.GONE
        return unfinished

    def _begin(self, attempt: _Attempt) -> None:
        if self._attempt is not attempt:
            return
        call = attempt.task.call
        with context.running(self.contextOf(attempt)):
            result = maybeDeferred(call.f, *call.args, **call.kw)
            result.addCallback(lambda value: ensureDeferred(value) if inspect.iscoroutine(value) else value)
        self._running = result
        result.addCallbacks(self._returned, self._raised, callbackArgs=(attempt,), errbackArgs=(attempt,))

    def contextOf(self, attempt: _Attempt) -> Context:
        """What a step of the task runs in."""
        return Context(
            lambda progress: self._progressed(attempt, progress),
            lambda: attempt.isAsked or self._attempt is not attempt,
        )

    def _progressed(self, attempt: _Attempt, progress: Progress) -> None:
        if self._attempt is attempt:
            self.reporter.progressed(attempt.task, progress)

    def _returned(self, result: Any, attempt: _Attempt) -> None:
        if self._attempt is not attempt:
            return
        task = attempt.task
        if isIterator(result) and self.wantsStream(task):
            self._stream = _LocalStream(self, attempt, result)
            self._stream.begin()
            return
        self._free()
        self.reporter.succeeded(task, result, None, None)
        self.reporter.ready(self)

    def _raised(self, failure: Failure, attempt: _Attempt) -> None:
        self.streamEnded(attempt, failure)

    def streamEnded(self, attempt: _Attempt, failure: Failure | None) -> None:
        """A task has ended that gives no result of its own."""
        if self._attempt is not attempt:
            return
        task = attempt.task
        self._free()
        if failure is None:
            self.reporter.succeeded(task, None, None, None)
        else:
            self.reporter.failed(task, failure)
        self.reporter.ready(self)

    def _free(self) -> None:
        self._stream = self._running = self._attempt = None
        self.tasksDone += 1
        self.setIdle()
        if self._gone is not None:
            self.state = WorkerState.GONE
            gone, self._gone = self._gone, None
            gone.callback(None)


class _LocalStream:
    """Makes the items of an iterator in slices of the reactor's time, as they are taken."""

    def __init__(self, worker: AsyncWorker, attempt: _Attempt, iterator: Any) -> None:
        self._worker = worker
        self._attempt = attempt
        self._task = attempt.task
        self._iterator = iterator
        self._source = Source(self._taken, self._stopped)
        self._context = worker.contextOf(attempt)
        self._scheduled = False
        self._isOver = False

    def begin(self) -> None:
        """Announce the stream, and make its first items."""
        self._worker.reporter.streaming(self._task, self._source)
        self._schedule()

    def close(self) -> None:
        """Close the iterator: nobody wants more of it."""
        self._isOver = True
        close = getattr(self._iterator, "close", None)
        if close is not None:
            with context.running(self._context):
                close()

    def _taken(self, count: int) -> None:
        if len(self._source) <= WINDOW // 2:
            self._schedule()

    def _stopped(self) -> None:
        self._worker.reporter.stopping(self._task)
        try:
            self.close()
        except Exception:
            self._worker.streamEnded(self._attempt, Failure())
        else:
            self._worker.streamEnded(self._attempt, None)

    def _schedule(self) -> None:
        if not self._scheduled and not self._isOver:
            self._scheduled = True
            self._worker.clock.callLater(0, self._slice)

    def _slice(self) -> None:
        self._scheduled = False
        clock, begin = self._worker.clock, self._worker.clock.seconds()
        if not self._isOver:
            self._worker.reporter.resumed(self._task)
        while self._isWanted():
            self._makeItem()
            if clock.seconds() - begin > LONGEST_SLICE:
                self._schedule()
                return
        if not self._isOver:
            self._worker.reporter.suspended(self._task)

    def _isWanted(self) -> bool:
        return not self._isOver and len(self._source) < WINDOW

    def _makeItem(self) -> None:
        try:
            with context.running(self._context):
                item = next(self._iterator)
        except StopIteration:
            self._end(None)
        except BaseException:
            # SystemExit and KeyboardInterrupt of a task are the task's errors, here as in a call.
            self._end(Failure())
        else:
            self._worker.reporter.streamed(self._task, 1)
            self._source.feed([item])

    def _end(self, failure: Failure | None) -> None:
        self._isOver = True
        self._worker.streamEnded(self._attempt, failure)
