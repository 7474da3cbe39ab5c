# SPDX-License-Identifier: Apache-2.0
"""StreamMemory: the bound on the bytes that the open streams of one worker process hold.

The queue and the worker process count alike, each when it learns of it: bytes of items that were made and are not known
to be taken. Both sides use the module.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

# Bytes that the streams of one worker may hold when the queue's option names no other number.
DEFAULT_BYTES = 128 << 20


class _Stream(Protocol):
    @property
    def canRun(self) -> bool: ...


S = TypeVar("S", bound=_Stream)


class StreamMemory:
    """Decides which streams may make more items.

    From half of the limit on, only streams that hold fewer than two items do: a merge needs the next item of every
    stream, and a `for` loop looks one item ahead. So a merge of any number of streams goes on while two items of each
    take less than half of the limit. At the limit no stream goes on until items are taken. From half of it on, streams
    go on in the order in which they began, so that their first items come in that order; else the last one goes first.

    Args:
        limit: Bytes.

    Attributes: `held`, the bytes held at present.
    """

    __slots__ = ("held", "limit")

    def __init__(self, limit: int = DEFAULT_BYTES) -> None:
        self.limit = limit
        self.held = 0

    @property
    def isTight(self) -> bool:
        """Whether half of the limit is reached."""
        return self.held >= self.limit // 2

    @property
    def isFull(self) -> bool:
        """Whether no stream may go on."""
        return self.held >= self.limit

    def room(self, items: int) -> int:
        """Bytes that a stream which holds `items` items may add; 0 or fewer when it must wait."""
        return (self.limit // 2 if items > 1 else self.limit) - self.held

    def next(self, streams: Sequence[S]) -> S | None:
        """Of the streams of the worker, the oldest first, the one that goes on when no call runs."""
        inOrder: Iterable[S] = streams if self.isTight else reversed(streams)
        return next((stream for stream in inOrder if stream.canRun), None)
