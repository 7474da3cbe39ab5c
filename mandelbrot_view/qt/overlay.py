# SPDX-License-Identifier: GPL-3.0-or-later
"""What is drawn over the picture: a notice, and the rectangle of a zoom. Readable on any picture."""

from __future__ import annotations

from PyQt5.QtCore import QPoint, QRect, QRectF, Qt
from PyQt5.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

_PLATE = QColor(21, 24, 29, 225)
_TEXT = QColor(216, 222, 230)
_EDGE = QColor(139, 149, 163, 90)
_FOCUS = QColor(90, 169, 230)
_FLAGS = int(Qt.AlignCenter) | int(Qt.TextWordWrap)
_PADDING_X, _PADDING_Y, _MARGIN, _RADIUS = 16, 8, 12, 8


def noticeRectangle(text: str, font: QFont, widget: QRect) -> QRect:
    """Where a notice stands: at the top, in the middle, in as many lines as it takes."""
    room = QRect(0, 0, widget.width() - 2 * (_MARGIN + _PADDING_X), widget.height())
    lines = QFontMetrics(font).boundingRect(room, _FLAGS, text)
    # A pixel more than it says: an advance is rounded, and a line that just fits would be broken.
    width, height = lines.width() + 1 + 2 * _PADDING_X, lines.height() + 2 * _PADDING_Y
    return QRect(widget.center().x() - width // 2, widget.top() + _MARGIN, width, height)


def drawNotice(painter: QPainter, text: str, font: QFont, widget: QRect) -> None:
    """A calm rounded plate with a sentence."""
    plate = noticeRectangle(text, font, widget)
    painter.save()
    painter.setRenderHint(QPainter.Antialiasing)
    painter.setFont(font)
    painter.setPen(QPen(_EDGE, 1))
    painter.setBrush(_PLATE)
    painter.drawRoundedRect(QRectF(plate).adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
    painter.setPen(_TEXT)
    painter.drawText(plate.adjusted(_PADDING_X, 0, -_PADDING_X, 0), _FLAGS, text)
    painter.restore()


def drawFocus(painter: QPainter, widget: QRect) -> None:
    """A line around a picture that has the keyboard."""
    frame = QRectF(widget)
    painter.save()
    for pen, inset in ((QPen(_PLATE, 4), 2), (QPen(_FOCUS, 2), 1)):
        pen.setJoinStyle(Qt.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(frame.adjusted(inset, inset, -inset, -inset))
    painter.restore()


def drawZoomRectangle(painter: QPainter, rectangle: QRect, widget: QRect) -> None:
    """A dashed line, light on dark, around what will be seen; the rest is dimmed."""
    frame = QRectF(rectangle).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.save()
    painter.setClipping(False)
    for side in _around(rectangle, widget):
        painter.fillRect(side, QColor(0, 0, 0, 90))
    painter.setPen(QPen(QColor(0, 0, 0, 180), 1))
    painter.drawRect(frame)
    painter.setPen(QPen(QColor(255, 255, 255, 230), 1, Qt.DashLine))
    painter.drawRect(frame)
    painter.restore()


def _around(inner: QRect, outer: QRect) -> list[QRect]:
    inner = inner.intersected(outer)
    return [
        QRect(outer.topLeft(), QPoint(outer.right(), inner.top() - 1)),
        QRect(QPoint(outer.left(), inner.bottom() + 1), outer.bottomRight()),
        QRect(QPoint(outer.left(), inner.top()), QPoint(inner.left() - 1, inner.bottom())),
        QRect(QPoint(inner.right() + 1, inner.top()), QPoint(outer.right(), inner.bottom())),
    ]
