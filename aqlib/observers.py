# SPDX-License-Identifier: Apache-2.0
"""Observers: who wants to know what happens in a queue. Panels, logs and stores are such."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from twisted.logger import Logger

if TYPE_CHECKING:
    from twisted.python.failure import Failure

    from .errors import WorkerLost
    from .interfaces import Worker
    from .task import Task


class Observer:
    """Override what you want to know. All is called in the reactor's thread, and should return soon."""

    def taskHeld(self, task: Task) -> None:
        """A task is to wait for others or for a time first; then it is queued."""

    def taskQueued(self, task: Task) -> None:
        """A task waits in its place."""

    def tasksMoved(self, tasks: list[Task]) -> None:
        """Waiting tasks stand elsewhere: moved by hand, re-niced, or put back."""

    def taskStarted(self, task: Task) -> None:
        """A task has begun on `task.worker`."""

    def taskSuspended(self, task: Task) -> None:
        """A stream gave way to another task, or waits for its consumer."""

    def taskResumed(self, task: Task) -> None:
        """A stream goes on, or a task that was paused."""

    def taskPaused(self, task: Task) -> None:
        """A task's process stands still until the task is resumed, which `taskResumed` tells."""

    def taskQuarantined(self, task: Task) -> None:
        """A task has cost too many worker processes their lives, and is run no more by itself. It fails right after."""

    def taskStopping(self, task: Task) -> None:
        """A stream's taker wants no more; it ends when its iterator is closed."""

    def taskProgress(self, task: Task) -> None:
        """`task.progress` is new."""

    def taskItems(self, task: Task, count: int) -> None:
        """So many more items of a stream have come."""

    def taskOutput(self, task: Task, worker: Worker, stream: str, text: str) -> None:
        """Output of a task. `stream` is 'stdout', 'stderr' or 'log'.

        While no observer overrides this, output goes to the stdout and stderr of this process; see ProcessQueue.
        """

    def taskRetried(self, task: Task, failure: Failure) -> None:
        """A task has failed and will be run again; until then it is held."""

    def taskFinished(self, task: Task) -> None:
        """A task is done, failed or cancelled; its Deferred is fired right after."""

    def streamsBlocked(self, worker: Worker) -> None:
        """The open streams of a worker hold as many bytes as they may, so none goes on until items are taken."""

    def workerAttached(self, worker: Worker) -> None:
        """A worker has come."""

    def workerStarted(self, worker: Worker) -> None:
        """A worker's process is ready for its first task."""

    def workerFreed(self, worker: Worker) -> None:
        """A worker that was stopping, for its task was cancelled or timed out, is free again."""

    def workerLost(self, worker: Worker, error: WorkerLost) -> None:
        """A worker's process has ended unasked."""

    def workerOutput(self, worker: Worker, stream: str, text: str) -> None:
        """Output of a worker between tasks, as `taskOutput`."""

    def workerReplaced(self, worker: Worker) -> None:
        """A new process has taken the place of one that ended."""

    def workerGone(self, worker: Worker) -> None:
        """A worker has left the queue."""

    def queueChanged(self, queue: Any) -> None:
        """The queue was paused or resumed, is degraded or whole again, or has been shut down."""


class Observers:
    """The observers of one queue. One that raises is dropped, and the log says so.

    Attributes: `all`, those that there are: without any, nobody need make up what they would be told.
    """

    def __init__(self, log: Logger | None = None) -> None:
        self.all: tuple[Observer, ...] = ()
        self._log = log or Logger(namespace="aqlib.observers")

    def add(self, observer: Observer) -> None:
        """Tell `observer` from now on. Adding it twice is adding it once."""
        if observer not in self.all:
            self.all = (*self.all, observer)

    def remove(self, observer: Observer) -> None:
        """Tell `observer` no more."""
        self.all = tuple(other for other in self.all if other is not observer)

    def take(self, event: Callable[..., None]) -> bool:
        """Whether an observer wants to be told of an event."""
        name = event.__name__
        return any(getattr(getattr(observer, name), "__func__", None) is not event for observer in self.all)

    def tell(self, event: Callable[..., None], *args: Any) -> None:
        """Tell all. `event` is the method of Observer, such as `Observer.taskQueued`."""
        for observer in self.all:
            try:
                getattr(observer, event.__name__)(*args)
            except Exception:
                self._log.failure(
                    "The observer {observer} raised in {event}; it is told no more.",
                    observer=observer,
                    event=event.__name__,
                )
                self.remove(observer)
