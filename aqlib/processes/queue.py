# SPDX-License-Identifier: Apache-2.0
"""ProcessQueue: a queue with worker processes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any
from weakref import finalize

from twisted.internet.defer import Deferred, FirstError, gatherResults, maybeDeferred
from twisted.python.failure import Failure

from ..checks import checkCount
from ..child.likeness import isImportingMain
from ..errors import WorkerError
from ..queue import TaskQueue
from ..streammemory import DEFAULT_BYTES
from ..task import Call, Task
from ..weak import weakly
from .care import Limits
from .cores import Cores, coreCount
from .shared import Shared
from .worker import ProcessWorker


class ProcessQueue(TaskQueue):
    """A queue with `N` worker processes. They are fresh interpreters, replaced when they die.

    Calls are pickled when they are queued: one that cannot be fails at once, and what is changed in its arguments
    afterwards does not reach it.

    Args:
        N: How many workers. As many as this process may use cores, when not given.
        callStats: Note how long each call takes, for `stats`.
        reactor: The reactor; the installed one when not given.
        osNiceness: What to add to the operating system's niceness of the processes, 0 to 19.
        series: The series that all of them serve besides 'process', 'local' and None.
        timeout, maxWaiting: As for TaskQueue.
        maxTasksPerWorker: After so many tasks a worker goes on in a new process, which helps against leaks.
        maxWorkerMemory: So it does when its process has more bytes of its own in RAM than that, between two tasks. What
            it shares with others, such as libraries and large arguments, does not count here and below. (Linux)
        memoryLimit: A task whose process has more is ended with MemoryLimitExceeded, and its process replaced. It is
            looked at ten times a second. (Linux)
        streamMemory: Bytes that the open streams of one worker may hold, in items that nobody has taken yet. At this
            bound its streams wait until items are taken; other calls run. Observers are told `streamsBlocked`.
        pinned: Keep each worker's process on one core, the cores in turn. (Linux)
        output: Whether what tasks print, log, warn and write to descriptors 1 and 2 goes to the stdout and stderr of
            this process, whole lines at a time. None: unless an observer takes it.
        warn, verbose, spew: Accepted as AsynQueue had them, and without effect.

    Raises: ValueError for a number that is out of range; WorkerError in a worker process that is importing the main
    module, whose top level must not make queues; OSError when the system starts no process.
    """

    def __init__(
        self,
        N: int | None = None,
        callStats: bool = False,
        *,
        reactor: Any = None,
        osNiceness: int = 0,
        series: Iterable[Hashable] | str = (),
        timeout: float | None = None,
        maxWaiting: int | None = None,
        maxTasksPerWorker: int | None = None,
        maxWorkerMemory: int | None = None,
        memoryLimit: int | None = None,
        streamMemory: int = DEFAULT_BYTES,
        pinned: bool = False,
        output: bool | None = None,
        **legacy: Any,
    ) -> None:
        number = self.cores() if N is None else N
        checkCount("N", number)
        if osNiceness not in range(20):
            raise ValueError(f"The operating system's niceness can be raised by 0 to 19, not by {osNiceness!r}.")
        checkCount("streamMemory", streamMemory, unit="bytes")
        if isImportingMain():
            raise WorkerError(
                "The main module makes a ProcessQueue when it is imported, and worker processes import it. Put the "
                'part that runs under `if __name__ == "__main__":`.'
            )
        super().__init__(reactor=reactor, timeout=timeout, maxWaiting=maxWaiting, **legacy)
        self.dispatcher.isOutputShown = output
        self._osNiceness = osNiceness
        self._series = [series] if isinstance(series, str) else list(series)
        limits = Limits(maxTasksPerWorker, maxWorkerMemory, memoryLimit)
        self._shared = Shared(weakly(self.degrade), self.reactor.callFromThread, limits, streamMemory)
        self._shared.cores = Cores() if pinned else None
        self._shared.callTimes = [] if callStats else None
        for _ in range(number):
            self.attachWorker(self._makeWorker())
        # Work that is pending keeps its queue; one that nobody has, and that has none, lets its workers go.
        forgotten = finalize(self, self.reactor.callFromThread, self._roster.detachAll)
        forgotten.atexit = False
        # It keeps the workers, and with them whoever observes the queue, who may well have it.
        self.whenShutDown().addCallback(lambda _: forgotten.detach())

    @staticmethod
    def cores() -> int:
        """How many cores this process may use."""
        return coreCount()

    def stats(self) -> list[tuple[float, float]]:
        """Of each call that has ended: the seconds from its start until its end was seen here, and in its process.

        Empty without `callStats=True`. The time of a stream in its process is that of making its items.
        """
        return list(self._shared.callTimes or ())

    def prepare(self, task: Task) -> None:
        """Pickle its call, unless its series is served by workers of other kinds. Raises EncodingError."""
        isServedByOthers = False
        for worker in self.dispatcher.workers.values():
            if task.series in worker.cQualified or task.series in worker.iQualified:
                if isinstance(worker, ProcessWorker):
                    isServedByOthers = False
                    break
                isServedByOthers = True
        if not isServedByOthers:
            self._shared.encoder.prepare(task)

    def prepareUpdate(self, call: Call) -> None:
        """Pickle it as it is now: workers that come later make the same call. Raises EncodingError."""
        self._shared.encoder.prepare(call)

    def addWorkers(self, n: int = 1) -> Deferred[list[int]]:
        """Start more workers. Fires with the list of their IDs. A degraded queue takes calls again.

        Errbacks OSError when the system starts no process; those that have started are there all the same. Raises
        ValueError for n below 1.
        """
        checkCount("n", n)
        self.recover()
        added = [maybeDeferred(self.attachWorker, self._makeWorker()) for _ in range(n)]
        return gatherResults(added, consumeErrors=True).addErrback(_theFirst)

    def restartWorker(self, workerOrID: ProcessWorker | int) -> None:
        """Have a worker go on in a new process when what it runs has ended."""
        self._find(workerOrID).restart()

    def killWorker(self, workerOrID: ProcessWorker | int) -> None:
        """End a worker's process at once; its task fails with WorkerLost, and a new process takes its place."""
        self._find(workerOrID).kill()

    def recover(self) -> None:
        """Take calls again after the queue has degraded."""
        self._shared.restarts.forget()
        super().recover()

    def _find(self, workerOrID: ProcessWorker | int) -> ProcessWorker:
        worker = self.workers(workerOrID) if isinstance(workerOrID, int) else workerOrID
        if not isinstance(worker, ProcessWorker):
            raise ValueError(f"{workerOrID!r} is no process worker of this queue.")
        return worker

    def _makeWorker(self) -> ProcessWorker:
        return ProcessWorker(self._series, osNiceness=self._osNiceness, shared=self._shared)


def _theFirst(failure: Failure) -> Failure:
    """The error behind a FirstError."""
    assert isinstance(failure.value, FirstError)
    return failure.value.subFailure
