# SPDX-License-Identifier: GPL-3.0-or-later
"""QueueView: a tree view that shows the rows of the model's window, and scrolls over all rows there are."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, pyqtSignal
from PyQt5.QtGui import (
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QWheelEvent,
)
from PyQt5.QtWidgets import QAbstractItemView, QScrollBar, QTreeView, QWidget

from aqgui.models.describing import Column
from aqgui.models.queuemodel import QueueModel
from aqgui.models.selection import TaskSelection
from aqlib import Task

from .cells import rowHeight
from .header import PanelHeader
from .queuedelegate import QueueDelegate
from .queuedrag import QueueDrag

_BY_KEY = (Qt.TabFocusReason, Qt.BacktabFocusReason, Qt.ShortcutFocusReason)
_NoUpdate = QItemSelectionModel.SelectionFlags(QItemSelectionModel.NoUpdate)


class QueueView(QTreeView):
    """The tasks of a queue. Put `bar` at its side: the tree's own scroll bar knows only the rows that can be seen.

    Args:
        model: Whose rows.
        selection: Which tasks are selected; the view's selection model is its mirror.
    """

    detailsWanted = pyqtSignal(object)
    resized = pyqtSignal()

    def __init__(self, model: QueueModel, selection: TaskSelection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.queueModel = model
        self.selection = selection
        self.emptyText = ""
        self.bar = QScrollBar(Qt.Vertical, parent)
        self.bar.setAccessibleName("Scroll the tasks")
        self._isMirroring = False
        self._pressed: Task | None = None
        self._selectOnRelease = False
        self.setHeader(PanelHeader(self))
        self.setModel(model)
        self.setItemDelegate(QueueDelegate(self))
        self._setUp()
        self._drag = QueueDrag(self)
        self.bar.valueChanged.connect(self._scrolled)
        selection.changed.connect(self.mirror)
        self.selectionModel().selectionChanged.connect(self._selectedElsewhere)

    def _setUp(self) -> None:
        self.setAccessibleName("Tasks")
        self.setFrameShape(QTreeView.NoFrame)
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setExpandsOnDoubleClick(False)
        self.setEditTriggers(QAbstractItemView.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectRows)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollPerPixel)
        self.setAutoScroll(False)
        self.setDragDropMode(QAbstractItemView.InternalMove)
        self.setDefaultDropAction(Qt.MoveAction)
        self.setDragDropOverwriteMode(False)
        self.setDropIndicatorShown(False)

    # The window.

    @property
    def lineHeight(self) -> int:
        """The height of a row, in pixels."""
        return rowHeight(self.fontMetrics())

    @property
    def page(self) -> int:
        """How many whole rows fit."""
        return max(self.viewport().height() // self.lineHeight, 1)

    def reservedWidth(self) -> int:
        """Room for the scroll bar while it is hidden, so that no column leaves when it comes, in pixels."""
        return 0 if self.bar.isVisible() else self.bar.sizeHint().width()

    def updateRows(self) -> None:
        """Show what the queue is now. A view that was scrolled stays with its tasks as others come and go above."""
        model = self.queueModel
        first = self.bar.value()
        top = model.taskToFollow() if not model.isHeld else None
        row = model.rowOf(top) if top is not None else None
        self._show(first if row is None else row)

    def showChange(self) -> None:
        """Show what the user has just changed, even while the rows hold still."""
        if self.queueModel.isHeld:
            self.queueModel.hold()
        self.updateRows()

    @property
    def isDragging(self) -> bool:
        """Whether the user is dragging tasks."""
        return self._drag.isActive

    def showRow(self, row: int) -> None:
        """Scroll as little as it takes to see this row, counted from the first of all."""
        if row < self.bar.value():
            self.bar.setValue(row)
        elif row >= self.bar.value() + self.page:
            self.bar.setValue(row - self.page + 1)

    def visibleRows(self) -> list[tuple[Task, QRect]]:
        """The tasks that can be seen, and where on the screen."""
        rows = []
        for number, task in enumerate(self.queueModel.windowTasks()):
            rect = self.visualRect(self.queueModel.index(number, Column.NAME))
            rect.setLeft(0)
            rect.setRight(self.viewport().width() - 1)
            rows.append((task, QRect(self.viewport().mapToGlobal(rect.topLeft()), rect.size())))
        return rows

    def _show(self, first: int) -> None:
        model = self.queueModel
        count = -(-self.viewport().height() // self.lineHeight)
        model.setWindow(first, count)
        last = max(model.total - self.page, 0)
        if first > last:
            model.setWindow(last, count)
        self.bar.blockSignals(True)
        self.bar.setRange(0, last)
        self.bar.setPageStep(self.page)
        self.bar.setValue(first)
        self.bar.blockSignals(False)
        self.bar.setVisible(last > 0)
        self.mirror()

    def _scrolled(self, first: int) -> None:
        self.queueModel.setWindow(first, -(-self.viewport().height() // self.lineHeight))
        self.mirror()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is room for more rows, or for fewer."""
        super().resizeEvent(event)
        self.resized.emit()
        self._show(self.bar.value())

    def changeEvent(self, event: QEvent) -> None:
        """Another font has other rows."""
        super().changeEvent(event)
        if event.type() in (QEvent.FontChange, QEvent.StyleChange) and hasattr(self, "_drag"):
            self._show(self.bar.value())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll over all rows."""
        if event.angleDelta().y():
            self.bar.event(event)
        else:
            super().wheelEvent(event)

    def scrollTo(self, index: QModelIndex, hint: QTreeView.ScrollHint = QTreeView.EnsureVisible) -> None:
        """Do nothing: all rows of the model can be seen."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, and the line that shows where a drop would go; where there are none, what would be there."""
        super().paintEvent(event)
        if self._drag.line is not None:
            painter = QPainter(self.viewport())
            colour = self.palette().color(QPalette.Highlight)
            painter.fillRect(0, max(self._drag.line - 1, 0), self.viewport().width(), 2, colour)
            painter.end()
        if not self.queueModel.total and self.emptyText:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.PlaceholderText))
            room = self.viewport().rect().adjusted(24, 4, -24, -4)
            painter.drawText(room, Qt.AlignCenter | Qt.TextWordWrap, self.emptyText)

    # The selection. Tasks are selected, by what is done here; the selection model only mirrors it.

    def mirror(self) -> None:
        """Have the selection model show the selected tasks, as far as they can be seen."""
        model, selection = self.queueModel, self.selection
        tasks = model.windowTasks()
        mirrored = QItemSelection()
        current = QModelIndex()
        last = model.columnCount() - 1
        for row, task in enumerate(tasks):
            if task in selection:
                mirrored.select(model.index(row, 0), model.index(row, last))
            if task is selection.current:
                current = model.index(row, Column.NAME)
        self._isMirroring = True
        self.selectionModel().select(mirrored, QItemSelectionModel.ClearAndSelect)
        self.selectionModel().setCurrentIndex(current, _NoUpdate)
        self._isMirroring = False

    def _selectedElsewhere(self) -> None:
        """Somebody else, such as a screen reader, has told the selection model what to select."""
        if not self._isMirroring:
            tasks = self.queueModel.windowTasks()
            self.selection.setAll(tasks[index.row()] for index in self.selectionModel().selectedRows())

    def selectionCommand(self, index: QModelIndex, event: QEvent | None = None) -> QItemSelectionModel.SelectionFlags:
        """Mouse and keys change nothing in the selection model: they change the TaskSelection."""
        return _NoUpdate

    def selectAll(self) -> None:
        """Select all tasks, seen or not."""
        self.selection.setAll(self.queueModel.tasksBetween(0, self.queueModel.total - 1))

    def _extendTo(self, task: Task, add: bool = False) -> None:
        model, selection = self.queueModel, self.selection
        row = model.rowOf(task)
        anchor = model.rowOf(selection.anchor) if selection.anchor is not None else None
        if anchor is None or row is None:
            selection.setOnly(task)
        else:
            selection.setRange(model.tasksBetween(anchor, row), task, add)

    # Mouse.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select; a selected task stays so until the release, for it may be dragged along with others."""
        task = self.taskUnder(event.pos())
        self._pressed = task
        self._selectOnRelease = False
        shift, control = event.modifiers() & Qt.ShiftModifier, event.modifiers() & Qt.ControlModifier
        if task is None:
            if not shift and not control:
                self.selection.clear()
        elif shift:
            self._extendTo(task, add=bool(control))
        elif control and event.button() == Qt.LeftButton:
            self.selection.toggle(task)
        elif task in self.selection:
            self._selectOnRelease = event.button() == Qt.LeftButton
            self.selection.setCurrent(task)
        else:
            self.selection.setOnly(task)
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on one of several selected tasks selects it alone."""
        super().mouseReleaseEvent(event)
        if self._selectOnRelease and self._pressed is not None:
            self.selection.setOnly(self._pressed)
        self._selectOnRelease = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Edit the niceness, or show details of the task that was first clicked, even if another is there by now."""
        index = self.indexAt(event.pos())
        task = self._pressed
        if task is None:
            return
        if index.flags() & Qt.ItemIsEditable and self.taskUnder(event.pos()) is task:
            self.edit(index)
        else:
            self.detailsWanted.emit(task)

    # Drag and drop.

    def startDrag(self, actions: Qt.DropActions | Qt.DropAction) -> None:
        """Drag the selected tasks that wait."""
        self._selectOnRelease = False
        tasks = self.selection.waiting(self.queueModel.schedule)
        if tasks and self._pressed is not None and self._pressed in self.selection:
            self._drag.drag(tasks)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show between which rows a drop would go."""
        super().dragMoveEvent(event)
        self._drag.at(event.pos())

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Scroll no more."""
        super().dragLeaveEvent(event)
        self._drag.left()

    def dropEvent(self, event: QDropEvent) -> None:
        """Move the tasks, by the model's `dropMimeData`."""
        self._drag.left()
        super().dropEvent(event)
        event.accept()

    def taskUnder(self, position: QPoint) -> Task | None:
        """The task at a position of the viewport."""
        index = self.indexAt(position)
        return self.queueModel.windowTasks()[index.row()] if index.isValid() else None

    # Keys.

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard has come by Tab: show where it is."""
        super().focusInEvent(event)
        first = self.queueModel.taskAt(self.bar.value())
        if self.selection.current is None and first is not None and event.reason() in _BY_KEY:
            self.selection.setCurrent(first)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go through all rows; with Shift select up to there, with Ctrl go only."""
        if event.modifiers() & Qt.AltModifier:
            event.ignore()
            return
        target = self._target(event.key())
        if target is not None:
            self._goTo(target, event.modifiers())
        elif event.key() in (Qt.Key_Return, Qt.Key_Enter) and self.selection.current is not None:
            self.detailsWanted.emit(self.selection.current)
        elif event.key() == Qt.Key_Space and self.selection.current is not None:
            self.selection.toggle(self.selection.current)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Do nothing: there is a field to search with, which knows all rows."""

    def _target(self, key: int) -> int | None:
        """The row that a key goes to, or None for a key that goes nowhere."""
        current = self.queueModel.rowOf(self.selection.current) if self.selection.current is not None else None
        if key == Qt.Key_Home:
            return 0
        if key == Qt.Key_End:
            return self.queueModel.total - 1
        steps = {Qt.Key_Up: -1, Qt.Key_Down: 1, Qt.Key_PageUp: -self.page, Qt.Key_PageDown: self.page}
        if key not in steps:
            return None
        return self.queueModel.first if current is None else current + steps[Qt.Key(key)]

    def _goTo(self, row: int, modifiers: Qt.KeyboardModifiers) -> None:
        row = min(max(row, 0), self.queueModel.total - 1)
        task = self.queueModel.taskAt(row)
        if task is None:
            return
        self.showRow(row)
        if modifiers & Qt.ShiftModifier:
            self._extendTo(task, add=bool(modifiers & Qt.ControlModifier))
        elif modifiers & Qt.ControlModifier:
            self.selection.setCurrent(task)
        else:
            self.selection.setOnly(task)
