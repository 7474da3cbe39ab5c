# SPDX-License-Identifier: Apache-2.0
"""Job: a task of a ThreadWorker, made by its thread, one turn after the other if it is a stream."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from twisted.python.failure import Failure

from . import context
from .asyncitems import AsyncItems, isAsyncIterator
from .context import Context, Progress
from .iterators import isIterator
from .source import Source
from .task import Task

if TYPE_CHECKING:
    from .threadworker import ThreadWorker

# Items of a stream that may wait to be taken.
WINDOW = 100


class Job:
    """One task in the thread, and what both threads know of it.

    Attributes: `isPaused`: its stream has made as many items as may wait, and does not have the thread.
    """

    def __init__(self, worker: ThreadWorker, task: Task) -> None:
        self.task = task
        self.graceCall: Any = None
        self.isCancelled = False
        self.isAsked = False
        self.isPaused = False
        self._worker = worker
        self._reactor = worker.clock
        self._source = Source(self._taken, self._stopped)
        self._tools = Context(self._progressed, lambda: self.isCancelled or self.isAsked)
        self._iterator: Any = None
        self._made: deque[Any] = deque()
        # Each is counted up by one thread alone.
        self._madeCount = 0
        self._takenCount = 0
        self._isHandedOver = False
        self._isStopped = False

    @property
    def canGoOn(self) -> bool:
        """Whether there is something to do for its stream."""
        hasRoom = self._madeCount - self._takenCount <= WINDOW // 2
        return hasRoom or self.isCancelled or self._isStopped

    def dropGrace(self) -> None:
        """The grace time does not matter any more."""
        if self.graceCall is not None and self.graceCall.active():
            self.graceCall.cancel()

    # In the worker's thread.

    def run(self) -> None:
        """Make the call, or go on with the stream that it gave, until the end or until enough items wait."""
        tell: Callable[[], None]
        try:
            with context.running(self._tools):
                result = self._call() if self._iterator is None else None
                if self._iterator is not None and not self._makeItems():
                    self._reactor.callFromThread(self._paused)
                    return
        except BaseException:
            # SystemExit and KeyboardInterrupt of a task are the task's errors: the thread lives.
            failure = Failure()
            failure.cleanFailure()
            tell = partial(self._worker.reporter.failed, self.task, failure)
        else:
            tell = partial(self._worker.reporter.succeeded, self.task, result, None, None)
        self._reactor.callFromThread(self._ended, tell)

    def _call(self) -> Any:
        call = self.task.call
        result = call.f(*call.args, **call.kw)
        if isAsyncIterator(result):
            result = AsyncItems(result)
        if isIterator(result) and self._worker.wantsStream(self.task):
            self._iterator = result
            self._reactor.callFromThread(self._begin)
            return None
        return result

    def _makeItems(self) -> bool:
        """Make items. Whether that was the end of the stream."""
        isOver = True
        try:
            while not (self.isCancelled or self._isStopped):
                if self._madeCount - self._takenCount >= WINDOW:
                    isOver = False
                    break
                try:
                    item = next(self._iterator)
                except StopIteration:
                    break
                self._made.append(item)
                self._madeCount += 1
                if not self._isHandedOver:
                    self._isHandedOver = True
                    self._reactor.callFromThread(self._handOver)
        finally:
            close = getattr(self._iterator, "close", None)
            if isOver and close is not None:
                close()
        return isOver

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

    def _paused(self) -> None:
        self._handOver()
        self._worker.jobPaused(self)

    def _ended(self, tell: Callable[[], None]) -> None:
        self._handOver()
        self._worker.jobEnded(self, tell)

    def _tellProgress(self, progress: Progress) -> None:
        if not self.isCancelled and not self.task.isFinished:
            self._worker.reporter.progressed(self.task, progress)

    def _taken(self, count: int) -> None:
        self._takenCount += count
        self._lookResumable()

    def _stopped(self) -> None:
        self._isStopped = True
        if not self.isCancelled:
            self._worker.reporter.stopping(self.task)
        self._lookResumable()

    def _lookResumable(self) -> None:
        if self.isPaused and self.canGoOn:
            self._worker.jobResumable(self)
