# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast samples are computed."""

from collections import deque
from collections.abc import Callable

# Seconds over which it is smoothed.
WINDOW = 1.0


class Speed:
    """Samples a second over the last second of work. clock: seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._recent: deque[tuple[float, float]] = deque()
        self._total = 0.0
        self._since = 0.0

    def add(self, samples: float) -> None:
        """So many more have been computed."""
        now = self._clock()
        self._forget(now)
        if not self._recent:
            self._since = now
        self._recent.append((now, samples))
        self._total += samples

    def value(self) -> float:
        """Samples a second; 0 when none has come for a second."""
        now = self._clock()
        self._forget(now)
        if not self._recent:
            return 0.0
        # Not less than a fifth of it: the first samples come in a bunch, of which no speed can be told.
        return self._total / min(max(now - self._since, WINDOW / 5), WINDOW)

    def reset(self) -> None:
        """The work is over: the next begins with a speed of its own."""
        self._recent.clear()
        self._total = 0.0

    def _forget(self, now: float) -> None:
        while self._recent and self._recent[0][0] < now - WINDOW:
            self._total -= self._recent.popleft()[1]
