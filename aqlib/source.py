# SPDX-License-Identifier: Apache-2.0
"""Source: where the items of a running stream wait in this process until somebody takes them.

A worker feeds it and ends it; a Deferator or a ConsumerFeed takes the items out. How many have been taken is told back,
so that the worker makes more only while there is room: that is what keeps the memory of both sides flat.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from weakref import ref

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure


class Source:
    """Items on their way to one taker.

    Args:
        taken: Called with how many items have been taken since the last time.
        stop: Called, once at most, when the taker wants no more.

    Attributes: `tellAfter`: `taken` is called when so many have been taken, and when there is no item left.
    """

    def __init__(self, taken: Callable[[int], None], stop: Callable[[], None]) -> None:
        self.tellAfter = 1
        self._items: deque[Any] = deque()
        self._untold = 0
        self._taken = taken
        self._stop: Callable[[], None] | None = stop
        self._listener: Callable[[], None] | None = None
        self._drained: Callable[[], None] | None = None
        self.hasEnded = False
        self.failure: Failure | None = None
        self.broke: Callable[[Failure], None] | None = None
        # Keeps a taker alive while it waits for an item, however little else refers to it.
        self.keeper: object = None
        # Calls a function in the reactor's thread, soon, from any thread; None when the items are made in this process.
        self.callSoon: Callable[[Callable[[], None]], None] | None = None
        # A Deferred, while somebody waits for the end, that fires with False when the taker is gone.
        self.end: Deferred[bool] | None = None
        self._taker: ref[Any] | None = None

    def __len__(self) -> int:
        return len(self._items)

    # The worker's side.

    def feed(self, items: Iterable[Any]) -> None:
        """Items have come. After the end they are dropped."""
        if not self.hasEnded:
            self._items.extend(items)
            self._tell()

    def finish(self, failure: Failure | None, drained: Callable[[], None] | None = None) -> None:
        """The stream has ended, well or by `failure`. `drained` is called when the last item has been taken."""
        if not self.hasEnded:
            self.hasEnded = True
            self.failure = failure
            self._drained = drained
            self._stop = None
            if self.end is None:
                self._taker = None
            self._tell()
            self._lookDrained()

    def abandon(self, failure: Failure) -> None:
        """The stream is ended from here: what has come and was not taken is dropped."""
        self._items.clear()
        if self.hasEnded:
            self.failure = failure
            self._tell()
        else:
            self.finish(failure)

    # The taker's side.

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever items or the end have come."""
        self._listener = listener
        self._tell()

    def closeWith(self, taker: object, callSoon: Callable[[Callable[[], None]], None]) -> None:
        """Stop when `taker` is garbage-collected, for nobody can take any more then.

        Args:
            taker: What alone takes items. A strong reference to it is kept in `keeper` only, while it waits.
            callSoon: Calls a function in the reactor's thread, soon; the garbage collector may run in any thread.
        """
        self.callSoon = callSoon
        self._taker = ref(taker, lambda _: callSoon(self._abandoned))

    def take(self) -> Any:
        """The next item. Raises IndexError when there is none yet."""
        item = self._items.popleft()
        self._untold += 1
        if self._untold >= self.tellAfter or not self._items:
            self.tellTaken()
        return item

    def takeAll(self) -> Iterator[Any]:
        """The items that are here, one by one; their taking is told together when the caller pauses or they end."""
        try:
            while self._items:
                self._untold += 1
                yield self._items.popleft()
        finally:
            self.tellTaken()

    def tellTaken(self) -> None:
        """Tell how many have been taken since the last time."""
        taken, self._untold = self._untold, 0
        if taken:
            self._taken(taken)
        self._lookDrained()

    def stop(self) -> None:
        """Want no more. What has come already is dropped."""
        self._items.clear()
        self._taker = None
        stop, self._stop = self._stop, None
        if stop is not None:
            stop()
        self._lookDrained()

    def _abandoned(self) -> None:
        self.stop()
        end, self.end = self.end, None
        if end is not None and not end.called:
            end.callback(False)

    def _tell(self) -> None:
        if self._listener is not None:
            self._listener()

    def _lookDrained(self) -> None:
        if self.hasEnded and not self._items and self._drained is not None:
            drained, self._drained = self._drained, None
            drained()
