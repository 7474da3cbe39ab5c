# SPDX-License-Identifier: GPL-3.0-or-later
"""The layer over a view on which the overlays are drawn, each switched on and off by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from PyQt5.QtCore import QEvent, QObject, QPointF, QRectF, Qt, QTimer
from PyQt5.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PyQt5.QtWidgets import QWidget

from ...colour.palettes import Palette
from ...places.place import Place
from .busy import Busy
from .drawing import drawOrbit, drawScale, drawTile
from .juliawindow import JuliaWindow
from .orbit import orbit
from .scalebar import coordinates, scaleBar

if TYPE_CHECKING:
    from aqlib import TaskQueue

# Milliseconds between two looks at which worker has which tile.
_LOOK_EVERY = 100
_LONGEST_BAR, _MARGIN = 160, 12
# Where the pointer is so close to it, the Julia set steps aside.
_NEAR = 16
# Farther from the view's middle than so many of its widths, a line leads to nowhere.
_FARTHEST = 100.0


class Overlay(Enum):
    """What can be laid over the picture."""

    SCALE = "scale"
    ORBIT = "orbit"
    JULIA = "julia"
    TILES = "tiles"


class View(Protocol):
    """What the layer asks of the view under it."""

    @property
    def place(self) -> Place:
        """The place shown."""

    @property
    def deviceSize(self) -> tuple[int, int]:
        """Its size in device pixels."""

    @property
    def palette(self) -> Palette:
        """The palette in use."""

    def busyTiles(self) -> Iterable[Busy]:
        """The tiles that are being computed or wait."""


class OverlayLayer(QWidget):
    """Lies over a view, and lets its mouse through.

    view: a QWidget that is a View; queue: what computes the Julia set; group: of its tasks; workerColour: of a worker's
    number.
    """

    def __init__(
        self, view: QWidget, queue: TaskQueue, group: str, workerColour: Callable[[int], QColor]
    ) -> None:  # fmt: skip
        super().__init__(view)
        self._view: View = view  # type: ignore[assignment]  # it is both
        self._workerColour = workerColour
        self._shown: set[Overlay] = set()
        self._pointer: QPointF | None = None
        self._julia = JuliaWindow(queue, group, lambda: self._view.palette, self)
        self._julia.hide()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY)
        self._timer.timeout.connect(self.update)
        self.setAttribute(Qt.WA_TransparentForMouseEvents)
        view.setMouseTracking(True)
        view.installEventFilter(self)
        self.setGeometry(view.rect())
        self._placeJulia()
        self.hide()

    def isOn(self, overlay: Overlay) -> bool:
        """Whether an overlay is shown."""
        return overlay in self._shown

    def setOn(self, overlay: Overlay, on: bool) -> None:
        """Show an overlay, or take it away."""
        (self._shown.add if on else self._shown.discard)(overlay)
        self.setVisible(bool(self._shown))
        self._julia.setVisible(Overlay.JULIA in self._shown)
        if Overlay.TILES in self._shown:
            self._timer.start()
        else:
            self._timer.stop()
        if Overlay.JULIA not in self._shown:
            self._julia.stop()
        self.raise_()
        self._follow()
        self.update()

    def refresh(self) -> None:
        """The place is another one."""
        self._follow()
        self.update()

    def stop(self) -> None:
        """Compute nothing any more."""
        self._timer.stop()
        self._julia.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """QObject: follow the view's size and its pointer."""
        if event.type() == QEvent.Resize:
            self.setGeometry(0, 0, self.parentWidget().width(), self.parentWidget().height())
            self._placeJulia()
        elif event.type() == QEvent.MouseMove and isinstance(event, QMouseEvent) and self._shown:
            self._pointer = QPointF(event.localPos())
            self._placeJulia()
            self._follow()
            self.update()
        elif event.type() == QEvent.Leave:
            self._pointer = None
            self.update()
        return False

    @property
    def _ratio(self) -> float:
        return self.devicePixelRatioF()

    def _point(self) -> complex | None:
        """What is under the pointer."""
        if self._pointer is None:
            return None
        x, y = self._pointer.x() * self._ratio, self._pointer.y() * self._ratio
        re, im = self._view.place.pointAt(x, y, self._view.deviceSize)
        return complex(float(re), float(im))

    def _placeJulia(self) -> None:
        """Have the Julia set in the upper right corner, and in the other one while the pointer is near that."""
        self._julia.fit(self.width(), self.height())
        left, right = _MARGIN, self.width() - self._julia.width() - _MARGIN
        at = right if self._julia.x() != left or self._isPointerNear(left) else left
        self._julia.move(left if at == right and self._isPointerNear(right) else at, _MARGIN)

    def _isPointerNear(self, x: int) -> bool:
        """Whether the Julia set would be in the pointer's way there."""
        there = QRectF(x, _MARGIN, self._julia.width(), self._julia.height())
        near = there.adjusted(-_NEAR, -_NEAR, _NEAR, _NEAR)
        return self._pointer is not None and near.contains(self._pointer)

    def _follow(self) -> None:
        point = self._point()
        if Overlay.JULIA in self._shown and point is not None:
            self._julia.follow(point)

    # Drawing.

    def paintEvent(self, event: QPaintEvent) -> None:
        """QWidget: what is on."""
        with QPainter(self) as painter:
            if Overlay.TILES in self._shown:
                self._drawTiles(painter)
            if Overlay.ORBIT in self._shown:
                self._drawOrbit(painter)
            if Overlay.SCALE in self._shown:
                self._drawScale(painter)

    def _drawTiles(self, painter: QPainter) -> None:
        for tile, name, worker in self._view.busyTiles():
            rectangle = QRectF(*(side / self._ratio for side in tile)).adjusted(1, 1, -1, -1)
            text = f"{name}: worker {worker}" if worker is not None else f"{name}: waiting"
            drawTile(painter, self.font(), rectangle, text, None if worker is None else self._workerColour(worker))

    def _drawOrbit(self, painter: QPainter) -> None:
        point = self._point()
        if point is None:
            return
        place, (width, height) = self._view.place, self._view.deviceSize
        spacing = float(place.exactSpacing(height)) * self._ratio
        middle, farthest = complex(float(place.re), float(place.im)), _FARTHEST * width
        points = []
        for z in orbit(point):
            aside = (z - middle) / spacing if spacing else complex(farthest)
            if abs(aside) >= farthest:
                break
            points.append(QPointF(self.width() / 2 + aside.real, self.height() / 2 - aside.imag))
        drawOrbit(painter, points)

    def _drawScale(self, painter: QPainter) -> None:
        size = self._view.deviceSize
        spacing = self._view.place.exactSpacing(size[1])
        length, told = scaleBar(spacing, _LONGEST_BAR * self._ratio)
        lines = [told]
        if self._pointer is not None:
            x, y = self._pointer.x() * self._ratio, self._pointer.y() * self._ratio
            lines.insert(0, coordinates(self._view.place.pointAt(x, y, size), spacing))
        drawScale(painter, self.font(), QRectF(self.rect()), length / self._ratio, lines)
