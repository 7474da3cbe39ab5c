# SPDX-License-Identifier: GPL-3.0-or-later
"""The header of the panels' lists: muted titles above their columns, and one thin line."""

from __future__ import annotations

from PyQt5.QtCore import QRect, QSize, Qt
from PyQt5.QtGui import QPainter, QPaintEvent
from PyQt5.QtWidgets import QHeaderView, QWidget

from aqgui import theme

from .cells import LEFT, MARGIN, rowHeight


class PanelHeader(QHeaderView):
    """Paints its titles as the rows are painted, so that they stand exactly above them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Horizontal, parent)
        self.setStretchLastSection(False)
        self.setMinimumSectionSize(24)
        self.setSectionsMovable(False)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)

    def sizeHint(self) -> QSize:
        """As high as a row."""
        return QSize(super().sizeHint().width(), rowHeight(self.fontMetrics()))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Paint one title."""
        colours = theme.current()
        model = self.model()
        painter.save()
        painter.fillRect(rect, colours.panel)
        painter.setPen(colours.line)
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setPen(colours.muted)
        room = rect.adjusted(MARGIN, 0, -MARGIN, 0)
        title = model.headerData(section, Qt.Horizontal, Qt.DisplayRole)
        align = model.headerData(section, Qt.Horizontal, Qt.TextAlignmentRole) or LEFT
        painter.drawText(room, align, self.fontMetrics().elidedText(title, Qt.ElideRight, room.width()))
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is right of the last column, too."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme.current().panel)
        painter.end()
        super().paintEvent(event)
