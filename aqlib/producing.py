# SPDX-License-Identifier: Apache-2.0
"""iteratorToProducer: has an iterator written to a consumer, in small portions of the reactor's time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from twisted.internet.defer import CancelledError, Deferred, fail, maybeDeferred
from twisted.internet.interfaces import IConsumer
from twisted.internet.task import deferLater
from twisted.python.failure import Failure

from .iteration import Deferator, IterationProducer
from .prefetch import Prefetcherator, closerOf
from .reactors import givenOrInstalled
from .source import Source

# So long may an iterator make items before the reactor has its turn, in seconds.
LONGEST_SLICE = 0.004


def iteratorToProducer(
    iterator: Iterable[Any],
    consumer: IConsumer | None = None,
    wrapper: Callable[[Callable[[], Any]], Any] | None = None,
    *,
    reactor: Any = None,
) -> Deferred[Any]:
    """Make a producer of an iterator, which makes its items as they are taken, a few ahead.

    Args:
        iterator: An iterator or an iterable. An item that is a Deferred is waited for.
        consumer: Where to write the items, at once; None: give the producer.
        wrapper: What calls a function without arguments and gives a Deferred of its result: the function makes the next
            item. With `wrapper=deferToThread` an iterator that takes its time does not hold the reactor up.
        reactor: The reactor or clock; the installed reactor when not given.

    Returns: A Deferred that fires when the first item is there: with the IterationProducer, or, when a consumer was
    given, with the consumer when all has been written. It fires with None when there is no item at all; then a consumer
    is told nothing. It errbacks with an error of the iterator's, and TypeError for what is no iterable. To cancel it
    ends the iteration.
    """
    try:
        items = iter(iterator)
    except TypeError:
        return fail(Failure())
    prefetcher = Prefetcherator(iterator)
    begun = prefetcher.setup(items if wrapper is None else _Wrapped(items, wrapper))
    return begun.addCallback(_produce, prefetcher, consumer, givenOrInstalled(reactor))


def _produce(isThere: bool, prefetcher: Prefetcherator, consumer: IConsumer | None, reactor: Any) -> Any:
    if not isThere:
        return None
    producer = IterationProducer(Deferator(_PulledSource(prefetcher, reactor)), consumer)
    if consumer is None:
        return producer

    def cancelled(written: Deferred[Any]) -> None:
        written.errback(CancelledError())
        producer.stopProducing()

    written: Deferred[Any] = Deferred(cancelled)
    producer.run().addBoth(lambda outcome: None if written.called else written.callback(outcome))
    return written


class _PulledSource(Source):
    """Items of a Prefetcherator, asked for as they are taken."""

    def __init__(self, prefetcher: Prefetcherator, reactor: Any) -> None:
        super().__init__(lambda count: self._lookRoom(), prefetcher.stop)
        self._prefetcher = prefetcher
        self._reactor = reactor
        self._isPulling = False
        self._lookRoom()

    def _lookRoom(self) -> None:
        if not self._isPulling:
            self._isPulling = True
            Deferred.fromCoroutine(self._pull()).addErrback(self.finish)

    async def _pull(self) -> None:
        begin = self._reactor.seconds()
        try:
            # Two, for a Deferator in a `for` loop looks one ahead.
            while len(self) < 2 and not self.hasEnded:
                value, isValid, moreLeft = await self._prefetcher.getNext()
                if isValid:
                    self.feed([value])
                if not moreLeft:
                    self.finish(None)
                elif self._reactor.seconds() - begin > LONGEST_SLICE:
                    await deferLater(self._reactor, 0)
                    begin = self._reactor.seconds()
        finally:
            self._isPulling = False


class _Wrapped:
    """An iterator of Deferreds to the items of another, which are made wherever the wrapper has them made."""

    def __init__(self, items: Iterator[Any], wrapper: Callable[[Callable[[], Any]], Any]) -> None:
        self._items = items
        self._wrapper = wrapper
        # To close an iterator while it makes an item is an error, and a wrapper may have several threads.
        self._using = threading.Lock()

    def __iter__(self) -> Iterator[Deferred[Any]]:
        return self

    def __next__(self) -> Deferred[Any]:
        return maybeDeferred(self._wrapper, self._make).addCallback(self._made)

    def close(self) -> Any:
        """Close the iterator, there where it makes its items."""
        return self._wrapper(self._close)

    def _make(self) -> tuple[Any, ...]:
        # In a tuple, for the wrapper might stream an item that is an iterator itself; an empty one is the end.
        with self._using:
            for item in self._items:
                return (item,)
        return ()

    def _made(self, made: tuple[Any, ...]) -> Any:
        if not made:
            raise StopIteration
        return made[0]

    def _close(self) -> None:
        with self._using:
            close = closerOf(self._items)
            if close is not None:
                close()
