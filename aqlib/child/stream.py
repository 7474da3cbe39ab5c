# SPDX-License-Identifier: Apache-2.0
"""A stream in a worker process: the iterator that a call gave, and the items of it that are on their way."""

from __future__ import annotations

import contextlib
import sys
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

from ..errors import EncodingError
from ..frames import FIRST_CREDIT, Buffer, Kind, pack
from ..page import Page
from ..pickling import dumps
from ..streammemory import StreamMemory
from .encoding import encodeError, encodeItem
from .outbox import Outbox

# An item that took longer to make, in seconds, leaves at once.
_SLOW = 0.0001
# Items that took less are gathered for so long (the outbox would send them a little later, should the next one never
# come), or until they are so many.
_LINGER = 0.0008
_MOST_GATHERED = 4096
_MOST_BYTES = 1 << 17
# Of these types items are immutable, and so can be pickled later and together. Longer texts count by their length.
_SCALARS = frozenset((int, float, bool, type(None), complex))
_TEXTS = frozenset((str, bytes))
_LONGEST_TEXT = 1000
# Smaller arrays are copied for that: to pickle each by itself takes three times as long.
_LARGEST_ARRAY = 1 << 16


class Stream:
    """One iterator, and how far it may go.

    Attributes: `seq`, the number of its call; `isClosed`: nobody wants more; `isOver`: its end has been sent.
    """

    def __init__(
        self, seq: int, iterator: Iterator[Any], outbox: Outbox, page: Page, memory: StreamMemory, flags: int
    ) -> None:
        self.seq = seq
        self._memory = memory
        self._itemLimit, self._byteLimit = FIRST_CREDIT
        self._taken = 0
        # Its share of `memory.held`, and the bytes that were taken.
        self._held = 0
        self._takenBytes = 0
        self.isClosed = False
        self.isOver = False
        self._iterator = iterator
        self._outbox = outbox
        self._page = page
        self._flags = flags
        self._items = 0
        # Each is counted up by one thread alone: the gathered ones under the outbox's lock.
        self._bytesAtOnce = 0
        self._bytesGathered = 0
        self._gatheredBytes = 0  # of the arrays that wait
        self._gathered: deque[Any] = deque()
        self._since = 0.0
        self._isFirst = True
        self._wall = 0.0
        self._cpu = 0.0

    @property
    def canRun(self) -> bool:
        """Whether there is something to do for it."""
        return self.isClosed or (self._hasCredit() and self._memory.room(self._items - self._taken) > 0)

    def credit(self, itemLimit: int, byteLimit: int, taken: int, takenBytes: int) -> None:
        """Go up to these totals; `taken` items of `takenBytes` bytes were taken so far."""
        self._itemLimit, self._byteLimit, self._taken, self._takenBytes = itemLimit, byteLimit, taken, takenBytes
        self._countHeld()

    def _hasCredit(self) -> bool:
        return self._items < self._itemLimit and self._bytesAtOnce + self._bytesGathered < self._byteLimit

    def _countHeld(self) -> None:
        before = self._held
        self._held = 0 if self.isOver else self._bytesAtOnce + self._bytesGathered - self._takenBytes
        self._memory.held += self._held - before

    def run(self, seenMail: int) -> None:
        """Make items until there is mail, no credit, or an end."""
        self._count(-1)
        if self.isClosed:
            self._close()
        else:
            self._makeItems(seenMail)
        if not self.isOver:
            self._count(1)
        self._countHeld()

    def _count(self, sign: int) -> None:
        """Begin (-1) or end (1) to count the time that the stream takes."""
        self._wall += sign * time.perf_counter()
        self._cpu += sign * time.process_time()

    def _makeItems(self, seenMail: int) -> None:
        iterator, page, clock = self._iterator, self._page, time.perf_counter
        now = clock()
        # No other stream adds to the memory meanwhile.
        held = self._items - self._taken
        itemLimit = self._itemLimit if held > 1 or not self._memory.isTight else min(self._itemLimit, self._taken + 2)
        made = self._bytesAtOnce + self._bytesGathered
        byteLimit = min(self._byteLimit, made + self._memory.room(0 if self._memory.isTight else 2))
        try:
            while (
                self._items < itemLimit
                and self._bytesAtOnce + self._bytesGathered < byteLimit
                and page.mail == seenMail
            ):
                begin = now
                item = next(iterator)
                now = clock()
                self._items += 1
                if type(item) not in _SCALARS:
                    item, mayWait = self._own(item)
                else:
                    mayWait = True
                if mayWait:
                    self._gather(item, now)
                    if now - begin < _SLOW and not self._isFirst and now - self._since < _LINGER:
                        continue
                    self.flush()
                else:
                    self._sendNow(item)
                self._isFirst = False
            self.flush()
        except StopIteration:
            self._end(Kind.END)
        except BaseException as error:
            encoded = encodeError(error, 1)
            if isinstance(error, EncodingError):
                with contextlib.suppress(BaseException):  # the first error is the one to tell
                    self._callClose()
            self._end(Kind.ERROR, encoded)

    def _own(self, item: Any) -> tuple[Any, bool]:
        """What is to be sent for an item, and whether that may wait: nobody can change it then."""
        kind = type(item)
        if kind in _TEXTS:
            return item, len(item) < _LONGEST_TEXT
        numpy = sys.modules.get("numpy")
        if numpy is None or kind is not numpy.ndarray or item.nbytes > _LARGEST_ARRAY:
            return item, False
        if item.dtype.isbuiltin != 1 or item.dtype.hasobject:  # it may name what must be imported, or have no pickle
            return item, False
        self._gatheredBytes += item.nbytes
        return item.copy(order="K"), True

    def _gather(self, item: Any, now: float) -> None:
        gathered = self._gathered
        gathered.append(item)
        if len(gathered) == 1:
            self._since = now
            self._outbox.soon(self._supply)
        elif len(gathered) >= _MOST_GATHERED or self._gatheredBytes >= _MOST_BYTES:
            self.flush()

    def flush(self) -> None:
        """Send what was gathered."""
        self._gatheredBytes = 0
        if self._gathered:
            self._outbox.send(())

    def _supply(self) -> list[Buffer]:
        gathered = self._gathered
        items: list[Any] = []
        # Until there is none: `_gather`, which runs meanwhile, asks for the next supply when it finds none but its own.
        while gathered:
            items += [gathered.popleft() for _ in range(len(gathered))]
        if not items:
            return []
        pickled = dumps(items)
        self._bytesGathered += pickled.size
        return pack(Kind.ITEMS, self.seq, pickled.payload, pickled.buffers)

    def _sendNow(self, item: Any) -> None:
        encoded = encodeItem(item)
        self._bytesAtOnce += encoded.size
        flags = self._flags if encoded.namesMain else 0
        pieces = pack(Kind.ITEMS, self.seq, encoded.payload, encoded.buffers, flags, lender=self._outbox.lender)
        self._outbox.send(pieces)

    def _close(self) -> None:
        """Nobody wants more: let the iterator clean up. An error in that is told."""
        try:
            self._callClose()
        except BaseException as error:
            self._end(Kind.ERROR, encodeError(error, 2))
        else:
            self._end(Kind.END)

    def _callClose(self) -> None:
        close = getattr(self._iterator, "close", None)
        if close is not None:
            close()

    def _end(self, kind: Kind, payload: bytes = b"") -> None:
        if not self.isOver:
            self.isOver = True
            self._count(1)
            self._outbox.send(pack(kind, self.seq, payload, flags=self._flags, wall=self._wall, cpu=self._cpu))
