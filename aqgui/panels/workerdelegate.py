# SPDX-License-Identifier: GPL-3.0-or-later
"""Paints the rows of the worker panel: the worker's colour and state, its busy share as a bar."""

from PyQt5.QtCore import QModelIndex, QRectF, QSize, Qt
from PyQt5.QtGui import QPainter, QPalette
from PyQt5.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from aqgui import theme
from aqgui.models.workermodel import SHARE_ROLE, WORKER_ROLE, Column, stateOf
from aqgui.shapes import paintBar, paintState
from aqlib import TaskState, WorkerState

from .queuedelegate import MARGIN, rowHeight

_SHAPES = {
    WorkerState.STARTING: TaskState.WAITING,
    WorkerState.IDLE: TaskState.WAITING,
    WorkerState.BUSY: TaskState.RUNNING,
    WorkerState.STOPPING: TaskState.STOPPING,
    WorkerState.GONE: TaskState.CANCELLED,
}


class WorkerDelegate(QStyledItemDelegate):
    """Draws what is more than text."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """Rows are a little higher than their text."""
        return QSize(super().sizeHint(option, index).width(), rowHeight(option.fontMetrics))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Draw a cell."""
        column = Column(index.column())
        if column not in (Column.WORKER, Column.BUSY):
            super().paint(painter, option, index)
            return
        self.initStyleOption(option, index)
        text, option.text = option.text, ""
        option.widget.style().drawControl(QStyle.CE_ItemViewItem, option, painter, option.widget)
        isSelected = bool(option.state & QStyle.State_Selected)
        painter.save()
        painter.setPen(option.palette.color(QPalette.HighlightedText if isSelected else QPalette.Text))
        area = QRectF(option.rect).adjusted(MARGIN, 0, -MARGIN, 0)
        if column is Column.WORKER:
            self._paintWorker(painter, area, index, isSelected)
        else:
            self._paintBusy(painter, area, text, index)
        painter.restore()

    def _paintWorker(self, painter: QPainter, area: QRectF, index: QModelIndex, isSelected: bool) -> None:
        worker = index.data(WORKER_ROLE)
        current = theme.current()
        side = painter.fontMetrics().ascent()
        swatch = QRectF(area.left(), area.center().y() - side / 2, 4, side)
        painter.fillRect(swatch, theme.workerColour(worker.ID))
        digits = painter.fontMetrics().horizontalAdvance("88")
        number = QRectF(swatch.right() + 6, area.top(), digits, area.height())
        painter.drawText(number, int(Qt.AlignRight | Qt.AlignVCenter), str(worker.ID))
        shape = _SHAPES[worker.state]
        square = QRectF(number.right() + 8, area.center().y() - side / 2, side, side)
        ink = painter.pen().color() if isSelected else theme.stateColour(shape, current)
        paintState(painter, square, shape, ink)
        rest = QRectF(square.right() + 6, area.top(), area.right() - square.right() - 6, area.height())
        text = painter.fontMetrics().elidedText(stateOf(worker), Qt.ElideRight, int(rest.width()))
        painter.drawText(rest, int(Qt.AlignLeft | Qt.AlignVCenter), text)

    def _paintBusy(self, painter: QPainter, area: QRectF, text: str, index: QModelIndex) -> None:
        figure = painter.fontMetrics().horizontalAdvance("100") + 4
        painter.drawText(area, int(Qt.AlignRight | Qt.AlignVCenter), text)
        bar = QRectF(area.left(), area.center().y() - 3, area.width() - figure - 8, 6)
        if bar.width() > 8:
            current = theme.current()
            paintBar(painter, bar, index.data(SHARE_ROLE), current.accent, current.line)
