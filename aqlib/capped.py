# SPDX-License-Identifier: Apache-2.0
"""Capped: the head and the tail of a text that may be too long to be kept."""

from __future__ import annotations

import threading
from collections import deque

# Characters kept of the beginning and of the end of what one task writes to one of its streams.
MAX_HEAD_CHARACTERS = MAX_TAIL_CHARACTERS = 1 << 19


class Capped:
    """Lets the head of a text pass as it comes, and keeps the tail until the end. Any thread may add to it."""

    def __init__(self) -> None:
        # A handler of a signal may print while its thread does.
        self._lock = threading.RLock()
        self._passed = 0
        self._tail: deque[str] = deque()
        self._kept = 0
        self._missing = 0

    def add(self, text: str) -> str:
        """Take more of the text. What of it is to be passed on now."""
        with self._lock:
            head = text[: max(MAX_HEAD_CHARACTERS - self._passed, 0)]
            self._passed += len(head)
            if len(head) < len(text):
                self._keep(text[len(head) :])
            return head

    def _keep(self, text: str) -> None:
        tail = self._tail
        tail.append(text)
        self._kept += len(text)
        while self._kept > MAX_TAIL_CHARACTERS:
            first = tail.popleft()
            excess = min(self._kept - MAX_TAIL_CHARACTERS, len(first))
            self._missing += excess
            self._kept -= excess
            if excess < len(first):
                tail.appendleft(first[excess:])

    def end(self) -> str:
        """The text has ended: what is left to be passed on. Another text may follow."""
        with self._lock:
            gap = f"\n[{self._missing:,} characters are missing here]\n" if self._missing else ""
            rest = gap + "".join(self._tail)
            self._tail.clear()
            self._passed = self._kept = self._missing = 0
            return rest
