# SPDX-License-Identifier: GPL-3.0-or-later
"""The user's hands: events as Qt gives them to a widget."""

from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt5.QtGui import QMouseEvent, QWheelEvent
from PyQt5.QtWidgets import QApplication


def wheel(widget, x, y, units=120):
    """Turn the wheel at a position; a click is 120 units."""
    at = QPointF(x, y)
    above = QPointF(widget.mapToGlobal(at.toPoint()))
    turned = QWheelEvent(at, above, QPoint(), QPoint(0, units), Qt.NoButton, Qt.NoModifier, Qt.NoScrollPhase, False)
    QApplication.sendEvent(widget, turned)


def press(widget, x, y, button=Qt.LeftButton, modifiers=Qt.NoModifier):
    _mouse(widget, QEvent.MouseButtonPress, x, y, button, button, modifiers)


def move(widget, x, y, button=Qt.LeftButton, modifiers=Qt.NoModifier):
    _mouse(widget, QEvent.MouseMove, x, y, Qt.NoButton, button, modifiers)


def release(widget, x, y, button=Qt.LeftButton, modifiers=Qt.NoModifier):
    _mouse(widget, QEvent.MouseButtonRelease, x, y, button, Qt.NoButton, modifiers)


def drag(widget, begin, *ways, button=Qt.LeftButton, modifiers=Qt.NoModifier):
    """Press at a position, move by way of others, and let go at the last."""
    press(widget, begin[0], begin[1], button, modifiers)
    for x, y in ways:
        move(widget, x, y, button, modifiers)
    release(widget, ways[-1][0], ways[-1][1], button, modifiers)


def doubleClick(widget, x, y):
    press(widget, x, y)
    release(widget, x, y)
    _mouse(widget, QEvent.MouseButtonDblClick, x, y, Qt.LeftButton, Qt.LeftButton, Qt.NoModifier)
    release(widget, x, y)


def _mouse(widget, kind, x, y, button, buttons, modifiers):
    at = QPointF(x, y)
    QApplication.sendEvent(widget, QMouseEvent(kind, at, at, QPointF(widget.mapToGlobal(at.toPoint())),
                                               Qt.MouseButton(button), Qt.MouseButtons(buttons),
                                               Qt.KeyboardModifiers(modifiers)))  # fmt: skip
