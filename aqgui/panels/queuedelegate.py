# SPDX-License-Identifier: GPL-3.0-or-later
"""Paints the cells of the queue panel: the state's shape before the name, a thin bar of progress, the worker's dot."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QAbstractItemModel, QModelIndex, QObject, QRect, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QFontMetrics, QPainter, QPalette
from PyQt5.QtWidgets import QSpinBox, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from aqgui import theme
from aqgui.models.describing import Column, Row, alignment
from aqgui.models.queuemodel import RowRole
from aqgui.shapes import paintState
from aqlib import TaskState
from aqlib.task import NICENESS_RANGE

MARGIN = 6
_GAP = 6
_BAR = 4

_ALIGNMENTS = [int(alignment(column)) for column in Column]
_LEFT, _RIGHT = int(Qt.AlignVCenter | Qt.AlignLeft), int(Qt.AlignVCenter | Qt.AlignRight)

# What a reader looks for first is in the text's colour; the rest steps back.
_STRONG = (Column.NAME, Column.PLACE, Column.NICENESS, Column.RUNNING, Column.PROGRESS)


_Paint = Callable[[QPainter, QStyleOptionViewItem, QRect, Row, QColor], None]


def rowHeight(metrics: QFontMetrics) -> int:
    """The height of a row, in pixels: a line of text with room about it, on the 4-pixel grid."""
    return -(-(metrics.height() + 7) // 4) * 4


class QueueDelegate(QStyledItemDelegate):
    """Paints by the theme in force, and edits the niceness."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._painters: dict[int, _Paint] = {
            Column.NAME: self._paintName,
            Column.WORKER: self._paintWorker,
            Column.PROGRESS: self._paintProgress,
        }

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """All rows have one height."""
        return QSize(80, rowHeight(option.fontMetrics))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Paint a cell."""
        # This is called for every cell 30 times a second, so it does nothing that can be spared.
        row: Row = index.data(RowRole)
        column = index.column()
        if _isSelected(option):
            option.widget.style().drawPrimitive(QStyle.PE_PanelItemViewItem, option, painter, option.widget)
        text = row.texts[column]
        if not text:
            return
        ink = _ink(option, row, column)
        painter.setPen(ink)
        rect = option.rect.adjusted(MARGIN, 0, -MARGIN, 0)
        paint = self._painters.get(column)
        if paint is None:
            _paintText(painter, option, rect, text, _ALIGNMENTS[column])
        else:
            paint(painter, option, rect, row, ink)

    def _paintName(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: Row, ink: QColor
    ) -> None:
        side = option.fontMetrics.ascent()
        glyph = QRectF(rect.left(), rect.center().y() - side / 2 + 0.5, side, side)
        colour = ink if _isSelected(option) else theme.stateColour(row.state, theme.current())
        paintState(painter, glyph, row.state, colour)
        _paintText(painter, option, rect.adjusted(side + _GAP, 0, 0, 0), row.texts[Column.NAME], _LEFT)

    def _paintWorker(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: Row, ink: QColor
    ) -> None:
        worker = row.task.worker
        assert worker is not None
        side = option.fontMetrics.ascent() * 0.6
        if row.task.isRunning:
            painter.save()
            painter.setRenderHint(QPainter.Antialiasing)
            painter.setPen(Qt.NoPen)
            painter.setBrush(theme.workerColour(worker.ID))
            painter.drawEllipse(QRectF(rect.left(), rect.center().y() - side / 2 + 0.5, side, side))
            painter.restore()
        rest = rect.adjusted(round(side) + _GAP, 0, 0, 0)
        _paintText(painter, option, rest, row.texts[Column.WORKER], _LEFT)

    def _paintProgress(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: Row, ink: QColor
    ) -> None:
        text = row.texts[Column.PROGRESS]
        if row.fraction is None or row.state is TaskState.DONE:
            _paintText(painter, option, rect, "" if row.state is TaskState.DONE else text, _LEFT)
            return
        colours = theme.current()
        selected = _isSelected(option)
        figures = option.fontMetrics.horizontalAdvance("100%") + _GAP
        bar = QRectF(rect.left(), rect.center().y() - _BAR / 2 + 1, max(rect.width() - figures, 0), _BAR)
        ground = QColor(ink) if selected else QColor(colours.line)
        if selected:
            ground.setAlphaF(0.3)
        painter.save()
        painter.setRenderHint(QPainter.Antialiasing)
        painter.setPen(Qt.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
        done = QRectF(bar)
        done.setWidth(bar.width() * row.fraction)
        if row.task.isRunning:
            painter.setBrush(ink if selected else colours.accent)
        else:
            painter.setBrush(ink)
        painter.drawRoundedRect(done, _BAR / 2, _BAR / 2)
        painter.restore()
        _paintText(painter, option, rect, text, _RIGHT)

    # The niceness's editor.

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex) -> QWidget:
        """A field for a niceness."""
        editor = QSpinBox(parent)
        editor.setRange(NICENESS_RANGE.start, NICENESS_RANGE.stop - 1)
        editor.setAccessibleName("Niceness")
        return editor

    def setEditorData(self, editor: QWidget, index: QModelIndex) -> None:
        """Once, when it opens: what the user types is not overwritten when rows change."""
        assert isinstance(editor, QSpinBox)
        if not editor.property("isFilled"):
            editor.setProperty("isFilled", True)
            editor.setValue(index.data(Qt.EditRole))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex) -> None:
        """Take what was chosen."""
        assert isinstance(editor, QSpinBox)
        editor.interpretText()
        model.setData(index, editor.value(), Qt.EditRole)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """As wide as it needs, with its right edge at the cell's."""
        width = max(option.rect.width(), editor.sizeHint().width())
        editor.setGeometry(option.rect.right() - width + 1, option.rect.top(), width, option.rect.height())


def _isSelected(option: QStyleOptionViewItem) -> bool:
    return bool(option.state & QStyle.State_Selected)


def _ink(option: QStyleOptionViewItem, row: Row, column: int) -> QColor:
    if _isSelected(option):
        return option.palette.color(QPalette.Active, QPalette.HighlightedText)
    colours = theme.current()
    if column is Column.STATE and row.state is not TaskState.DONE:
        return theme.stateColour(row.state, colours)
    return colours.text if column in _STRONG and not row.task.isFinished else colours.muted


def _paintText(painter: QPainter, option: QStyleOptionViewItem, rect: QRect, text: str, align: int) -> None:
    # Few texts are so long that it must be measured whether they fit. No ASCII character is wider than @.
    metrics = option.fontMetrics
    if len(text) * metrics.horizontalAdvance("@") > rect.width() or not text.isascii():
        text = metrics.elidedText(text, Qt.ElideMiddle, rect.width())
    painter.drawText(rect, align | Qt.TextSingleLine, text)
