# SPDX-License-Identifier: GPL-3.0-or-later
"""Continuous zoom, for as long as a button or a key is held."""

from __future__ import annotations

from collections.abc import Callable

# In doublings a second, as the time goes and not as events come: it neither gains speed nor runs on.
SPEED = 2.5
# A machine that was away for longer than so many seconds does not make up for it by a leap.
_MOST_AT_ONCE = 0.25


class SteadyZoom:
    """By how much a picture has become larger. clock: seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._direction = 0
        self._told = 0.0

    @property
    def isOn(self) -> bool:
        """Whether it goes on."""
        return self._direction != 0

    def begin(self, direction: int) -> None:
        """Go closer (1) or away (-1) from now on."""
        self._direction = direction
        self._told = self._clock()

    def end(self) -> None:
        """Stand still."""
        self._direction = 0

    def factor(self) -> float:
        """The factor since this was asked last; 1 while it is not on."""
        now = self._clock()
        passed, self._told = min(max(now - self._told, 0.0), _MOST_AT_ONCE), now
        return 2.0 ** (self._direction * SPEED * passed)
