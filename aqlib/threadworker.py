# SPDX-License-Identifier: Apache-2.0
"""ThreadWorker: runs calls in a thread of its own, one at a time; ThreadQueue: a queue of such."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterable
from queue import Empty, SimpleQueue
from typing import Any, ParamSpec, TypeVar

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from zope.interface import implementer

from .baseworker import BaseWorker
from .checks import checkCount
from .interfaces import IWorker, Reporter, WorkerState
from .queue import TaskQueue
from .task import Call, Task
from .threadjob import Job

P = ParamSpec("P")
R = TypeVar("R")

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

    A stream has the worker to itself until as many of its items wait as may. Then its time-out stands still, and the
    thread is free for other tasks until some of the items are taken.

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
        # The job that has the thread; all that have begun and not ended; those that could go on and wait for it.
        self._job: Job | None = None
        self._jobs: dict[Job, None] = {}
        self._resumable: deque[Job] = deque()
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
        job = Job(self, task)
        self._jobs[job] = None
        self._giveTurn(job)

    def abort(self, task: Task) -> None:
        """Ask the task to end, and abandon its thread if it does not."""
        job = self._jobOf(task)
        if job is None:
            return
        job.isCancelled = True
        if job is self._job:
            self._limit(job)
        else:
            self.jobResumable(job)  # its iterator is closed in the thread

    def ask(self, task: Task) -> None:
        """Have `aqlib.cancelled()` be True in the task."""
        job = self._jobOf(task)
        if job is not None:
            job.isAsked = True

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
        """Take no more; fires when the task and all open streams have ended."""
        gone: Deferred[None] = Deferred()
        self._gone.append(gone)
        if not self._jobs:
            self._leave()
        return gone

    def crash(self) -> list[Task]:
        """Abandon the thread with its task and all open streams."""
        unfinished = [job.task for job in self._jobs if not job.isCancelled]
        for job in self._jobs:
            job.isCancelled = True
        current = self._job
        self._jobs = dict.fromkeys([current] if current is not None else [])
        self._resumable.clear()
        if current is not None:
            self._abandon(current)
        self._leave()
        return unfinished

    def _jobOf(self, task: Task) -> Job | None:
        return next((job for job in self._jobs if job.task is task and not job.isCancelled), None)

    # Streams share the thread with calls: each has it until nothing more of it is wanted for now.

    def _giveTurn(self, job: Job) -> None:
        self._job = job
        self._showSuspended()
        self.setBusy(None if job.isCancelled else job.task)
        if job.isCancelled:
            self._limit(job)
        self._put(job.run)

    def _goOn(self) -> None:
        """Give the free thread to the stream that waits for it longest."""
        if self._resumable and self.state is WorkerState.IDLE:
            job = self._resumable.popleft()
            job.isPaused = False
            if not job.isCancelled:
                self.reporter.resumed(job.task)
            self._giveTurn(job)

    def _limit(self, job: Job) -> None:
        """Nobody wants what a job is at: it has some time to end."""
        self.state = WorkerState.STOPPING
        job.graceCall = self.clock.callLater(GRACE, self._abandon, job)

    def _showSuspended(self) -> None:
        self.suspended = [job.task for job in self._jobs if job is not self._job and not job.isCancelled]

    # Called by the job, in the reactor's thread.

    def jobEnded(self, job: Job, tell: Callable[[], None]) -> None:
        """A job has ended; `tell` reports it. Nobody waits for one that was cancelled."""
        job.dropGrace()
        if self._job is not job:
            return
        isWanted = not job.isCancelled
        self._ended(job)
        if isWanted:
            tell()
        self._goOn()  # before other calls, which might follow each other without end
        self.reporter.ready(self)

    def jobPaused(self, job: Job) -> None:
        """The stream of a job has made as many items as may wait: the thread is free for other tasks."""
        job.dropGrace()
        if self._job is not job:
            return
        job.isPaused = True
        self._free()
        if not job.isCancelled:
            self.reporter.suspended(job.task)
        if job.canGoOn:
            self.jobResumable(job)
        self.reporter.ready(self)
        self._goOn()

    def jobResumable(self, job: Job) -> None:
        """Something is to be done for a paused stream as soon as the thread is free."""
        if job not in self._resumable and job in self._jobs:
            self._resumable.append(job)
            self._goOn()

    def _put(self, work: Callable[[], None]) -> None:
        if self._thread is None:
            self._thread = _Thread(f"aqlib {self.name}")
        self._thread.put(work)

    def _abandon(self, job: Job) -> None:
        if self._job is not job or self._thread is None or _Thread.abandoned >= MOST_ABANDONED:
            return
        job.dropGrace()
        left = self._thread.abandon()
        self._thread = None
        for work in left:  # updates, which what comes next relies on
            self._put(work)
        self._ended(job)
        self._goOn()
        self.reporter.ready(self)

    def _ended(self, job: Job) -> None:
        self._jobs.pop(job, None)
        self.tasksDone += 1
        self._free()
        if self._gone and not self._jobs:
            self._leave()

    def _free(self) -> None:
        self._job = None
        wasStopping = self.state is WorkerState.STOPPING
        self.setIdle()
        self._showSuspended()
        if wasStopping and not self._gone:
            self.reporter.freed(self)

    def _leave(self) -> None:
        self.state = WorkerState.GONE
        if self._thread is not None:
            self._thread.put(None)
            self._thread = None
        gone, self._gone = self._gone, []
        for waiting in gone:
            waiting.callback(None)


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
        checkCount("n", n)
        workers = [ThreadWorker(series, raw) for _ in range(n)]
        super().__init__(*workers, reactor=reactor, timeout=timeout, maxWaiting=maxWaiting, **legacy)

    def deferToThread(self, f: Callable[P, R], *args: P.args, **kw: P.kwargs) -> Deferred[R]:
        """Call `f` in the next thread that is free, before all that waits."""
        return self.using(doNext=True).call(f, *args, **kw)
