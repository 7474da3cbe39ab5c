# SPDX-License-Identifier: Apache-2.0
"""MapDeferator: the results of a map, one by one or as a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic

from twisted.internet.defer import CancelledError, Deferred
from twisted.python.failure import Failure

from ..errors import NotReadyError
from ..iteration import Deferator
from .run import ResultSource

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    T = TypeVar("T", default=Any)
else:
    from typing import TypeVar

    T = TypeVar("T")


class MapDeferator(Deferator[T], Generic[T]):
    """The results of `queue.map`: take them one by one as from any Deferator, or all at once by `toList`."""

    _source: ResultSource
    _whole: Deferred[list[T]] | None = None
    _isGathering = False

    def toList(self) -> Deferred[list[T]]:
        """All results that have not been taken yet.

        Returns: A Deferred that fires with the list, and errbacks with the map's first error; with CancelledError when
        the map was stopped, which is what cancelling the Deferred does.

        Raises: NotReadyError when somebody takes the results already.
        """
        if self._whole is not None or self._waiting is not None:
            raise NotReadyError("The results of this map are being taken already.")
        self._results: list[T] = []
        whole: Deferred[list[T]] = Deferred(lambda _: self.stop())
        self._whole = whole
        self._source.keeper = self
        self._arrived()
        return whole

    def _arrived(self) -> None:
        if self._whole is not None and not self._isGathering:
            self._isGathering = True
            # To take may bring more at once.
            while len(self._source):
                self._results += self._source.takeList()
            self._isGathering = False
            self._lookWhole(self._whole)
        super()._arrived()

    def _lookWhole(self, whole: Deferred[list[T]]) -> None:
        if whole.called:
            return
        if self._stopped:
            self._source.keeper = None
            whole.errback(Failure(CancelledError()))
        elif self._source.hasEnded:
            self._source.keeper = None
            whole.callback(self._source.failure or self._results)
            self._results = []
