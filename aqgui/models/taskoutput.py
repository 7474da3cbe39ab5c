# SPDX-License-Identifier: GPL-3.0-or-later
"""What tasks print, kept for whoever looks: the newest of it, up to a limit."""

from __future__ import annotations

from collections import deque

MOST_KEPT = 64_000


class TaskOutput:
    """The output of one task. When it grows too long its oldest pieces go, and `text` begins with how much that was.

    Args:
        limit: How many characters to keep.
    """

    __slots__ = ("_dropped", "_limit", "_pieces", "_size")

    def __init__(self, limit: int = MOST_KEPT) -> None:
        self._limit = limit
        self._pieces: deque[str] = deque()
        self._size = 0
        self._dropped = 0

    def add(self, text: str) -> None:
        """More has come."""
        if len(text) > self._limit:
            self._dropped += len(text) - self._limit
            text = text[-self._limit :]
        self._pieces.append(text)
        self._size += len(text)
        while self._size > self._limit:
            oldest = self._pieces.popleft()
            self._size -= len(oldest)
            self._dropped += len(oldest)

    @property
    def text(self) -> str:
        """What is kept."""
        kept = "".join(self._pieces)
        if self._dropped:
            return f"[{self._dropped:,} characters of earlier output were dropped]\n{kept}"
        return kept
