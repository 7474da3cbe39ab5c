# SPDX-License-Identifier: GPL-3.0-or-later
"""Paints the cells of the queue panel: the state's shape before the name, a thin bar of progress, the worker's dot."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QAbstractItemModel, QModelIndex, QObject, QRect, QRectF, Qt
from PyQt5.QtGui import QColor, QKeyEvent, QPainter
from PyQt5.QtWidgets import QSpinBox, QStyleOptionViewItem, QWidget

from aqgui import theme
from aqgui.models.describing import Column, Row, alignment
from aqgui.models.queuemodel import RowRole
from aqgui.shapes import paintBar, paintState
from aqlib import TaskState
from aqlib.task import NICENESS_RANGE

from .cells import LEFT, MARGIN, RIGHT, CellDelegate, inkFor, isSelected, paintGround, paintText

_GAP = 6
_BAR = 4

_ALIGNMENTS = [int(alignment(column)) for column in Column]

# What a reader looks for first is in the text's colour; the rest steps back.
_STRONG = (Column.NAME, Column.PLACE, Column.NICENESS, Column.RUNNING, Column.PROGRESS)


_Paint = Callable[[QPainter, QStyleOptionViewItem, QRect, Row, QColor], None]

# Of a long name the beginning and the end tell most.
_NAME_ELISION = Qt.ElideMiddle


class _NicenessBox(QSpinBox):
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Return, which a QSpinBox passes on to the view, where it would open the details."""
        super().keyPressEvent(event)
        if event.key() in (Qt.Key_Return, Qt.Key_Enter):
            event.accept()


class QueueDelegate(CellDelegate):
    """Paints by the theme in force, and edits the niceness."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._painters: dict[int, _Paint] = {
            Column.NAME: self._paintName,
            Column.WORKER: self._paintWorker,
            Column.PROGRESS: self._paintProgress,
        }

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Paint a cell."""
        # This is called for every cell 30 times a second, so it does nothing that can be spared.
        row: Row = index.data(RowRole)
        column = index.column()
        paintGround(painter, option)
        text = row.texts[column]
        if not text:
            return
        ink = _ink(option, row, column)
        painter.setPen(ink)
        rect = option.rect.adjusted(MARGIN, 0, -MARGIN, 0)
        paint = self._painters.get(column)
        if paint is None:
            paintText(painter, option.fontMetrics, rect, text, _ALIGNMENTS[column])
        else:
            paint(painter, option, rect, row, ink)

    def _paintName(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: Row, ink: QColor) -> None:
        side = option.fontMetrics.ascent()
        glyph = QRectF(rect.left(), rect.center().y() - side / 2 + 0.5, side, side)
        colour = ink if isSelected(option) else theme.stateColour(row.state, theme.current())
        paintState(painter, glyph, row.state, colour)
        rest = rect.adjusted(side + _GAP, 0, 0, 0)
        paintText(painter, option.fontMetrics, rest, row.texts[Column.NAME], LEFT, _NAME_ELISION)

    def _paintWorker(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: Row, ink: QColor) -> None:
        side = option.fontMetrics.ascent() * 0.6
        if row.isRunning and row.worker is not None:
            painter.save()
            painter.setRenderHint(QPainter.Antialiasing)
            painter.setPen(Qt.NoPen)
            painter.setBrush(theme.workerColour(row.worker))
            painter.drawEllipse(QRectF(rect.left(), rect.center().y() - side / 2 + 0.5, side, side))
            painter.restore()
        rest = rect.adjusted(round(side) + _GAP, 0, 0, 0)
        paintText(painter, option.fontMetrics, rest, row.texts[Column.WORKER], LEFT)

    def _paintProgress(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: Row, ink: QColor
    ) -> None:
        text = row.texts[Column.PROGRESS]
        if row.fraction is None or row.state is TaskState.DONE:
            paintText(painter, option.fontMetrics, rect, "" if row.state is TaskState.DONE else text, LEFT)
            return
        colours = theme.current()
        figures = option.fontMetrics.horizontalAdvance("100%") + _GAP
        bar = QRectF(rect.left(), rect.center().y() - _BAR / 2 + 1, max(rect.width() - figures, 0), _BAR)
        colour = colours.accent if row.isRunning and not isSelected(option) else ink
        paintBar(painter, bar, row.fraction, colour, theme.faded(ink) if isSelected(option) else colours.line)
        paintText(painter, option.fontMetrics, rect, text, RIGHT)

    # The niceness's editor.

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex) -> QWidget:
        """A field for a niceness."""
        editor = _NicenessBox(parent)
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


def _ink(option: QStyleOptionViewItem, row: Row, column: int) -> QColor:
    colours = theme.current()
    if column == Column.STATE and row.state is not TaskState.DONE:
        return inkFor(option, theme.stateColour(row.state, colours))
    return inkFor(option, colours.text if column in _STRONG and not row.isFinished else colours.muted)
