# SPDX-License-Identifier: Apache-2.0
"""ListConsumer: makes a list of what is written to it."""

from __future__ import annotations

from collections import deque
from types import CoroutineType
from typing import Any

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.interfaces import IConsumer
from twisted.python.failure import Failure
from zope.interface import implementer

# Stands for an item of which the list gets nothing, or nothing yet.
_LEFT_OUT = object()
_AWAITED = (Deferred, CoroutineType)
_NOT_KEPT = (*_AWAITED, Failure)


@implementer(IConsumer)
class ListConsumer:
    """A consumer that makes a list. Call it for a Deferred that fires with the list when all has been written.

    Override `processItem` to change each item on its way; it may give a Deferred, and the order stays. Items for which
    it gives None are left out, if they were not None themselves. Keywords become attributes.
    """

    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)
        self._keepsItems = type(self).processItem is ListConsumer.processItem
        self._results: list[Any] = []
        self._pending = 0
        self._over = False
        self._failure: Failure | None = None
        self._waiting: deque[Deferred[list[Any]]] = deque()

    def processItem(self, item: Any) -> Any:
        """What the list gets for an item, or a Deferred of it."""
        return item

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """IConsumer: items will come."""

    def unregisterProducer(self) -> None:
        """IConsumer: no more will come."""
        self._over = True
        self._lookDone()

    def write(self, data: Any) -> None:
        """IConsumer: an item has come."""
        if self._keepsItems and not isinstance(data, _NOT_KEPT):
            self._results.append(data)
            return
        place = len(self._results)
        self._results.append(_LEFT_OUT)
        self._pending += 1
        try:
            result = self.processItem(data)
        except Exception:
            result = Failure()
        if isinstance(result, _AWAITED):
            ensureDeferred(result).addBoth(self._processed, place, data)
        else:
            self._processed(result, place, data)

    def _processed(self, result: Any, place: int, data: Any) -> None:
        self._pending -= 1
        if isinstance(result, Failure):
            self._failure = self._failure or result
        elif result is not None or data is None:
            self._results[place] = result
        self._lookDone()

    def __call__(self) -> Deferred[list[Any]]:
        """A Deferred of the list; it errbacks when an item could not be processed."""
        waiting: Deferred[list[Any]] = Deferred()
        self._waiting.append(waiting)
        self._lookDone()
        return waiting

    def _lookDone(self) -> None:
        while self._over and not self._pending and self._waiting:
            results = [item for item in self._results if item is not _LEFT_OUT]
            self._waiting.popleft().callback(self._failure or results)
