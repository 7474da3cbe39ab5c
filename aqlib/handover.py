# SPDX-License-Identifier: Apache-2.0
"""Handover: how items get from the reactor's thread to a blocking loop in another."""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from twisted.python.failure import Failure

from .errors import NotReadyError
from .reactors import isReactorThread

T = TypeVar("T")


class Handover(Generic[T]):
    """Items, put by the reactor's thread, that another thread takes in a `for` loop.

    Args:
        reactor: Its `callFromThread` tells the reactor's thread what the other one has done.
        limit: So many items may wait.
        hasRoom: Called in the reactor's thread when, after `limit` had been reached, half of them have been taken.
    """

    def __init__(self, reactor: Any, limit: int = sys.maxsize, hasRoom: Callable[[], None] = lambda: None) -> None:
        self._reactor = reactor
        self._limit = limit
        self._hasRoom = hasRoom
        self._changed = threading.Condition()
        # Of each item the function that gives it, called by the thread that takes it.
        self._gifts: deque[Callable[[], T]] = deque()
        self._isFull = False
        self._failure: Failure | None = None
        self.hasEnded = False

    def put(self, give: Callable[[], T]) -> bool:
        """Have the loop get what `give` returns (or raises). Says whether there is room for more, if it matters."""
        with self._changed:
            if not self.hasEnded:
                self._gifts.append(give)
                self._isFull = len(self._gifts) >= self._limit
                self._changed.notify()
            return not self._isFull

    def end(self, failure: Failure | None = None) -> None:
        """Let the loop end, or raise the error of `failure`, after the items that were put."""
        with self._changed:
            if not self.hasEnded:
                self.hasEnded = True
                self._failure = failure
                self._changed.notify_all()

    def abort(self, failure: Failure | None = None) -> None:
        """Drop what was put, and let the loop end at once, or raise the error of `failure`."""
        with self._changed:
            self._gifts.clear()
            self.hasEnded = True
            self._failure = failure
            self._changed.notify_all()

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        with self._changed:
            while not self._gifts and not self.hasEnded:
                if isReactorThread():
                    raise NotReadyError("This loop waits for items that come by the reactor: run it in another thread.")
                self._changed.wait()
            if not self._gifts:
                failure, self._failure = self._failure, None
                if failure is not None:
                    failure.raiseException()
                raise StopIteration
            give = self._gifts.popleft()
            if self._isFull and len(self._gifts) <= self._limit // 2:
                self._isFull = False
                self._reactor.callFromThread(self._hasRoom)
        return give()
