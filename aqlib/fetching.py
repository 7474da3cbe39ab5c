# SPDX-License-Identifier: Apache-2.0
"""FetchingSource: items that a function gives one by one, each with whether more are left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import CancelledError, Deferred, maybeDeferred
from twisted.python.failure import Failure

from .source import Source


class FetchingSource(Source):
    """A Source that fetches its items, one ahead of those that are taken.

    Args:
        getNext: Returns (value, isValid, moreLeft), as Prefetcherator.getNext does, or a Deferred of that. The value
            counts where `isValid` is true; without `moreLeft` it is the last. An exception ends the stream with it.
    """

    def __init__(self, getNext: Callable[[], Any]) -> None:
        super().__init__(self._fetch, self._cancel)
        self._getNext = getNext
        self._fetching: Deferred[Any] | None = None
        self._isStopped = False
        self._fetch(1)

    def _fetch(self, taken: int) -> None:
        # A Deferred that has fired already is followed by the next turn of this loop, not by a call in a call.
        while self._fetching is None and len(self) < 2 and not self.hasEnded and not self._isStopped:
            fetching = self._fetching = maybeDeferred(self._getNext)
            fetching.addCallback(self._fetched).addErrback(self._failed)
            if self._fetching is not None:
                fetching.addCallback(lambda _: self._fetch(0))

    def _fetched(self, answer: tuple[Any, bool, bool]) -> None:
        value, isValid, moreLeft = answer
        self._fetching = None
        if self._isStopped:
            return
        if isValid:
            self.feed([value])
        if not moreLeft:
            self.finish(None)

    def _failed(self, failure: Failure) -> None:
        self._fetching = None
        if not (self._isStopped and failure.check(CancelledError)):
            self.finish(failure)

    def _cancel(self) -> None:
        self._isStopped = True
        if self._fetching is not None:
            self._fetching.cancel()
