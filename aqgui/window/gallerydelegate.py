# SPDX-License-Identifier: GPL-3.0-or-later
"""How a place of the gallery is drawn: its thumbnail, its name, and how deep it is."""

from __future__ import annotations

from typing import cast

from PyQt5.QtCore import QModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PyQt5.QtGui import QFontMetrics, QPainter, QPainterPath, QPalette, QPen, QPixmap
from PyQt5.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from mandelbrot_view.places.collection import PICTURE_SIZE

from .gallerymodel import GalleryModel, depthOf

THUMBNAIL = QSize(PICTURE_SIZE[0] // 2, PICTURE_SIZE[1] // 2)
_MARGIN, _GAP, _RADIUS, _FRAME = 8, 4, 6, 3


class GalleryDelegate(QStyledItemDelegate):
    """Draws the rows of a GalleryModel as cells of one size."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """QStyledItemDelegate: the thumbnail, and two lines below it."""
        return cellSize(option.fontMetrics)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """QStyledItemDelegate."""
        model = cast(GalleryModel, index.model())
        entry = model.entryAt(index.row())
        if entry is None:
            return
        picture = QRect(option.rect.topLeft() + QPoint(_MARGIN, _MARGIN), THUMBNAIL)
        painter.save()
        painter.setRenderHint(QPainter.Antialiasing)
        painter.setRenderHint(QPainter.SmoothPixmapTransform)
        self._drawPicture(painter, picture, model.picture(index.row()), option.palette)
        isSelected = bool(option.state & QStyle.State_Selected)
        if isSelected:
            painter.setPen(QPen(option.palette.color(QPalette.Highlight), _FRAME))
            painter.setBrush(Qt.NoBrush)
            painter.drawRoundedRect(QRectF(picture), _RADIUS, _RADIUS)
        line = QRect(picture.left(), picture.bottom() + 1 + _GAP, picture.width(), option.fontMetrics.height())
        self._drawLine(painter, line, entry.name, option, QPalette.Highlight if isSelected else QPalette.Text)
        line.translate(0, line.height())
        self._drawLine(painter, line, depthOf(entry), option, QPalette.PlaceholderText)
        painter.restore()

    def _drawPicture(self, painter: QPainter, where: QRect, picture: QPixmap, palette: QPalette) -> None:
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(where), _RADIUS, _RADIUS)
        if not picture.isNull():
            painter.setClipPath(outline)
            painter.drawPixmap(where, picture)
            painter.setClipping(False)
            return
        # A calm field with a ring: something will be here.
        painter.fillPath(outline, palette.color(QPalette.Mid))
        painter.setPen(QPen(palette.color(QPalette.PlaceholderText), 1.5))
        painter.setBrush(Qt.NoBrush)
        painter.drawEllipse(QRectF(where).center(), 14, 14)

    def _drawLine(
        self, painter: QPainter, where: QRect, text: str, option: QStyleOptionViewItem, role: QPalette.ColorRole
    ) -> None:
        painter.setPen(option.palette.color(role))
        shown = option.fontMetrics.elidedText(text.replace("\n", " "), Qt.ElideRight, where.width())
        painter.drawText(where, int(Qt.AlignLeft | Qt.AlignVCenter | Qt.TextSingleLine), shown)


def cellSize(metrics: QFontMetrics) -> QSize:
    """Of a place, with the room around it."""
    return THUMBNAIL + QSize(2 * _MARGIN, 2 * _MARGIN + _GAP + 2 * metrics.height())
