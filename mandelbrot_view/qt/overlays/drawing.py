# SPDX-License-Identifier: GPL-3.0-or-later
"""How overlays are drawn: light on dark, so that they can be seen on any picture."""

from __future__ import annotations

from collections.abc import Iterable

from PyQt5.QtCore import QPointF, QRectF, QSizeF, Qt
from PyQt5.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF

_DARK, _LIGHT = QColor(0, 0, 0, 170), QColor(255, 255, 255, 235)
_PLATE = QColor(21, 24, 29, 200)
_WAITING = QColor(216, 222, 230, 150)
_MARGIN, _PADDING, _TICK, _RADIUS, _SWATCH = 12, 8, 4, 4, 4
# How much of a worker's colour is mixed into its tile, of 255.
_TINT = 56


def drawScale(painter: QPainter, font: QFont, rectangle: QRectF, length: float, lines: list[str]) -> None:
    """The bar with its lines of text, in the lower left corner of a rectangle. length: in its pixels."""
    metrics = QFontMetrics(font)
    widest = max([length, *(metrics.horizontalAdvance(line) for line in lines)])
    height = metrics.height() * len(lines) + 2 * _TICK + 3 * _PADDING
    left, top = rectangle.left() + _MARGIN, rectangle.bottom() - _MARGIN - height
    painter.save()
    painter.setRenderHint(QPainter.Antialiasing)
    painter.setPen(Qt.NoPen)
    painter.setBrush(_PLATE)
    painter.drawRoundedRect(QRectF(left, top, widest + 2 * _PADDING, height), _RADIUS, _RADIUS)
    painter.setPen(_LIGHT)
    painter.setFont(font)
    for number, line in enumerate(lines):
        baseline = top + _PADDING + metrics.ascent() + number * metrics.height()
        painter.drawText(QPointF(left + _PADDING, baseline), line)
    y, x = top + height - _PADDING - _TICK, left + _PADDING
    painter.setPen(QPen(_LIGHT, 2))
    painter.drawPolyline(
        QPolygonF([QPointF(x, y - _TICK), QPointF(x, y), QPointF(x + length, y), QPointF(x + length, y - _TICK)])
    )
    painter.restore()


def drawOrbit(painter: QPainter, points: Iterable[QPointF]) -> None:
    """A line from point to point, with a dot at each; the first is the largest."""
    places = list(points)
    line = QPolygonF(places)
    painter.save()
    painter.setRenderHint(QPainter.Antialiasing)
    for pen in (QPen(_DARK, 3), QPen(_LIGHT, 1)):
        painter.setPen(pen)
        painter.drawPolyline(line)
    painter.setPen(QPen(_DARK, 1))
    painter.setBrush(_LIGHT)
    for number, point in enumerate(places):
        radius = 2.0 if number else 4.0
        painter.drawEllipse(point, radius, radius)
    painter.restore()


def drawTile(painter: QPainter, font: QFont, rectangle: QRectF, text: str, colour: QColor | None) -> None:
    """The frame of a tile with its name. colour: of its worker, in which it is tinted; None while it waits."""
    painter.save()
    if colour is None:
        painter.setPen(QPen(_WAITING, 1))
        painter.drawRect(rectangle)
    else:
        tint = QColor(colour)
        tint.setAlpha(_TINT)
        painter.fillRect(rectangle, tint)
        for pen in (QPen(_DARK, 5), QPen(colour, 3)):
            painter.setPen(pen)
            painter.drawRect(rectangle.adjusted(1, 1, -1, -1))
    metrics = QFontMetrics(font)
    swatch = _SWATCH if colour is not None else 0
    plate = QRectF(
        rectangle.left() + 4, rectangle.top() + 4, metrics.horizontalAdvance(text) + _PADDING + swatch, metrics.height()
    )
    if plate.width() < rectangle.width() - 8 and plate.height() < rectangle.height() - 8:
        painter.fillRect(plate, _PLATE)
        if colour is not None:
            painter.fillRect(QRectF(plate.topLeft(), QSizeF(swatch, plate.height())), colour)
        painter.setPen(_LIGHT)
        painter.setFont(font)
        painter.drawText(plate.adjusted(swatch, 0, 0, 0), int(Qt.AlignCenter), text)
    painter.restore()
