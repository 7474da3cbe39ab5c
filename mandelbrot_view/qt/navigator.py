# SPDX-License-Identifier: GPL-3.0-or-later
"""From steps in pixels to places: the one who goes there, and remembers where it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PyQt5.QtCore import QObject, QRectF, pyqtSignal

from ..places.place import HOME, REASON, Place
from .history import History, Spot


class Navigator(QObject):
    """Goes from place to place.

    place: where it begins; size: gives the picture's (width, height) in device pixels; clock: seconds.
    Signals: placeChanged(Place); historyChanged(can go back, can go forward); hinted(why it goes no farther, or "").
    """

    placeChanged = pyqtSignal(object)
    historyChanged = pyqtSignal(bool, bool)
    hinted = pyqtSignal(str)

    def __init__(self, place: Place, size: Callable[[], tuple[int, int]], clock: Callable[[], float]) -> None:
        super().__init__()
        self._history = History(place, clock)
        self._size = size
        self._told = (False, False)
        self._ownLimit: int | None = None
        self._dragPlace = place
        self._isDragVisited = False

    @property
    def place(self) -> Place:
        """Where it is."""
        return self._history.place

    def visit(self, place: Place, kind: str | None = None, spot: Spot | None = None) -> None:
        """Go to a place; kind and spot as History.visit() has them."""
        before = self.place
        self._history.visit(place, kind, spot)
        self._tell(before)

    def setLimit(self, limit: int | None) -> None:
        """Another limit for the place, which stays where it is. Raises PlaceError for a limit out of range."""
        self._amend(Place.make(self.place.re, self.place.im, self.place.zoom, limit))
        self._ownLimit = limit

    def goBack(self) -> None:
        """To the place before."""
        before = self.place
        self._history.back()
        self._tell(before)

    def goForward(self) -> None:
        """To the place after."""
        before = self.place
        self._history.forward()
        self._tell(before)

    def goHome(self) -> None:
        """To the whole set. A limit that the user has set stays, one that has come with a place does not."""
        self.visit(replace(HOME, limit=self._ownLimit if self.place.limit == self._ownLimit else None))

    # Zooms.

    def zoom(self, factor: float, spot: Spot, kind: str) -> None:
        """Zoom about a position, which stays where it is."""
        self._zoomTo(self.place.zoomedBy(factor, *spot, self._size()), factor, kind, spot)

    def zoomOn(self, factor: float, spot: Spot) -> None:
        """Zoom as a part of a steady zoom, which is one visit, wherever the pointer goes meanwhile."""
        self._zoomTo(self.place.zoomedBy(factor, *spot, self._size()), factor, "steady")

    def zoomCentred(self, factor: float, x: float, y: float) -> None:
        """Zoom, and bring a position to the middle."""
        width, height = size = self._size()
        centred = self.place.pannedBy(round(width / 2 - x), round(height / 2 - y), height)
        self._zoomTo(centred.zoomedBy(factor, width / 2, height / 2, size), factor)

    def zoomToRectangle(self, rectangle: QRectF) -> None:
        """Have a rectangle of the picture fill the view."""
        middle = rectangle.center()
        self.zoomCentred(self._size()[1] / rectangle.height(), middle.x(), middle.y())

    def _zoomTo(self, place: Place, factor: float, kind: str | None = None, spot: Spot | None = None) -> None:
        self.visit(place, kind, spot)
        if factor > 1 and not place.canZoomIn():
            self.hinted.emit(REASON)

    # Pans.

    def step(self, dx: int, dy: int) -> None:
        """Look so many pixels farther to the right and down; steps in quick succession are one visit."""
        self.visit(self.place.pannedBy(-dx, -dy, self._size()[1]), "step")

    def beginDrag(self) -> None:
        """The picture is taken hold of."""
        self._dragPlace = self.place
        self._isDragVisited = False

    def drag(self, dx: int, dy: int) -> None:
        """The hand, and the picture with it, has moved by so many pixels since then."""
        place = self._dragPlace.pannedBy(dx, dy, self._size()[1])
        if self._isDragVisited:
            self._amend(place)
        else:
            self.visit(place)
            self._isDragVisited = self.place != self._dragPlace

    def _amend(self, place: Place) -> None:
        before = self.place
        self._history.amend(place)
        self._tell(before)

    def _tell(self, before: Place) -> None:
        if self.place != before:
            self.hinted.emit("")
            self.placeChanged.emit(self.place)
        now = self._history.canGoBack, self._history.canGoForward
        if now != self._told:
            self._told = now
            self.historyChanged.emit(*now)
