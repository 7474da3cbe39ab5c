# SPDX-License-Identifier: Apache-2.0
"""A stream of a worker process, as the queue's side sees it: what has come, what was taken, what it may still make."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from ..frames import FIRST_CREDIT, LIMITS
from ..source import Source
from ..streammemory import StreamMemory
from ..task import Call, Task

# A stream may be so many items ahead of its taker. It begins with the few of FIRST_CREDIT, so that little is made in
# vain when the taker wants no more, and doubles with each new credit for a taker that has taken all that came.
_WIDEST = 16_384
# And so many bytes.
_BYTES = FIRST_CREDIT[1]


class RemoteStream:
    """Credit and items of one stream.

    Args:
        task: Whose it is.
        seq: The number of its call.
        grant: Sends new limits; its last argument says whether the stream had no credit.
        stop: Called when the taker wants no more.
        credited: Called when it may go on after it had no credit.
        memory: Bounds what all streams of its worker hold.

    Attributes: `source`, where its taker finds the items; `isStopping`: it is to be closed; `isSuspended`: the queue
    was told that it does not run; `isDropped`: nobody is to be told of its end.
    """

    def __init__(
        self,
        task: Task,
        seq: int,
        grant: Callable[[RemoteStream, bytes, bool], None],
        stop: Callable[[RemoteStream], None],
        credited: Callable[[], None],
        memory: StreamMemory,
    ) -> None:
        self.task = task
        self.seq = seq
        self.source = Source(self._taken, lambda: stop(self))
        self.isStopping = False
        self.isSuspended = False
        self.isDropped = False
        self._sendLimits = grant
        self._credited = credited
        self._memory = memory
        # What the worker was told of what was taken.
        self._toldItems = 0
        self._toldBytes = 0
        self._isOver = False
        self._window, _ = FIRST_CREDIT
        self._keepsUp = False  # since the last credit its taker has once taken all that had come
        self._itemLimit, self._byteLimit = FIRST_CREDIT
        self._came = 0
        self._cameBytes = 0
        self._took = 0
        self._tookBytes = 0
        # Of each batch that is not taken whole: how many items are left, and its bytes.
        self._batches: deque[list[int]] = deque()

    @property
    def call(self) -> Call:
        """The call that gave the iterator."""
        return self.task.call

    @property
    def canRun(self) -> bool:
        """Whether the worker has something to do for it."""
        return self.isStopping or (self._hasCredit and self._memory.room(self._came - self._toldItems) > 0)

    @property
    def isBlocked(self) -> bool:
        """Whether it could go on, and only the bound in memory keeps it from that."""
        return not self.isStopping and self._hasCredit and self._memory.isFull

    @property
    def _hasCredit(self) -> bool:
        return self._came < self._itemLimit and self._cameBytes < self._byteLimit

    @property
    def held(self) -> int:
        """The bytes of its items that are not known in the worker to be taken."""
        return self._cameBytes - self._toldBytes

    def tellTaken(self) -> None:
        """Tell the worker at once what was taken: memory is tight."""
        self.source.tellTaken()
        if self._took > self._toldItems and not self.isStopping:
            self._sendCredit(not self.canRun)

    def ended(self) -> None:
        """It holds no memory any more, as far as its worker is concerned."""
        self._memory.held -= self.held
        self._isOver = True

    def came(self, items: list[Any], size: int) -> None:
        """A batch has come."""
        self._came += len(items)
        self._cameBytes += size
        self._memory.held += size
        self._batches.append([len(items), size])
        # Few items of many bytes use up the credit of bytes: then each one counts.
        isSmall = size * self._window < len(items) * _BYTES // 2
        self.source.tellAfter = max(self._window // 4, 1) if isSmall and not self._memory.isTight else 1
        self.source.feed(items)

    def _taken(self, count: int) -> None:
        if self._isOver:
            return
        self._took += count
        while count and self._batches:
            batch = self._batches[0]
            some = min(count, batch[0])
            batch[0] -= some
            count -= some
            if not batch[0]:
                self._tookBytes += batch[1]
                self._batches.popleft()
        if not len(self.source):
            self._keepsUp = True
        if not self.isStopping:
            self._grant()

    def _grant(self) -> None:
        wasOut = not self.canRun
        itemLimit, byteLimit = self._took + self._window, self._tookBytes + _BYTES
        if (
            itemLimit - self._itemLimit >= self._window // 2
            or byteLimit - self._byteLimit >= _BYTES // 2
            or (wasOut and not len(self.source) and itemLimit > self._itemLimit and byteLimit > self._byteLimit)
            or (self._memory.isTight and self._took > self._toldItems)
        ):
            if self._keepsUp and self._window < _WIDEST:
                itemLimit += self._window
                self._window *= 2
            self._keepsUp = False
            self._itemLimit, self._byteLimit = itemLimit, byteLimit
            self._sendCredit(wasOut)

    def _sendCredit(self, wasOut: bool) -> None:
        self._memory.held -= self._tookBytes - self._toldBytes
        self._toldItems, self._toldBytes = self._took, self._tookBytes
        limits = LIMITS.pack(self._itemLimit, self._byteLimit, self._took, self._tookBytes)
        self._sendLimits(self, limits, wasOut)
        if wasOut and self.canRun:
            self._credited()
