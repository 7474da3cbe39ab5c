# SPDX-License-Identifier: GPL-3.0-or-later
"""How long something will still take, by how fast it went lately."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

# Of the last so many seconds: deeper key frames take longer, and the machine is not always free.
_LATELY = 45.0
# Before so many seconds nothing is known.
_FIRST = 2.0


class Pace:
    """What is done of a whole, and the time left.

    clock: gives seconds; total: the whole, in any unit; done: what was there before it began.
    """

    def __init__(self, clock: Callable[[], float], total: float, done: float = 0.0) -> None:
        self._clock = clock
        self.total = total
        self.done = done
        self._marks: deque[tuple[float, float]] = deque([(clock(), done)])

    def reached(self, done: float) -> None:
        """So much is done now."""
        self.done = done
        now = self._clock()
        if now - self._marks[-1][0] >= _LATELY / 50 or len(self._marks) == 1:
            self._marks.append((now, done))
        while len(self._marks) > 2 and now - self._marks[1][0] > _LATELY:
            self._marks.popleft()

    @property
    def share(self) -> float:
        """What is done, 0 to 1."""
        return min(self.done / self.total, 1.0) if self.total else 1.0

    def left(self) -> float | None:
        """Seconds that the rest will take; None while that is not known."""
        since, before = self._marks[0]
        spent, gained = self._clock() - since, self.done - before
        if spent < _FIRST or gained <= 0:
            return None
        return (self.total - self.done) * spent / gained
