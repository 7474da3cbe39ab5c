# SPDX-License-Identifier: GPL-3.0-or-later
"""Updates equalised colours while a picture fills in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .picturewidget import PictureWidget

# Seconds between two updates while pictures follow each other.
_PAUSE_SECONDS = 0.15
# More pixels than any picture has, at any cost of their colours: 10 ms for 1280 x 720 that are equalised.
_ALL = 1 << 40


class Equaliser:
    """Ranks the counts of a widget's picture again where its colours are equalised, and colours all of it.

    Args:
        widget: Shows the picture.
        clock: Returns seconds.
        scaleChanged: Called when colours are equalised now and were not before, or the reverse.
    """

    def __init__(self, widget: PictureWidget, clock: Callable[[], float], scaleChanged: Callable[[], None]) -> None:
        self._widget = widget
        self._clock = clock
        self._scaleChanged = scaleChanged
        self._rankedAt = 0.0

    def rankIfDue(self, isPassing: bool) -> None:
        """Rank unless the last time was a moment ago."""
        if self._clock() - self._rankedAt > _PAUSE_SECONDS:
            self.rank(isPassing)

    def rank(self, isPassing: bool = False) -> None:
        """Rank the counts now.

        Args:
            isPassing: Whether the picture is one of a zoom that goes on.
        """
        self._rankedAt = self._clock()
        widget, picture = self._widget, self._widget.picture
        before = widget.shownColouring
        picture.rank(isPassing)
        if picture.isStale and not picture.fineSamples:
            # At once: a part of it in other colours would be seen as a tear.
            widget.changed(picture.recolour(_ALL))
        if picture.isStale:
            widget.requestFrame()
        if widget.shownColouring != before:
            self._scaleChanged()
