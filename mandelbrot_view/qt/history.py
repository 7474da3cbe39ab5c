# SPDX-License-Identifier: GPL-3.0-or-later
"""The places visited, as a browser has its pages."""

from __future__ import annotations

from collections.abc import Callable
from math import dist

from ..places.place import Place

Spot = tuple[float, float]

MOST_PLACES = 500
# Steps of one kind that follow within so many seconds, at spots so many pixels apart at most, are one visit.
PAUSE = 1.0
NEAR = 24.0


class History:
    """The place shown, those before it and those after it.

    place: where it begins; clock: seconds.
    """

    def __init__(self, place: Place, clock: Callable[[], float]) -> None:
        self._places = [place]
        self._index = 0
        self._clock = clock
        self._kind: str | None = None
        self._spot: Spot | None = None
        self._visitedAt = 0.0

    @property
    def place(self) -> Place:
        """The one shown."""
        return self._places[self._index]

    @property
    def canGoBack(self) -> bool:
        """Whether there is a place before it."""
        return self._index > 0

    @property
    def canGoForward(self) -> bool:
        """Whether there is a place after it."""
        return self._index < len(self._places) - 1

    def visit(self, place: Place, kind: str | None = None, spot: Spot | None = None) -> None:
        """Go to another place; those that came after the present one are forgotten.

        kind, spot: of a step that may follow others, such as a click of the wheel at a position: in quick succession
        they are one visit.
        """
        goesOn = self._goesOn(kind, spot)
        self._kind, self._visitedAt = kind, self._clock()
        if not goesOn:
            self._spot = spot
        if place == self.place:
            return
        if goesOn:
            self._places[self._index :] = [place]
            return
        self._places[self._index + 1 :] = [place]
        del self._places[:-MOST_PLACES]
        self._index = len(self._places) - 1

    def amend(self, place: Place) -> None:
        """The present place is this one: no visit of its own."""
        self._places[self._index] = place

    def back(self) -> Place:
        """Go to the place before; at the first one, stay."""
        return self._step(-1)

    def forward(self) -> Place:
        """Go to the place after; at the last one, stay."""
        return self._step(1)

    def _step(self, by: int) -> Place:
        self._index = min(max(self._index + by, 0), len(self._places) - 1)
        self._kind = None
        return self.place

    def _goesOn(self, kind: str | None, spot: Spot | None) -> bool:
        if kind is None or kind != self._kind or self._clock() - self._visitedAt > PAUSE:
            return False
        return spot is None or self._spot is None or dist(spot, self._spot) <= NEAR
