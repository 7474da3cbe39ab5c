# SPDX-License-Identifier: GPL-3.0-or-later
"""Paints the rows of the worker panel: the worker's colour and state, its busy share as a bar."""

from PyQt5.QtCore import QModelIndex, QRect, QRectF
from PyQt5.QtGui import QColor, QPainter, QPalette
from PyQt5.QtWidgets import QStyleOptionViewItem

from aqgui import theme
from aqgui.models.workermodel import ROW_ROLE, Column, Row
from aqgui.shapes import paintBar, paintState
from aqlib import TaskState, WorkerState

from .cells import LEFT, MARGIN, RIGHT, CellDelegate, inkFor, isSelected, paintGround, paintText

_SHAPES = {
    WorkerState.STARTING: TaskState.WAITING,
    WorkerState.IDLE: TaskState.WAITING,
    WorkerState.BUSY: TaskState.RUNNING,
    WorkerState.STOPPING: TaskState.STOPPING,
    WorkerState.GONE: TaskState.CANCELLED,
}
_GAP = 6
_SWATCH, _BAR = 4, 6


class WorkerDelegate(CellDelegate):
    """Draws what is more than text."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Draw a cell."""
        column = index.column()
        if column not in (Column.WORKER, Column.BUSY):
            super().paint(painter, option, index)
            return
        paintGround(painter, option)
        ink = inkFor(option, option.palette.color(QPalette.Text))
        painter.setPen(ink)
        row: Row = index.data(ROW_ROLE)
        rect = option.rect.adjusted(MARGIN, 0, -MARGIN, 0)
        if column == Column.WORKER:
            self._paintWorker(painter, option, rect, row)
        else:
            self._paintBusy(painter, option, rect, row, ink)

    def _paintWorker(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: Row) -> None:
        metrics = option.fontMetrics
        side = metrics.ascent()
        top = rect.center().y() - side / 2 + 0.5
        painter.fillRect(QRectF(rect.left(), top, _SWATCH, side), theme.workerColour(row.worker.ID))
        number = QRect(rect.left() + _SWATCH, rect.top(), metrics.horizontalAdvance("888"), rect.height())
        paintText(painter, metrics, number, str(row.worker.ID), RIGHT)
        left = number.right() + 1 + _GAP
        shape = TaskState.PAUSED if row.stands else _SHAPES[row.state]
        colour = inkFor(option, theme.stateColour(shape, theme.current()))
        paintState(painter, QRectF(left, top, side, side), shape, colour)
        rest = QRect(left + side + _GAP, rect.top(), rect.right() - left - side - _GAP + 1, rect.height())
        paintText(painter, metrics, rest, row.activity, LEFT)

    def _paintBusy(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: Row, ink: QColor) -> None:
        paintText(painter, option.fontMetrics, rect, row.texts[Column.BUSY], RIGHT)
        figure = option.fontMetrics.horizontalAdvance("100") + 2 * _GAP
        bar = QRectF(rect.left(), rect.center().y() - _BAR / 2 + 1, rect.width() - figure, _BAR)
        if bar.width() <= 2 * _BAR:
            return
        colours = theme.current()
        if isSelected(option):
            paintBar(painter, bar, row.share, ink, theme.faded(ink))
        else:
            paintBar(painter, bar, row.share, colours.accent, colours.line)
