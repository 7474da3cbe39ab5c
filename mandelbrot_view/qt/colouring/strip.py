# SPDX-License-Identifier: GPL-3.0-or-later
"""The gradient that is edited: one cycle as a strip, and its stops below, to be dragged or moved by keys."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QPointF, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PyQt5.QtWidgets import QWidget

from ...colour.gradient import Gradient
from .images import stripImage

_BAR, _HANDLE, _MARGIN, _GAP = 40, 18, 10, 2
# A stop is meant that is so near, in pixels.
_REACH = 8
# What an arrow key moves a stop by, in cycles; with Shift, and with Ctrl.
_STEP, _FINE, _FAR = 0.01, 0.001, 0.05


class GradientStrip(QWidget):
    """Shows a Gradient, and lets hands change it; one of its stops, `current`, is the one that is meant.

    Signals: changed(), after its gradient was; chosen(number of the stop that is current now); colourAsked(), when the
    current stop is to get another colour.
    """

    changed = pyqtSignal()
    chosen = pyqtSignal(int)
    colourAsked = pyqtSignal()

    def __init__(self, gradient: Gradient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.gradient = gradient
        self._current = 0
        self._grip: float | None = None  # while a stop is dragged, how far from it the hand took it, in pixels
        colour = self.colourAsked.emit
        self._keys: dict[int, Callable[[], None]] = {
            Qt.Key_PageUp: lambda: self.choose(self._current - 1),
            Qt.Key_PageDown: lambda: self.choose(self._current + 1),
            Qt.Key_Home: lambda: self.choose(0),
            Qt.Key_End: lambda: self.choose(-1),
            Qt.Key_Insert: self.add, Qt.Key_Plus: self.add,
            Qt.Key_Delete: self.remove, Qt.Key_Backspace: self.remove,
            Qt.Key_Return: colour, Qt.Key_Enter: colour, Qt.Key_Space: colour,
        }  # fmt: skip
        self.setFocusPolicy(Qt.StrongFocus)
        self.setFixedHeight(_BAR + _GAP + _HANDLE + 2)
        self.setMinimumWidth(160)
        self.setCursor(Qt.PointingHandCursor)
        self.setAccessibleName("Gradient")
        self.setToolTip(
            "Double click: another stop, or a stop's colour. Drag: move a stop. "
            "Keys: ← → move, Page Up and Down choose, Insert adds, Delete removes, Return colours."
        )
        self._describe()

    @property
    def current(self) -> int:
        """The number of the stop that is meant."""
        return self._current

    def setGradient(self, gradient: Gradient) -> None:
        """Edit another gradient."""
        self.gradient = gradient
        self._current = 0
        self._grip = None
        self._changedTo(0)

    def choose(self, number: int) -> None:
        """Mean another stop; after the last comes the first."""
        self._current = number % len(self.gradient)
        self._describe()
        self.update()
        self.chosen.emit(self._current)

    def add(self) -> None:
        """Another stop, between the current one and the next."""
        self._added(self.gradient.add_after(self._current))

    def remove(self) -> None:
        """Take the current stop away, unless there are too few."""
        if self.gradient.remove(self._current):
            self._changedTo(min(self._current, len(self.gradient) - 1))

    def moveStop(self, position: float) -> None:
        """Move the current stop."""
        before = self.gradient.stops
        self.gradient.move(self._current, position)
        if self.gradient.stops != before:
            self._changedTo(self._current)

    def recolour(self, colour: str) -> None:
        """Give the current stop a colour, "rrggbb"."""
        if self.gradient.stops[self._current][1] != colour:
            self.gradient.recolour(self._current, colour)
            self._changedTo(self._current)

    def reverse(self) -> None:
        """Turn all around; the same stop stays current."""
        colour = self.gradient.stops[self._current][1]
        self.gradient.reverse()
        colours = [each for _, each in self.gradient.stops]
        self._changedTo(colours.index(colour))

    def spread(self) -> None:
        """Put all stops at even distances."""
        self.gradient.spread()
        self._changedTo(self._current)

    def _added(self, number: int | None) -> None:
        if number is not None:
            self._changedTo(number)

    def _changedTo(self, current: int) -> None:
        self.choose(current)
        self.changed.emit()

    def _describe(self) -> None:
        position, colour = self.gradient.stops[self._current]
        which = f"Stop {self._current + 1} of {len(self.gradient)}"
        self.setAccessibleDescription(f"{which}, at {position:.1%}, colour #{colour}")

    # What hands do.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """QWidget: take hold of a stop."""
        number = self._at(event.localPos())
        if event.button() == Qt.LeftButton and number is not None:
            self._grip = event.localPos().x() - self._x(self.gradient.stops[number][0])
            self.choose(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """QWidget: drag it."""
        if self._grip is not None:
            self.moveStop(self._position(event.localPos().x() - self._grip))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """QWidget: let go of it."""
        self._grip = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """QWidget: another stop, or another colour for one that is there."""
        if event.button() != Qt.LeftButton:
            return
        number = self._at(event.localPos())
        if number is None:
            self._added(self.gradient.add(self._position(event.localPos().x())))
            self._grip = 0.0  # it can be dragged at once
        else:
            self.choose(number)
            self.colourAsked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """QWidget: what the mouse does, by keys."""
        key, modifiers = event.key(), event.modifiers()
        if key in (Qt.Key_Left, Qt.Key_Right):
            step = _FINE if modifiers & Qt.ShiftModifier else _FAR if modifiers & Qt.ControlModifier else _STEP
            self.moveStop(self.gradient.stops[self._current][0] + (step if key == Qt.Key_Right else -step))
            return
        does = self._keys.get(key)
        if does is None:
            super().keyPressEvent(event)
        else:
            does()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """QWidget: show which stop keys go to."""
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """QWidget: and no more."""
        self.update()

    # What is to be seen.

    def sizeHint(self) -> QSize:
        """QWidget: a bar that stops can be told apart on."""
        return QSize(440, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """QWidget: one cycle, and its stops."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.Antialiasing)
        bar = self._bar
        painter.setRenderHint(QPainter.SmoothPixmapTransform)
        painter.drawImage(bar, stripImage(self.gradient.palette(""), max(bar.width(), 1)))
        painter.setPen(QPen(self.palette().color(QPalette.Mid), 1))
        painter.drawRect(QRectF(bar).adjusted(-0.5, -0.5, 0.5, 0.5))
        for number in [*range(len(self.gradient)), self._current]:  # the current one above all others
            self._drawStop(painter, number)

    def _drawStop(self, painter: QPainter, number: int) -> None:
        position, colour = self.gradient.stops[number]
        x, y = self._x(position), self._bar.bottom() + 1 + _GAP
        isCurrent = number == self._current
        accent, text = (self.palette().color(role) for role in (QPalette.Highlight, QPalette.WindowText))
        if isCurrent:
            painter.setPen(QPen(text, 1, Qt.DotLine))
            painter.drawLine(QPointF(x, self._bar.top()), QPointF(x, y))
        half = 6.0
        shape = QPolygonF(
            [
                QPointF(x, y), QPointF(x + half, y + half), QPointF(x + half, y + _HANDLE - 1),
                QPointF(x - half, y + _HANDLE - 1), QPointF(x - half, y + half),
            ]
        )  # fmt: skip
        strong = isCurrent and self.hasFocus()
        painter.setPen(QPen(accent if strong else text, 3 if strong else 2 if isCurrent else 1))
        painter.setBrush(QColor(f"#{colour}"))
        painter.drawPolygon(shape)

    @property
    def _bar(self) -> QRect:
        return QRect(_MARGIN, 1, max(self.width() - 2 * _MARGIN, 1), _BAR)

    def _x(self, position: float) -> float:
        return self._bar.left() + position * self._bar.width()

    def _position(self, x: float) -> float:
        return min(max((x - self._bar.left()) / self._bar.width(), 0.0), 1.0)

    def _at(self, where: QPointF) -> int | None:
        """The stop that is meant by a place: the nearest in reach; on the bar only one that is hit."""
        reach = _REACH if where.y() > self._bar.bottom() else _REACH // 2
        distances = [abs(where.x() - self._x(position)) for position, _ in self.gradient.stops]
        nearest = min(range(len(distances)), key=lambda number: (distances[number], number != self._current))
        return nearest if distances[nearest] <= reach else None
