# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user's hands do to the view: wheel, drags, held buttons and keys, double clicks, in device pixels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from PyQt5.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt, pyqtSignal
from PyQt5.QtGui import QCursor, QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PyQt5.QtWidgets import QWidget

# A click of the wheel is 120 of Qt's units, and makes the picture 2^0.4 times larger: five clicks, four times.
# Touch pads send parts of a click, which make parts of that.
_UNITS_PER_DOUBLING = 120 / 0.4
# What a key or a button does.
KEY_FACTOR = 2.0
DOUBLE_CLICK_FACTOR = 3.0
# Arrow keys move by this part of the picture.
_ARROW = 1 / 8
# A zoom rectangle must be so many device pixels high, lest a mere click dives into the depth.
_LEAST_HEIGHT = 6.0

_ARROWS = {Qt.Key_Left: (-1, 0), Qt.Key_Right: (1, 0), Qt.Key_Up: (0, -1), Qt.Key_Down: (0, 1)}
_LARGER, _SMALLER = (Qt.Key_Plus, Qt.Key_Equal), (Qt.Key_Minus, Qt.Key_Underscore)
_Handler = Callable[[Any], bool]


class Gestures(QObject):
    """Watches the events of a view, and says what they ask for. Positions are device pixels.

    Signals: wheelZoomed(factor, x, y); keyZoomed(factor); centred(factor, x, y): zoom about that point and bring it to
    the middle; holdBegan(1 or -1): go closer or away for as long as it is held; holdEnded(); dragBegan(), dragged(dx,
    dy) since it began; stepped(dx, dy); homeAsked(); rectangleChosen(QRectF).
    """

    wheelZoomed = pyqtSignal(float, float, float)
    keyZoomed = pyqtSignal(float)
    centred = pyqtSignal(float, float, float)
    holdBegan = pyqtSignal(int)
    holdEnded = pyqtSignal()
    dragBegan = pyqtSignal()
    dragged = pyqtSignal(int, int)
    stepped = pyqtSignal(int, int)
    homeAsked = pyqtSignal()
    rectangleChosen = pyqtSignal(QRectF)

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self._pointer: QPointF | None = None
        # The button that holds the picture, or draws the rectangle: another one does not let go.
        self._button = Qt.NoButton
        self._dragFrom: QPointF | None = None
        self._isDragging = False
        self._rectangleFrom: QPointF | None = None
        self._rectangleTo = QPointF()
        self._isHolding = False
        # The key that zooms for as long as it is held.
        self._heldKey: int | None = None
        self._handlers: dict[int, _Handler] = {
            QEvent.Wheel: self._wheel,
            QEvent.MouseButtonPress: self._press,
            QEvent.MouseMove: self._move,
            QEvent.MouseButtonRelease: self._release,
            QEvent.MouseButtonDblClick: self._doubleClick,
            QEvent.KeyPress: self._key,
            QEvent.KeyRelease: self._keyReleased,
            QEvent.FocusOut: self._focusLost,
            QEvent.Leave: self._leave,
        }
        view.setMouseTracking(True)
        view.setFocusPolicy(Qt.StrongFocus)
        view.installEventFilter(self)
        self._setCursor(Qt.OpenHandCursor)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """QObject: handle those that are gestures."""
        handler = self._handlers.get(event.type()) if event is not None else None
        return handler(event) if handler is not None else False

    @property
    def focus(self) -> tuple[float, float]:
        """Where the pointer is, or the middle while it is elsewhere."""
        if self._pointer is not None:
            return self._pointer.x(), self._pointer.y()
        width, height = self._deviceSize
        return width / 2, height / 2

    @property
    def rectangle(self) -> QRect | None:
        """The zoom rectangle that is being drawn, in the widget's own pixels."""
        if self._rectangleFrom is None:
            return None
        ratio = self._ratio
        chosen = self._chosen()
        return QRectF(chosen.topLeft() / ratio, chosen.size() / ratio).toRect()

    # The wheel.

    def _wheel(self, event: QWheelEvent) -> bool:
        units = event.angleDelta().y()
        if not units or self._button != Qt.NoButton:
            return bool(units)
        at = self._devicePosition(event.position())
        self.wheelZoomed.emit(2.0 ** (units / _UNITS_PER_DOUBLING), at.x(), at.y())
        event.accept()
        return True

    # The buttons.

    def _press(self, event: QMouseEvent) -> bool:
        at = self._devicePosition(event.localPos())
        isRectangle = event.button() == Qt.RightButton or (
            event.button() == Qt.LeftButton and bool(event.modifiers() & Qt.ShiftModifier)
        )
        if self._button != Qt.NoButton:
            return True
        direction = _holds(event.button(), event.modifiers())
        if direction:
            self._pointer = at
            self._hold(direction)
        elif isRectangle:
            self._rectangleFrom = self._rectangleTo = at
            self._setCursor(Qt.CrossCursor)
        elif event.button() == Qt.LeftButton:
            self._dragFrom = at
            self._setCursor(Qt.ClosedHandCursor)
        else:
            return False
        self._button = event.button()
        return True

    def _move(self, event: QMouseEvent) -> bool:
        at = self._devicePosition(event.localPos())
        self._pointer = at
        if self._rectangleFrom is not None:
            self._rectangleTo = at
            self._view.update()
        elif self._isHolding:
            pass
        elif self._dragFrom is not None:
            self._drag(round(at.x() - self._dragFrom.x()), round(at.y() - self._dragFrom.y()))
        else:
            self._showCursor(event.modifiers())
        return True

    def _drag(self, dx: int, dy: int) -> None:
        if not self._isDragging:
            if not dx and not dy:
                return
            self._isDragging = True
            self.dragBegan.emit()
        self.dragged.emit(dx, dy)

    def _release(self, event: QMouseEvent) -> bool:
        if event.button() != self._button:
            return event.button() in (Qt.LeftButton, Qt.RightButton)
        if self._rectangleFrom is not None:
            chosen = self._chosen()
            self._letGo()
            if chosen.height() >= _LEAST_HEIGHT:
                self.rectangleChosen.emit(chosen)
        else:
            self._letGo()
        return True

    def _doubleClick(self, event: QMouseEvent) -> bool:
        if _holds(event.button(), event.modifiers()):
            return self._press(event)
        if event.button() != Qt.LeftButton:
            return False
        at = self._devicePosition(event.localPos())
        self.centred.emit(DOUBLE_CLICK_FACTOR, at.x(), at.y())
        return True

    def _hold(self, direction: int) -> None:
        self._isHolding = True
        self._setCursor(Qt.CrossCursor)
        self.holdBegan.emit(direction)

    def _letGo(self) -> None:
        if self._isHolding:
            self._isHolding = False
            self.holdEnded.emit()
        self._heldKey = None
        self._dragFrom = self._rectangleFrom = None
        self._button, self._isDragging = Qt.NoButton, False
        self._setCursor(Qt.OpenHandCursor)
        self._view.update()

    def _chosen(self) -> QRectF:
        """The rectangle from where it began towards the pointer, of the picture's own proportions."""
        assert self._rectangleFrom is not None
        width, height = self._deviceSize
        right, down = (self._rectangleTo - self._rectangleFrom).x(), (self._rectangleTo - self._rectangleFrom).y()
        scale = max(abs(right) / width, abs(down) / height)
        extent = QPointF(width * scale * (-1 if right < 0 else 1), height * scale * (-1 if down < 0 else 1))
        return QRectF(self._rectangleFrom, self._rectangleFrom + extent).normalized()

    # The keys.

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key_Shift:
            self._showCursor(Qt.ShiftModifier)
            return False
        if event.modifiers() & (Qt.ControlModifier | Qt.AltModifier | Qt.MetaModifier):
            return False
        if event.isAutoRepeat() and event.key() in (*_LARGER, *_SMALLER):
            self._holdKey(event.key())
        elif event.key() == Qt.Key_Escape and (self._isHolding or self._button != Qt.NoButton):
            self._letGo()
        elif event.key() in _ARROWS:
            self._step(*_ARROWS[cast(Qt.Key, event.key())])
        elif event.key() in _LARGER:
            self.keyZoomed.emit(KEY_FACTOR)
        elif event.key() in _SMALLER:
            self.keyZoomed.emit(1 / KEY_FACTOR)
        elif event.key() == Qt.Key_Home:
            self.homeAsked.emit()
        else:
            return False
        return True

    def _step(self, right: int, down: int) -> None:
        width, height = self._deviceSize
        self.stepped.emit(right * round(width * _ARROW), down * round(height * _ARROW))

    def _holdKey(self, key: int) -> None:
        """A key that is held goes on zooming, at the pace of time and not of its repetitions."""
        if not self._isHolding and self._button == Qt.NoButton:
            self._heldKey = key
            self._hold(1 if key in _LARGER else -1)

    def _keyReleased(self, event: QKeyEvent) -> bool:
        if event.key() == self._heldKey and not event.isAutoRepeat():
            self._letGo()
        if event.key() == Qt.Key_Shift:
            self._showCursor(Qt.NoModifier)
        return False

    def _leave(self, event: QEvent) -> bool:
        self._pointer = None
        return False

    def _focusLost(self, event: QFocusEvent) -> bool:
        if self._isHolding:
            self._letGo()
        self._showCursor(Qt.NoModifier)
        return False

    # Cursors and pixels.

    def _showCursor(self, modifiers: Qt.KeyboardModifiers | Qt.KeyboardModifier) -> None:
        if self._button == Qt.NoButton and not self._isHolding:
            self._setCursor(Qt.CrossCursor if modifiers & Qt.ShiftModifier else Qt.OpenHandCursor)

    def _setCursor(self, shape: Qt.CursorShape) -> None:
        if self._view.cursor().shape() != shape:
            self._view.setCursor(QCursor(shape))

    @property
    def _ratio(self) -> float:
        return self._view.devicePixelRatioF()

    @property
    def _deviceSize(self) -> tuple[float, float]:
        return self._view.width() * self._ratio, self._view.height() * self._ratio

    def _devicePosition(self, position: QPointF) -> QPointF:
        return position * self._ratio


def _holds(button: Qt.MouseButton, modifiers: Qt.KeyboardModifiers) -> int:
    """Whether a button, while it is held, goes closer (1), away (-1), or does something else (0)."""
    if button == Qt.MiddleButton:
        return -1 if modifiers & Qt.ShiftModifier else 1
    if modifiers & Qt.ControlModifier:
        return {Qt.LeftButton: 1, Qt.RightButton: -1}.get(button, 0)
    return 0
