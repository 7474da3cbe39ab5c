# SPDX-License-Identifier: Apache-2.0
"""Prefetcherator: the items of an iterator, each with a word on whether there is another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from twisted.internet.defer import Deferred, fail, maybeDeferred, succeed
from twisted.logger import Logger
from twisted.python.failure import Failure

from .errors import NotReadyError
from .iteration import Deferator
from .iterators import isIterator

# What getNext fires with when there is nothing.
_NOTHING = (None, False, False)


class Prefetcherator:
    """Stays one item ahead of what is taken, so that it knows with each item whether there is another.

    One iteration after the other can be set up. An error of an iteration is the errback of the `getNext` whose item it
    took the place of, and ends it.

    Args:
        ID: What people call it; it has no effect.
    """

    def __init__(self, ID: object = None) -> None:
        self.ID = ID
        self._fetching: _Fetching | None = None
        # The one item that was fetched ahead, in a tuple that is empty before the first.
        self._ahead: tuple[Any, ...] = ()
        self._asked: Deferred[Any] | None = None
        self._valueWhenStopped: Any = None

    def __repr__(self) -> str:
        return f"<Prefetcherator {self.ID!r}, {'busy' if self.isBusy() else 'idle'}>"

    def isBusy(self) -> bool:
        """Whether there is an iteration that has neither ended nor been stopped."""
        return self._fetching is not None

    def setup(self, iteratorOrCallable: Any, *args: Any, **kw: Any) -> Deferred[bool]:
        """Begin an iteration, and fetch its first item.

        Args:
            iteratorOrCallable: An iterator, which is closed when it is stopped; or what is called with `args` and `kw`
                for each item, until it raises StopIteration. In both cases an item that is a Deferred (or a coroutine)
                is waited for, and one that errbacks with StopIteration or StopAsyncIteration is the end.

            None, as what makes iterators may give for "nothing", counts as an empty one.

        Returns: A Deferred that fires with whether there is a first item. It errbacks NotReadyError while another
        iteration is going on, and with the error when it is no item that comes first. To cancel it ends the iteration.
        """
        if self.isBusy():
            return fail(NotReadyError("An iteration is going on; take it whole or stop it before the next."))
        if iteratorOrCallable is None:
            return succeed(False)
        if not isIterator(iteratorOrCallable) and not callable(iteratorOrCallable):
            return fail(TypeError(f"A Prefetcherator takes an iterator or a callable, not {iteratorOrCallable!r}."))
        fetching = _Fetching(iteratorOrCallable, args, kw)
        self._fetching = fetching

        def fetched(first: Any) -> None:
            if self._fetching is fetching:
                self._ahead = (first,)
                isThere = not (first is _END or isinstance(first, _Broken))
                if not isThere:
                    self._fetching = None
                self._answer(first.failure if isinstance(first, _Broken) else isThere)

        return self._ask(False, fetching, fetched)

    def getNext(self) -> Deferred[tuple[Any, bool, bool]]:
        """The next item.

        Returns: A Deferred that fires with (value, isValid, moreLeft): the item, True, and whether `getNext` will give
        another, or an error; with (None, False, False) when there is no iteration, or no more of it. It errbacks
        NotReadyError while the last one that was asked for has not come. To cancel it ends the iteration.
        """
        if self._asked is not None:
            return fail(NotReadyError("Wait for the Deferred of the last item before you ask for the next."))
        fetching = self._fetching
        if fetching is None:
            return succeed(_NOTHING)
        [value] = self._ahead
        if isinstance(value, _Broken):
            self._fetching = None
            return fail(value.failure)

        def fetched(ahead: Any) -> None:
            if self._fetching is fetching:
                self._ahead = (ahead,)
                if ahead is _END:
                    self._fetching = None
                self._answer((value, True, ahead is not _END))

        return self._ask(_NOTHING, fetching, fetched)

    def stop(self) -> None:
        """Want no more: the iterator is closed; what was asked for fires as if there were nothing."""
        fetching, self._fetching = self._fetching, None
        if fetching is not None:
            fetching.stop()
            self._answer(self._valueWhenStopped)

    def _ask(self, whenStopped: Any, fetching: _Fetching, fetched: Callable[[Any], None]) -> Deferred[Any]:
        self._valueWhenStopped = whenStopped
        asked: Deferred[Any] = Deferred(self._cancelled)
        self._asked = asked
        fetching.fetch(fetched)
        return asked

    def _answer(self, answer: Any) -> None:
        asked, self._asked = self._asked, None
        if asked is not None:
            asked.callback(answer)

    def _cancelled(self, deferred: Deferred[Any]) -> None:
        self._asked = None
        self.stop()


class _End:
    """There is no more."""


_END = _End()


class _Broken:
    """Instead of an item, the error that ended the iteration."""

    def __init__(self, failure: Failure) -> None:
        self.failure = failure


class _Fetching:
    """One iteration."""

    _log = Logger(namespace="aqlib.prefetch")

    def __init__(self, iteratorOrCallable: Any, args: tuple[Any, ...], kw: dict[str, Any]) -> None:
        self._iterator: Iterator[Any] | None = None
        if isIterator(iteratorOrCallable):
            self._iterator = iteratorOrCallable
            self._next: Callable[[], Any] = partial(next, iteratorOrCallable)
        else:
            self._next = partial(iteratorOrCallable, *args, **kw)
        self._coming: Deferred[Any] | None = None
        self._isCalling = False
        self._isStopped = False

    def fetch(self, fetched: Callable[[Any], None]) -> None:
        """Have the next item handed to `fetched`: or _END, or what is _Broken."""
        self._isCalling = True
        coming = maybeDeferred(self._next)
        self._isCalling = False
        self._coming = coming
        if self._isStopped:
            self.stop()
        coming.addErrback(_endOrBroken).addCallback(fetched)

    def stop(self) -> None:
        """Close the iterator; its own code may be what says so, and then it is closed when that has returned."""
        self._isStopped = True
        if self._isCalling:
            return
        if self._coming is not None:
            self._coming.cancel()
        close = closerOf(self._iterator)
        if close is not None:
            maybeDeferred(close).addErrback(
                lambda failure: self._log.failure("Closing {iterator!r}", failure, iterator=self._iterator)
            )


def closerOf(iterator: Any) -> Callable[[], Any] | None:
    """What ends an iterator early, if anything does."""
    if isinstance(iterator, Deferator):
        return iterator.stop
    close: Callable[[], Any] | None = getattr(iterator, "close", None)
    return close


def _endOrBroken(failure: Failure) -> Any:
    return _END if failure.check(StopIteration, StopAsyncIteration) else _Broken(failure)
