# SPDX-License-Identifier: GPL-3.0-or-later
"""Dragging tasks to another place in the queue: the rows hold still meanwhile, and scroll at the edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, QPoint, QRect, Qt, QTimer
from PyQt5.QtGui import QDrag, QPainter, QPalette, QPixmap

from aqgui.models.describing import Column
from aqgui.models.mime import packTasks
from aqgui.texts import plural
from aqlib import Task

if TYPE_CHECKING:
    from .queueview import QueueView

_SCROLL_INTERVAL = 40  # milliseconds


class QueueDrag(QObject):
    """The drags of one view.

    Attributes: `isActive`, whether there is one; `line`, the height in the viewport at which a drop would go between
    two rows, or None.
    """

    def __init__(self, view: QueueView) -> None:
        super().__init__(view)
        self._view = view
        self.isActive = False
        self.line: int | None = None
        self._position = QPoint()
        self._speed = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_SCROLL_INTERVAL)
        self._timer.timeout.connect(self._scroll)

    def drag(self, tasks: list[Task]) -> None:
        """Have the user drag these waiting tasks; it returns when they have been dropped, or not."""
        model = self._view.queueModel
        wasHeld = model.isHeld
        self.isActive = True
        if not wasHeld:
            model.hold()
        try:
            drag = QDrag(self._view)
            drag.setMimeData(packTasks(tasks))
            drag.setPixmap(self._label(tasks))
            drag.setHotSpot(QPoint(-12, -8))
            drag.exec_(Qt.MoveAction)
        finally:
            self.left()
            self.isActive = False
            if not wasHeld:
                model.release()
            self._view.showChange()

    def at(self, position: QPoint) -> None:
        """The pointer is there, in the viewport: scroll when it is near the upper or lower edge, faster at it."""
        self._position = position
        self._findLine()
        edge = self._view.lineHeight
        above, below = position.y(), self._view.viewport().height() - position.y()
        nearest = min(above, below)
        pace = 0 if nearest >= edge else 1 if nearest >= edge // 2 else 3
        self._speed = -pace if above < below else pace
        if self._speed and not self._timer.isActive():
            self._timer.start()
        elif not self._speed:
            self._timer.stop()

    def left(self) -> None:
        """The pointer has left."""
        self._timer.stop()
        self.line = None
        self._view.viewport().update()

    def _scroll(self) -> None:
        self._view.bar.setValue(self._view.bar.value() + self._speed)
        self._findLine()

    def _findLine(self) -> None:
        view = self._view
        index = view.indexAt(self._position)
        if not index.isValid():
            index = view.queueModel.index(view.queueModel.rowCount() - 1, Column.NAME)
        rect = view.visualRect(index)
        self.line = rect.top() if self._position.y() < rect.center().y() else rect.bottom() + 1
        view.viewport().update()

    def _label(self, tasks: list[Task]) -> QPixmap:
        """What is seen at the pointer: the name of the task, or how many they are."""
        text = tasks[0].name if len(tasks) == 1 else plural(len(tasks), "task")
        metrics = self._view.fontMetrics()
        text = metrics.elidedText(text, Qt.ElideMiddle, 240)
        ratio = self._view.devicePixelRatioF()
        size = metrics.size(Qt.TextSingleLine, text)
        rect = QRect(0, 0, size.width() + 16, size.height() + 8)
        pixmap = QPixmap(rect.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.Antialiasing)
        painter.setFont(self._view.font())
        painter.setPen(Qt.NoPen)
        palette = self._view.palette()
        painter.setBrush(palette.color(QPalette.Highlight))
        painter.drawRoundedRect(rect, 4, 4)
        painter.setPen(palette.color(QPalette.HighlightedText))
        painter.drawText(rect, Qt.AlignCenter, text)
        painter.end()
        return pixmap
