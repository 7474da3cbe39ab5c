# SPDX-License-Identifier: Apache-2.0
"""Consumerator: a consumer whose items a blocking `for` loop in a thread reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.interfaces import IConsumer
from twisted.python.failure import Failure
from zope.interface import implementer

from .handover import Handover
from .reactors import ShutdownNotice, givenOrInstalled

R = TypeVar("R")


@implementer(IConsumer)
class Consumerator:
    """A consumer that is the iterator of a blocking loop, which runs in a thread.

        rows = Consumerator()
        rows.endWith(queue.call(render, consumer=rows))
        deferToThread(savePicture, rows)  # def savePicture(rows): for row in rows: ...

    The producer is paused while `maxItems` wait for the loop, and goes on when half of them have been taken. One who
    leaves the loop early says `stop`. When the reactor stops before the end, the loop raises CancelledError, so that no
    thread keeps the program from ending.

    Args:
        maxItems: How many items may wait, 1 or more.
        reactor: The reactor; the installed one when not given.

    Raises: ValueError for `maxItems` below 1.
    """

    def __init__(self, maxItems: int = 100, *, reactor: Any = None) -> None:
        if maxItems < 1:
            raise ValueError(f"A Consumerator has room for 1 item or more, not {maxItems}.")
        self._reactor = givenOrInstalled(reactor)
        self._handover: Handover[Any] = Handover(self._reactor, maxItems, self._hasRoom)
        self._notice = ShutdownNotice(self._reactor, self._reactorStops)
        self._notice.want()
        self._producer: Any = None
        self._isStreaming = True
        self._hasOutcome = False

    # In the reactor's thread.

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """IConsumer: items will come. Raises RuntimeError when there is a producer already."""
        if self._producer is not None:
            raise RuntimeError("This Consumerator has a producer already.")
        if self._handover.hasEnded:
            producer.stopProducing()
            return
        self._producer = producer
        self._isStreaming = streaming
        if not streaming:
            producer.resumeProducing()

    def unregisterProducer(self) -> None:
        """IConsumer: no more will come; the loop ends, unless `endWith` has said what it ends with."""
        self._producer = None
        if not self._hasOutcome:
            self._end(None)

    def write(self, data: Any) -> None:
        """IConsumer: an item has come."""
        hasRoom = self._handover.put(lambda: data)
        if self._producer is None:
            return
        if not self._isStreaming:
            if hasRoom:
                self._reactor.callLater(0, self._hasRoom)
        elif not hasRoom:
            self._producer.pauseProducing()

    def endWith(self, deferred: Deferred[R]) -> Deferred[R]:
        """Have the loop end only when `deferred` has fired, and raise its error if it is one.

        A consumer is not told whether a stream has ended well. This tells it, so that no broken stream looks complete:
        give it the Deferred of the call whose items are written here. What that fires with stays as it is.

        Returns: `deferred`.
        """
        self._hasOutcome = True
        return deferred.addBoth(self._outcome)

    # In any thread.

    def stop(self) -> None:
        """Want no more: what has come is dropped, the loop ends, and the producer is stopped."""
        self._handover.abort()
        self._reactor.callFromThread(self._stopProducer)

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return next(self._handover)

    # In the reactor's thread.

    def _hasRoom(self) -> None:
        if self._producer is not None:
            self._producer.resumeProducing()

    def _outcome(self, outcome: R) -> R:
        self._end(outcome if isinstance(outcome, Failure) else None)
        return outcome

    def _end(self, failure: Failure | None) -> None:
        self._handover.end(failure)
        self._notice.drop()

    def _stopProducer(self) -> None:
        self._notice.drop()
        producer, self._producer = self._producer, None
        if producer is not None:
            producer.stopProducing()

    def _reactorStops(self) -> None:
        self._handover.abort(Failure(CancelledError("The reactor stopped before the end of the items.")))
        self._stopProducer()
