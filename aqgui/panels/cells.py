# SPDX-License-Identifier: GPL-3.0-or-later
"""What the cells of all panels have in common: their height and margins, their ground, and how text is cut to them."""

from __future__ import annotations

from PyQt5.QtCore import QModelIndex, QRect, QSize, Qt
from PyQt5.QtGui import QColor, QFontMetrics, QPainter, QPalette
from PyQt5.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

# Room at both sides of a cell's text, in pixels.
MARGIN = 6
LEFT, RIGHT = int(Qt.AlignVCenter | Qt.AlignLeft), int(Qt.AlignVCenter | Qt.AlignRight)


def rowHeight(metrics: QFontMetrics) -> int:
    """The height of a row, in pixels: a line of text with room about it, on the 4-pixel grid."""
    return -(-(metrics.height() + 7) // 4) * 4


def isSelected(option: QStyleOptionViewItem) -> bool:
    """Whether the cell's row is selected."""
    return bool(option.state & QStyle.State_Selected)


def inkFor(option: QStyleOptionViewItem, colour: QColor) -> QColor:
    """The colour to write a cell in: `colour`, or what can be read on the ground of a selected row."""
    return option.palette.color(QPalette.Active, QPalette.HighlightedText) if isSelected(option) else colour


def paintGround(painter: QPainter, option: QStyleOptionViewItem) -> None:
    """Paint a selected row's ground; that of the others is there already."""
    if isSelected(option):
        option.widget.style().drawPrimitive(QStyle.PE_PanelItemViewItem, option, painter, option.widget)


def paintText(
    painter: QPainter,
    metrics: QFontMetrics,
    rect: QRect,
    text: str,
    align: int,
    mode: Qt.TextElideMode = Qt.ElideRight,
) -> None:
    """Write a line of text, cut when it is too long for `rect`: names in the middle, sentences at their end."""
    # Few texts are so long that it must be measured whether they fit. No ASCII character is wider than @.
    if len(text) * metrics.horizontalAdvance("@") > rect.width() or not text.isascii():
        text = metrics.elidedText(text, mode, rect.width())
    painter.drawText(rect, align | Qt.TextSingleLine, text)


class CellDelegate(QStyledItemDelegate):
    """Paints the text of a cell below its title, in the colour that the model names for it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """All rows have one height."""
        return QSize(80, rowHeight(option.fontMetrics))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Paint a cell."""
        paintGround(painter, option)
        colour = index.data(Qt.ForegroundRole) or option.palette.color(QPalette.Text)
        painter.setPen(inkFor(option, colour))
        align = index.data(Qt.TextAlignmentRole) or LEFT
        rect = option.rect.adjusted(MARGIN, 0, -MARGIN, 0)
        paintText(painter, option.fontMetrics, rect, index.data(Qt.DisplayRole), align, option.textElideMode)
