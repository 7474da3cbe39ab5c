# SPDX-License-Identifier: Apache-2.0
"""AsyncWorker: runs calls in the reactor's own thread, one at a time. They should return soon, or give Deferreds."""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Hashable, Iterable
from typing import Any

from twisted.internet.defer import Deferred, ensureDeferred, maybeDeferred, succeed
from twisted.python.failure import Failure
from zope.interface import implementer

from . import context
from .asyncitems import closeItems, isAsyncIterator, nextItem
from .baseworker import BaseWorker
from .context import Context, Progress
from .interfaces import IWorker, Reporter, WorkerState
from .iterators import isIterator
from .source import Source
from .task import Call, Task

# So long may a stream make items before the reactor has its turn.
LONGEST_SLICE = 0.004
# Items of a stream that may wait to be taken.
WINDOW = 100


class _Attempt:
    """One run of a task, which may come here again when it has failed."""

    __slots__ = ("isAsked", "isOver", "task")

    def __init__(self, task: Task) -> None:
        self.task = task
        self.isAsked = False
        self.isOver = False


@implementer(IWorker)
class AsyncWorker(BaseWorker):
    """A worker in the reactor's thread. A Deferred or a coroutine as result is waited for, an iterator is streamed.

    A stream has the worker to itself until as many of its items wait as may. Then its time-out stands still, and the
    worker is free for other tasks until some of the items are taken.

    Args:
        series: The series that it serves besides 'async', 'local' and None.
        raw: Give iterators as they are, instead of as streams.
    """

    kind = "async"
    _running: Deferred[Any] | None = None
    _attempt: _Attempt | None = None
    _gone: Deferred[None] | None = None

    def __init__(self, series: Iterable[Hashable] | str | None = None, raw: bool = False) -> None:
        super().__init__(series, raw)
        # The open streams, and those of them that could go on and wait for the worker.
        self._streams: dict[_Attempt, _LocalStream] = {}
        self._resumable: deque[_LocalStream] = deque()

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
        self._attempt = _Attempt(task)
        self._show(self._attempt)
        self.clock.callLater(0, self._begin, self._attempt)

    def abort(self, task: Task) -> None:
        """Cancel the Deferred that it waits for, or close the iterator."""
        attempt = self._attemptOf(task)
        if attempt is None:
            return
        running = self._running if attempt is self._attempt else None
        stream = self._streams.get(attempt)
        self._end(attempt)
        try:
            if running is not None:
                running.addErrback(lambda _: None)
                running.cancel()
            if stream is not None:
                stream.close()
        except Exception:
            self.logFailure(Failure(), f"ending {task.call.describe(200)}")
        self._goOn()

    def ask(self, task: Task) -> None:
        """Have `aqlib.cancelled()` be True in the task."""
        attempt = self._attemptOf(task)
        if attempt is not None:
            attempt.isAsked = True

    def update(self, call: Call) -> Deferred[Any]:
        """Make the call now."""
        return maybeDeferred(call.f, *call.args, **call.kw)

    def stop(self) -> Deferred[None]:
        """Take no more; fires when the task and all open streams have ended."""
        if self.task is None and not self._streams:
            self.state = WorkerState.GONE
            return succeed(None)
        self._gone = self._gone or Deferred()
        return self._gone

    def crash(self) -> list[Task]:
        """Drop the task and all open streams."""
        unfinished = [attempt.task for attempt in self._attempts()]
        self._resumable.clear()
        for task in unfinished:
            self.abort(task)
        self.state = WorkerState.GONE
        return unfinished

    def _attempts(self) -> list[_Attempt]:
        """All that has begun and not ended, each once."""
        current = [self._attempt] if self._attempt is not None else []
        return list(dict.fromkeys([*current, *self._streams]))

    def _attemptOf(self, task: Task) -> _Attempt | None:
        return next((attempt for attempt in self._attempts() if attempt.task is task), None)

    def _begin(self, attempt: _Attempt) -> None:
        if attempt.isOver:
            return
        call = attempt.task.call
        with context.running(self.contextOf(attempt)):
            result = maybeDeferred(call.f, *call.args, **call.kw)
            result.addCallback(lambda value: ensureDeferred(value) if inspect.iscoroutine(value) else value)
        self._running = result
        result.addCallbacks(self._returned, self._raised, callbackArgs=(attempt,), errbackArgs=(attempt,))

    def contextOf(self, attempt: _Attempt) -> Context:
        """What a step of the task runs in."""
        return Context(lambda progress: self._progressed(attempt, progress), lambda: attempt.isAsked or attempt.isOver)

    def _progressed(self, attempt: _Attempt, progress: Progress) -> None:
        if not attempt.isOver:
            self.reporter.progressed(attempt.task, progress)

    def _returned(self, result: Any, attempt: _Attempt) -> None:
        if attempt.isOver:
            return
        task = attempt.task
        isAsync = isAsyncIterator(result)
        if (isAsync or isIterator(result)) and self.wantsStream(task):
            self._running = None
            stream = (_AsyncLocalStream if isAsync else _LocalStream)(self, attempt, result)
            self._streams[attempt] = stream
            stream.begin()
            return
        self._end(attempt)
        self.reporter.succeeded(task, result, None, None)
        self._goOn()  # before other calls, which might follow each other without end
        self.reporter.ready(self)

    def _raised(self, failure: Failure, attempt: _Attempt) -> None:
        self.attemptEnded(attempt, failure)

    def attemptEnded(self, attempt: _Attempt, failure: Failure | None) -> None:
        """A task has ended that gives no result of its own."""
        if attempt.isOver:
            return
        task = attempt.task
        self._end(attempt)
        if failure is None:
            self.reporter.succeeded(task, None, None, None)
        else:
            self.reporter.failed(task, failure)
        self._goOn()
        self.reporter.ready(self)

    # Streams share the worker with calls: each has it until nothing more of it is wanted for now.

    def streamPaused(self, attempt: _Attempt) -> None:
        """A stream has made as many items as may wait: the worker is free for other tasks."""
        self._attempt = None
        self._show(None)
        self.reporter.suspended(attempt.task)
        self.reporter.ready(self)
        self._goOn()

    def streamResumable(self, stream: _LocalStream) -> None:
        """Items of a paused stream were taken: it goes on as soon as the worker is free."""
        if stream not in self._resumable:
            self._resumable.append(stream)
            self._goOn()

    def _goOn(self) -> None:
        """Give the free worker to the stream that waits for it longest."""
        while self._resumable and self.state is WorkerState.IDLE:
            stream = self._resumable.popleft()
            if not stream.attempt.isOver:
                self._attempt = stream.attempt
                self._show(stream.attempt)
                stream.goOn()

    def _end(self, attempt: _Attempt) -> None:
        attempt.isOver = True
        self.tasksDone += 1
        self._streams.pop(attempt, None)
        if attempt is self._attempt:
            self._running = self._attempt = None
        self._show(self._attempt)
        if self._gone is not None and self._attempt is None and not self._streams:
            self.state = WorkerState.GONE
            gone, self._gone = self._gone, None
            gone.callback(None)

    def _show(self, attempt: _Attempt | None) -> None:
        """Let the worker's attributes say what runs and what is suspended."""
        self.suspended = [other.task for other in self._streams if other is not attempt]
        if attempt is not None:
            self.setBusy(attempt.task)
        elif self.state is not WorkerState.IDLE:
            self.setIdle()


class _LocalStream:
    """Makes the items of an iterator in slices of the reactor's time, as they are taken.

    Attributes: `attempt`, whose result it is.
    """

    def __init__(self, worker: AsyncWorker, attempt: _Attempt, iterator: Any) -> None:
        self.attempt = attempt
        self._worker = worker
        self._task = attempt.task
        self._iterator = iterator
        self._source = Source(self._taken, self._stopped)
        self._context = worker.contextOf(attempt)
        self._isPaused = False

    def begin(self) -> None:
        """Announce the stream, and make its first items."""
        self._worker.reporter.streaming(self._task, self._source)
        self._schedule()

    def goOn(self) -> None:
        """Make items again after a pause."""
        self._isPaused = False
        self._worker.reporter.resumed(self._task)
        self._schedule()

    def close(self) -> None:
        """Close the iterator: nobody wants more of it."""
        close = getattr(self._iterator, "close", None)
        if close is not None:
            with context.running(self._context):
                close()

    def _taken(self, count: int) -> None:
        if self._isPaused and len(self._source) <= WINDOW // 2:
            self._worker.streamResumable(self)

    def _stopped(self) -> None:
        self._worker.reporter.stopping(self._task)
        self.attempt.isAsked = True
        failure = None
        try:
            self.close()
        except Exception:
            failure = Failure()
        self._worker.attemptEnded(self.attempt, failure)

    def _schedule(self) -> None:
        self._worker.clock.callLater(0, self._slice)

    def _slice(self) -> None:
        clock, begin = self._worker.clock, self._worker.clock.seconds()
        while not self.attempt.isOver and len(self._source) < WINDOW:
            if not self._makeItem():
                return
            if clock.seconds() - begin > LONGEST_SLICE:
                self._schedule()
                return
        if not self.attempt.isOver:
            self._isPaused = True
            self._worker.streamPaused(self.attempt)

    def _makeItem(self) -> bool:
        """Make an item, or end. Whether that is done; if not, it goes on by itself."""
        try:
            with context.running(self._context):
                item = next(self._iterator)
        except StopIteration:
            self._worker.attemptEnded(self.attempt, None)
        except BaseException:
            # SystemExit and KeyboardInterrupt of a task are the task's errors, here as in a call.
            self._worker.attemptEnded(self.attempt, Failure())
        else:
            self._worker.reporter.streamed(self._task, 1)
            self._source.feed([item])
        return True


_END = object()


class _AsyncLocalStream(_LocalStream):
    """The same of an async generator, each item of which may be waited for."""

    _coming: Deferred[Any] | None = None

    def close(self) -> None:
        """Close the generator; what it awaits is cancelled first."""
        coming, self._coming = self._coming, None
        if coming is not None:
            coming.addErrback(lambda _: None)
            coming.cancel()
        closed = Deferred.fromCoroutine(closeItems(self._iterator))
        closed.addErrback(self._worker.logFailure, f"closing {self._task.call.describe(200)}")

    def _makeItem(self) -> bool:
        with context.running(self._context):
            coming = self._coming = Deferred.fromCoroutine(nextItem(self._iterator, _END))
        isHere = coming.called
        coming.addCallbacks(self._came, self._failed)
        if not isHere:
            coming.addCallback(lambda _: self._slice())
        return isHere

    def _came(self, item: Any) -> None:
        self._coming = None
        if self.attempt.isOver:
            return
        if item is _END:
            self._worker.attemptEnded(self.attempt, None)
        else:
            self._worker.reporter.streamed(self._task, 1)
            self._source.feed([item])

    def _failed(self, failure: Failure) -> None:
        self._coming = None
        self._worker.attemptEnded(self.attempt, failure)
