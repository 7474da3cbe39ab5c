# SPDX-License-Identifier: GPL-3.0-or-later
"""Gathering: what happens in the queue is marked as it happens and told to the panels at most 30 times a second."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IDelayedCall

from aqlib import Observer, Task, TaskState, WorkerLost
from aqlib.interfaces import Worker

SHORTEST_INTERVAL = 1 / 30

Listener = Callable[[], None]


class Gathering(Observer):
    """The window's one ear at the queue. While nothing happens it does nothing: no timer runs.

    Args:
        queue: Whom to listen to, until `close`.
        reactor: Gives the time, and calls later.

    Attributes: `queued` and `started`, how many tasks were so far; `finished`, how many by TaskState.
    """

    def __init__(self, queue: Any, reactor: Any) -> None:
        self.queued = 0
        self.started = 0
        self.finished: Counter[TaskState] = Counter()
        self._queue = queue
        self._reactor = reactor
        self._listeners: list[Listener] = []
        self._isMarked = False
        self._isFrozen = False
        self._lastTold = -SHORTEST_INTERVAL
        self._call: IDelayedCall | None = None
        queue.addObserver(self)

    def listen(self, listener: Listener) -> None:
        """Call `listener`, without arguments, when something has changed; and when `isFrozen` has."""
        self._listeners.append(listener)

    def ignore(self, listener: Listener) -> None:
        """Call it no more."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    @property
    def isFrozen(self) -> bool:
        """Whether the panels hold still."""
        return self._isFrozen

    def freeze(self) -> None:
        """Tell nothing more until `thaw`. The listeners are called once, to show that they are frozen."""
        if not self._isFrozen:
            self._isFrozen = True
            self._cancel()
            self._tell()

    def thaw(self) -> None:
        """Tell again, and at once what was marked meanwhile."""
        if self._isFrozen:
            self._isFrozen = False
            self._tell()

    def mark(self) -> None:
        """Something has changed that the panels show."""
        self._isMarked = True
        if self._call is None and not self._isFrozen:
            wait = self._lastTold + SHORTEST_INTERVAL - self._reactor.seconds()
            # A wall clock that was set back must not make the panels wait for it.
            self._call = self._reactor.callLater(min(max(wait, 0.0), SHORTEST_INTERVAL), self._due)

    def close(self) -> None:
        """Listen to the queue no more, and tell nothing more."""
        self._queue.removeObserver(self)
        self._listeners.clear()
        self._cancel()

    def _due(self) -> None:
        self._call = None
        self._tell()

    def _tell(self) -> None:
        self._isMarked = False
        self._lastTold = self._reactor.seconds()
        for listener in tuple(self._listeners):
            listener()

    def _cancel(self) -> None:
        call, self._call = self._call, None
        if call is not None:
            call.cancel()

    # What the queue tells.

    def taskHeld(self, task: Task) -> None:
        self.mark()

    def taskQueued(self, task: Task) -> None:
        self.queued += 1
        self.mark()

    def taskStarted(self, task: Task) -> None:
        self.started += 1
        self.mark()

    def taskFinished(self, task: Task) -> None:
        self.finished[task.state] += 1
        self.mark()

    def tasksMoved(self, tasks: list[Task]) -> None:
        self.mark()

    def taskSuspended(self, task: Task) -> None:
        self.mark()

    def taskResumed(self, task: Task) -> None:
        self.mark()

    def taskPaused(self, task: Task) -> None:
        self.mark()

    def taskStopping(self, task: Task) -> None:
        self.mark()

    def taskProgress(self, task: Task) -> None:
        self.mark()

    def taskItems(self, task: Task, count: int) -> None:
        self.mark()

    def taskOutput(self, task: Task, worker: Worker, stream: str, text: str) -> None:
        self.mark()

    def workerOutput(self, worker: Worker, stream: str, text: str) -> None:
        self.mark()

    def workerAttached(self, worker: Worker) -> None:
        self.mark()

    def workerStarted(self, worker: Worker) -> None:
        self.mark()

    def workerFreed(self, worker: Worker) -> None:
        self.mark()

    def workerLost(self, worker: Worker, error: WorkerLost) -> None:
        self.mark()

    def workerReplaced(self, worker: Worker) -> None:
        self.mark()

    def workerGone(self, worker: Worker) -> None:
        self.mark()

    def queueChanged(self, queue: Any) -> None:
        self.mark()
