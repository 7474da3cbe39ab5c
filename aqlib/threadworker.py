# SPDX-License-Identifier: Apache-2.0
"""ThreadWorker: runs calls in a thread of its own, one at a time; ThreadQueue: a queue of such."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterable
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, ParamSpec, TypeVar

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from zope.interface import implementer

from . import context
from .baseworker import BaseWorker
from .context import Context, Progress
from .interfaces import IWorker, Reporter, WorkerState
from .iterators import isIterator
from .queue import TaskQueue
from .source import Source
from .task import Call, Task

P = ParamSpec("P")
R = TypeVar("R")

# So many items of a stream may wait to be taken.
WINDOW = 100
# So long has a cancelled task to end by itself before its thread is abandoned, in seconds.
GRACE = 1.0
# So many threads may run on for nobody, in the whole process, before a worker waits for its own.
MOST_ABANDONED = 16


class _Thread:
    """A thread that takes jobs one by one."""

    abandoned = 0
    _counting = threading.Lock()

    def __init__(self, name: str) -> None:
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._isAbandoned = False
        # A daemon: a queue that nobody shuts down must not keep the interpreter from ending.
        threading.Thread(target=self._loop, name=name, daemon=True).start()

    def put(self, job: Callable[[], None] | None) -> None:
        """Have a job done; None ends the thread when all before it is done."""
        self._jobs.put(job)

    def abandon(self) -> list[Callable[[], None]]:
        """Leave the thread to itself; it ends after the job that it is at. Returns those that it has not come to."""
        left: list[Callable[[], None]] = []
        with _Thread._counting:
            _Thread.abandoned += 1
        self._isAbandoned = True
        with contextlib.suppress(Empty):
            while (job := self._jobs.get_nowait()) is not None:
                left.append(job)
        self._jobs.put(None)
        return left

    def _loop(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
        if self._isAbandoned:
            with _Thread._counting:
                _Thread.abandoned -= 1


@implementer(IWorker)
class ThreadWorker(BaseWorker):
    """A worker with a thread of its own. An iterator as result is streamed.

    A stream has the worker to itself until it ends; while nobody takes its items, its time-out stands still.

    A thread cannot be ended from outside. A task that is cancelled should look at `aqlib.cancelled()`; one that does
    not end within a grace time is abandoned with its thread, and the worker goes on with a new one.

    Args:
        series: The series that it serves besides 'thread', 'local' and None.
        raw: Give iterators as they are, instead of as streams.
    """

    kind = "thread"

    def __init__(self, series: Iterable[Hashable] | str | None = None, raw: bool = False) -> None:
        super().__init__(series, raw)
        self._thread: _Thread | None = None
        self._job: _Job | None = None
        self._gone: list[Deferred[None]] = []

    @classmethod
    def classSeries(cls) -> list[Hashable]:
        """See BaseWorker."""
        return ["thread", "local"]

    def setReporter(self, reporter: Reporter, clock: Any) -> None:
        """Take the queue's ear and clock, and make its updates."""
        super().setReporter(reporter, clock)
        self.makeUpdates()

    def run(self, task: Task) -> None:
        """Make the call in the thread."""
        self.setBusy(task)
        self._job = _Job(self, task)
        self._put(self._job.run)

    def abort(self, task: Task) -> None:
        """Ask the task to end, and abandon its thread if it does not."""
        job = self._job
        if job is None or job.task is not task:
            return
        self.state = WorkerState.STOPPING
        job.cancel()
        job.graceCall = self.clock.callLater(GRACE, self._abandon, job)

    def ask(self, task: Task) -> None:
        """Have `aqlib.cancelled()` be True in the task."""
        if self._job is not None and self._job.task is task:
            self._job.isAsked = True

    def update(self, call: Call) -> Deferred[Any]:
        """Make the call in the thread, after what runs there."""
        result: Deferred[Any] = Deferred()

        def make() -> None:
            outcome: Any
            try:
                outcome = call.f(*call.args, **call.kw)
            except Exception:
                outcome = Failure()
            self.clock.callFromThread(result.callback, outcome)

        self._put(make)
        return result

    def stop(self) -> Deferred[None]:
        """Take no more; fires when the task has ended."""
        gone: Deferred[None] = Deferred()
        self._gone.append(gone)
        if self.task is None:
            self._leave()
        return gone

    def crash(self) -> list[Task]:
        """Abandon the thread with its task."""
        unfinished = [self._job.task] if self._job is not None and not self._job.isCancelled else []
        if self._job is not None:
            self._job.cancel()
            self._abandon(self._job)
        self._leave()
        return unfinished

    # Called by the job, in the reactor's thread.

    def jobEnded(self, job: _Job, tell: Callable[[], None]) -> None:
        """A job has ended; `tell` reports it. Nobody waits for one that was cancelled."""
        job.dropGrace()
        if self._job is not job:
            return
        isWanted = not job.isCancelled
        self._free()
        if isWanted:
            tell()
        self.reporter.ready(self)

    def _put(self, work: Callable[[], None]) -> None:
        if self._thread is None:
            self._thread = _Thread(f"aqlib {self.name}")
        self._thread.put(work)

    def _abandon(self, job: _Job) -> None:
        if self._job is not job or self._thread is None or _Thread.abandoned >= MOST_ABANDONED:
            return
        job.dropGrace()
        left = self._thread.abandon()
        self._thread = None
        for work in left:  # updates, which what comes next relies on
            self._put(work)
        self._free()
        self.reporter.ready(self)

    def _free(self) -> None:
        self._job = None
        self.tasksDone += 1
        wasStopping = self.state is WorkerState.STOPPING
        self.setIdle()
        if self._gone:
            self._leave()
        elif wasStopping:
            self.reporter.freed(self)

    def _leave(self) -> None:
        self.state = WorkerState.GONE
        if self._thread is not None:
            self._thread.put(None)
            self._thread = None
        gone, self._gone = self._gone, []
        for waiting in gone:
            waiting.callback(None)


class _Job:
    """One task in the thread, and what both threads know of it."""

    def __init__(self, worker: ThreadWorker, task: Task) -> None:
        self.task = task
        self.graceCall: Any = None
        self.isCancelled = False
        self.isAsked = False
        self._worker = worker
        self._reactor = worker.clock
        self._source = Source(self._taken, self._stopped)
        self._room = threading.Semaphore(WINDOW)
        self._made: deque[Any] = deque()
        self._isHandedOver = False
        self._isStopped = False

    def cancel(self) -> None:
        """Nobody waits for this any more."""
        self.isCancelled = True
        self._room.release()

    def dropGrace(self) -> None:
        """The grace time does not matter any more."""
        if self.graceCall is not None and self.graceCall.active():
            self.graceCall.cancel()

    # In the worker's thread.

    def run(self) -> None:
        """Make the call, and stream what it yields."""
        call = self.task.call
        tools = Context(self._progressed, lambda: self.isCancelled or self.isAsked)
        tell: Callable[[], None]
        try:
            with context.running(tools):
                result = call.f(*call.args, **call.kw)
                if isIterator(result) and self._worker.wantsStream(self.task):
                    self._reactor.callFromThread(self._begin)
                    self._stream(result)
                    result = None
        except BaseException:
            # SystemExit and KeyboardInterrupt of a task are the task's errors: the thread lives.
            failure = Failure()
            failure.cleanFailure()
            tell = partial(self._worker.reporter.failed, self.task, failure)
        else:
            tell = partial(self._worker.reporter.succeeded, self.task, result, None, None)
        self._reactor.callFromThread(self._ended, tell)

    def _stream(self, iterator: Any) -> None:
        try:
            for item in iterator:
                self._made.append(item)
                if not self._isHandedOver:
                    self._isHandedOver = True
                    self._reactor.callFromThread(self._handOver)
                self._waitForRoom()
                if self.isCancelled or self._isStopped:
                    break
        finally:
            close = getattr(iterator, "close", None)
            if close is not None:
                close()

    def _waitForRoom(self) -> None:
        if not self._room.acquire(blocking=False):
            self._reactor.callFromThread(self._worker.reporter.suspended, self.task)
            self._room.acquire()
            self._reactor.callFromThread(self._worker.reporter.resumed, self.task)

    def _progressed(self, progress: Progress) -> None:
        self._reactor.callFromThread(self._tellProgress, progress)

    # In the reactor's thread.

    def _begin(self) -> None:
        if not self.isCancelled:
            self._worker.reporter.streaming(self.task, self._source)

    def _handOver(self) -> None:
        self._isHandedOver = False
        items = [self._made.popleft() for _ in range(len(self._made))]
        if items and not self.isCancelled:
            self._worker.reporter.streamed(self.task, len(items))
            self._source.feed(items)

    def _ended(self, tell: Callable[[], None]) -> None:
        self._handOver()
        self._worker.jobEnded(self, tell)

    def _tellProgress(self, progress: Progress) -> None:
        if not self.isCancelled and not self.task.isFinished:
            self._worker.reporter.progressed(self.task, progress)

    def _taken(self, count: int) -> None:
        self._room.release(count)

    def _stopped(self) -> None:
        self._isStopped = True
        self._room.release()
        self._worker.reporter.stopping(self.task)


class ThreadQueue(TaskQueue):
    """A queue with `n` threads.

    Args:
        n: How many threads.
        raw: Give iterators as they are, instead of as streams.
        reactor: The reactor; the installed one when not given.
        series: The series that all of them serve besides 'thread', 'local' and None.
        timeout, maxWaiting: As for TaskQueue.
        warn, verbose, spew: Accepted as AsynQueue had them, and without effect.

    Raises: ValueError for n below 1.
    """

    def __init__(
        self,
        n: int = 1,
        *,
        raw: bool = False,
        reactor: Any = None,
        series: Iterable[Hashable] | str = (),
        timeout: float | None = None,
        maxWaiting: int | None = None,
        **legacy: Any,
    ) -> None:
        if n < 1:
            raise ValueError(f"A ThreadQueue has one thread or more, not {n}.")
        workers = [ThreadWorker(series, raw) for _ in range(n)]
        super().__init__(*workers, reactor=reactor, timeout=timeout, maxWaiting=maxWaiting, **legacy)

    def deferToThread(self, f: Callable[P, R], *args: P.args, **kw: P.kwargs) -> Deferred[R]:
        """Call `f` in the next thread that is free, before all that waits."""
        return self.using(doNext=True).call(f, *args, **kw)
