# SPDX-License-Identifier: Apache-2.0
"""Bounds: how many tasks may wait in a queue, and who waits until there are fewer."""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from .checks import checkCount
from .errors import QueueFull
from .observers import Observer, Observers
from .task import Task


class Bounds(Observer):
    """Looks at how many tasks wait. It observes the queue only while somebody waits for room.

    Args:
        count: Gives how many tasks wait or are held.
        observers: Those of the queue.
        most: So many may; None: any number. Raises ValueError below 1.
    """

    def __init__(self, count: Callable[[], int], observers: Observers, most: int | None) -> None:
        if most is not None:
            checkCount("maxWaiting", most)
        self._count = count
        self._observers = observers
        self._waiting: dict[Deferred[None], int] = {}
        self.most = most

    def refusal(self) -> QueueFull | None:
        """Why one more task cannot wait, if it cannot."""
        if self.most is None or self._count() < self.most:
            return None
        return QueueFull(f"{self.most} tasks wait already, and no more may. `whenBelow` tells when there is room.")

    def whenBelow(self, n: int) -> Deferred[None]:
        """See TaskQueue.whenBelow."""
        checkCount("n", n)
        waiting: Deferred[None] = Deferred(self._drop)
        self._waiting[waiting] = n
        self._observers.add(self)
        self._look()
        return waiting

    def close(self, error: Exception) -> None:
        """There will be no more room: tell those who wait for it."""
        for waiting in list(self._waiting):
            if waiting in self._waiting:
                self._drop(waiting)
                waiting.errback(Failure(error))

    # What the queue tells.

    def taskStarted(self, task: Task) -> None:
        """Perhaps there is room."""
        self._look()

    def taskFinished(self, task: Task) -> None:
        """It may be one that had not begun."""
        self._look()

    def _look(self) -> None:
        """Tell those whose number it is, one after the other: the first may have filled the room before the next."""
        for waiting, n in list(self._waiting.items()):
            if waiting in self._waiting and self._count() < n:
                self._drop(waiting)
                waiting.callback(None)

    def _drop(self, waiting: Deferred[None]) -> None:
        self._waiting.pop(waiting, None)
        if not self._waiting:
            self._observers.remove(self)
