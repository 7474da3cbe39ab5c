# SPDX-License-Identifier: GPL-3.0-or-later
"""Shapes that say a state without a colour (ring, clock, triangle, check mark, cross, dash, and so on), and a bar."""

from collections.abc import Callable

from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QColor, QPainter, QPen, QPolygonF

from aqlib import TaskState


def paintState(painter: QPainter, rect: QRectF, state: TaskState, colour: QColor) -> None:
    """Draw the shape of a task's state into the middle of `rect`."""
    side = min(rect.width(), rect.height())
    square = QRectF(0, 0, side, side)
    square.moveCenter(rect.center())
    painter.save()
    painter.setRenderHint(QPainter.Antialiasing)
    pen = QPen(colour, max(1.2, side / 8), Qt.SolidLine, Qt.RoundCap, Qt.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.NoBrush)
    inset = pen.widthF() / 2 + side * 0.08
    _SHAPES[state](painter, square.adjusted(inset, inset, -inset, -inset), colour)
    painter.restore()


def _ring(painter: QPainter, square: QRectF, _: QColor) -> None:
    painter.drawEllipse(square)


def _clock(painter: QPainter, square: QRectF, _: QColor) -> None:
    painter.drawEllipse(square)
    painter.drawPolyline(QPolygonF([_at(square, 0.5, 0.2), _at(square, 0.5, 0.55), _at(square, 0.75, 0.55)]))


def _triangle(painter: QPainter, square: QRectF, colour: QColor) -> None:
    painter.setBrush(colour)
    corners = [square.topLeft(), square.bottomLeft(), QPointF(square.right(), square.center().y())]
    painter.drawPolygon(QPolygonF(corners))


def _check(painter: QPainter, square: QRectF, _: QColor) -> None:
    painter.drawPolyline(QPolygonF([_at(square, 0, 0.55), _at(square, 0.36, 0.9), _at(square, 1, 0.1)]))


def _cross(painter: QPainter, square: QRectF, _: QColor) -> None:
    painter.drawLine(square.topLeft(), square.bottomRight())
    painter.drawLine(square.topRight(), square.bottomLeft())


def _dash(painter: QPainter, square: QRectF, _: QColor) -> None:
    painter.drawLine(_at(square, 0, 0.5), _at(square, 1, 0.5))


def _halfCircle(painter: QPainter, square: QRectF, colour: QColor) -> None:
    painter.drawEllipse(square)
    painter.setBrush(colour)
    painter.drawPie(square, -90 * 16, 180 * 16)


def _bars(painter: QPainter, square: QRectF, colour: QColor) -> None:
    for x in (0.25, 0.75):
        painter.drawLine(_at(square, x, 0.05), _at(square, x, 0.95))


def _blocks(painter: QPainter, square: QRectF, colour: QColor) -> None:
    painter.setBrush(colour)
    for x in (0.05, 0.65):
        painter.drawRect(QRectF(_at(square, x, 0.05), _at(square, x + 0.3, 0.95)))


def _at(square: QRectF, x: float, y: float) -> QPointF:
    return QPointF(square.left() + x * square.width(), square.top() + y * square.height())


_SHAPES: dict[TaskState, Callable[[QPainter, QRectF, QColor], None]] = {
    TaskState.HELD: _clock,
    TaskState.WAITING: _ring,
    TaskState.RUNNING: _triangle,
    TaskState.SUSPENDED: _bars,
    TaskState.PAUSED: _blocks,
    TaskState.STOPPING: _halfCircle,
    TaskState.DONE: _check,
    TaskState.FAILED: _cross,
    TaskState.CANCELLED: _dash,
}


def paintBar(painter: QPainter, rect: QRectF, share: float, colour: QColor, ground: QColor) -> None:
    """Draw a bar of which `share`, 0 to 1, is filled."""
    painter.save()
    painter.setRenderHint(QPainter.Antialiasing)
    painter.setPen(Qt.NoPen)
    radius = rect.height() / 2
    painter.setBrush(ground)
    painter.drawRoundedRect(rect, radius, radius)
    if share > 0:
        filled = QRectF(rect)
        filled.setWidth(max(rect.height(), rect.width() * min(share, 1.0)))
        painter.setBrush(colour)
        painter.drawRoundedRect(filled, radius, radius)
    painter.restore()
