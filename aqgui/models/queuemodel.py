# SPDX-License-Identifier: GPL-3.0-or-later
"""QueueModel: the rows of the queue panel that can be seen, out of any number of them.

A QTreeView lays out all rows of its model anew when one comes or goes, so the model has no more rows than fit the view:
a window of `count` rows from `first` on. Each refresh asks for the rows of the window by number, and tells the view no
more than what has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any, Protocol

from PyQt5.QtCore import QAbstractTableModel, QMimeData, QModelIndex, QObject, Qt, pyqtSignal

from aqlib import Schedule, Task

from .describing import TITLES, Column, Row, alignment, describe, tip
from .filtering import Filter, FilteredRows
from .finished import FinishedTasks
from .headers import headerOf
from .mime import TASKS_MIME_TYPE, packTasks, unpackTasks
from .placing import taskBehind
from .rows import FixedRows, LiveRows, Rows

TaskRole = Qt.UserRole
StateRole = Qt.UserRole + 1
FractionRole = Qt.UserRole + 2
RowRole = Qt.UserRole + 3
_OWN_ROLES: dict[int, Callable[[Row], Any]] = {
    TaskRole: attrgetter("task"), StateRole: attrgetter("state"), FractionRole: attrgetter("fraction"),
    RowRole: lambda row: row,
}  # fmt: skip


class Mover(Protocol):
    """Who moves and re-nices tasks, such that it can be undone."""

    def move(self, tasks: list[Task], before: Task | None) -> None: ...
    def setNiceness(self, tasks: list[Task], niceness: int) -> None: ...


class QueueModel(QAbstractTableModel):
    """A window on the tasks of a queue: those that run, then those that wait, then the finished ones.

    Args:
        queue: Whose tasks.
        finished: Its finished tasks.
        mover: Does what the user drags and edits.
    """

    totalChanged = pyqtSignal()
    foundMore = pyqtSignal()

    def __init__(self, queue: Any, finished: FinishedTasks, mover: Mover, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._mover = mover
        self._live = LiveRows(queue, finished)
        self._filtered: FilteredRows | None = None
        self._held: FixedRows | None = None
        self._first = 0
        self._count = 0
        self._total = 0
        self._rows: list[Row] = []

    # The window.

    @property
    def schedule(self) -> Schedule:
        """The waiting tasks in running order."""
        return self._queue.schedule

    @property
    def total(self) -> int:
        """How many rows there are, seen or not."""
        return self._total

    @property
    def first(self) -> int:
        """The number of the first row of the window."""
        return self._first

    def setWindow(self, first: int, count: int) -> None:
        """Show `count` rows from `first` on; near the end, as many as there are."""
        self._first = max(first, 0)
        self._count = max(count, 0)
        self.refresh()

    def refresh(self) -> None:
        """Show what the rows of the window are now."""
        rows = self._source
        tasks = rows.slice(self._first, self._first + self._count)
        now = self._queue.reactor.seconds()
        self._show([describe(task, self._placeOf(task), now) for task in tasks])
        total = len(rows)
        if total != self._total:
            self._total = total
            self.totalChanged.emit()

    def taskAt(self, row: int) -> Task | None:
        """The task of a row, counted from the first of all; None where there is none."""
        tasks = self._source.slice(row, row + 1) if row >= 0 else []
        return tasks[0] if tasks else None

    def tasksBetween(self, one: int, other: int) -> list[Task]:
        """The tasks of the rows from one to another, both included, whichever comes first."""
        return self._source.slice(min(one, other), max(one, other) + 1)

    def rowOf(self, task: Task) -> int | None:
        """The row of a task, counted from the first of all; None for one that is not shown."""
        return self._source.rowOf(task)

    def windowTasks(self) -> list[Task]:
        """The tasks of the window, as it was last refreshed."""
        return [row.task for row in self._rows]

    def taskToFollow(self) -> Task | None:
        """The first task of the window, when the window should follow it as rows come and go above.

        It should not when that task has left those that wait, or that have ended, for others.
        """
        if not self._rows or self._first == 0:
            return None
        top = self._rows[0]
        return top.task if top.task.state is top.state and not top.task.isRunning else None

    @property
    def _source(self) -> Rows:
        return self._held if self._held is not None else self._unheld

    @property
    def _unheld(self) -> Rows:
        return self._filtered if self._filtered is not None else self._live

    def _placeOf(self, task: Task) -> int | None:
        return self._queue.schedule.rowOf(task) + 1 if task in self._queue.schedule else None

    # What is shown, and in which order.

    @property
    def filter(self) -> Filter:
        """Which tasks are shown."""
        return self._filtered.filter if self._filtered is not None else Filter()

    def setFilter(self, filter: Filter) -> None:
        """Show these only. They are found in slices; `foundMore` tells when there is more to see."""
        self.rest()
        self._filtered = FilteredRows(self._live, filter, self._queue.reactor, self.foundMore.emit) if filter else None
        if self.isHeld:
            self.hold()
        self.refresh()

    @property
    def isFiltering(self) -> bool:
        """Whether a filter is still being worked out."""
        return self._filtered is not None and self._filtered.isScanning

    def mark(self) -> None:
        """Tasks have come, gone or moved: what the filter finds may be another now."""
        if self._filtered is not None:
            self._filtered.mark()

    def rest(self) -> None:
        """Look for what the filter lets through no more, until `mark`."""
        if self._filtered is not None:
            self._filtered.stop()

    def hold(self) -> None:
        """Keep the order of the rows as it is now, whatever happens, until `release`."""
        rows = self._unheld
        self._held = FixedRows(rows.slice(0, len(rows)))

    def release(self) -> None:
        """Show the order that is."""
        self._held = None
        self.refresh()

    @property
    def isHeld(self) -> bool:
        """Whether the order of the rows is kept as it was."""
        return self._held is not None

    def _show(self, rows: list[Row]) -> None:
        old = self._rows
        if len(rows) > len(old):
            self.beginInsertRows(QModelIndex(), len(old), len(rows) - 1)
            self._rows = [*old, *rows[len(old) :]]
            self.endInsertRows()
        if any(new.task is not shown.task for new, shown in zip(rows, old, strict=False)):
            self._reorder(rows)
        else:
            self._tellChanged(rows)
        if len(rows) < len(self._rows):
            self.beginRemoveRows(QModelIndex(), len(rows), len(self._rows) - 1)
            self._rows = rows
            self.endRemoveRows()

    def _reorder(self, rows: list[Row]) -> None:
        """Put the rows of the window in this order; those too many go behind, to be removed."""
        self.layoutAboutToBeChanged.emit()
        known = {row.task for row in rows}
        tail = [row for row in self._rows if row.task not in known]
        before = self._rows
        self._rows = [*rows, *tail[: max(len(before) - len(rows), 0)]]
        rowByTask = {row.task: number for number, row in enumerate(self._rows)}
        indexes = self.persistentIndexList()
        moved = []
        for index in indexes:
            number = rowByTask.get(before[index.row()].task)
            moved.append(QModelIndex() if number is None else self.index(number, index.column()))
        self.changePersistentIndexList(indexes, moved)
        self.layoutChanged.emit()

    def _tellChanged(self, rows: list[Row]) -> None:
        changed = [number for number, (new, old) in enumerate(zip(rows, self._rows, strict=False)) if new != old]
        if changed:
            self._rows[: len(rows)] = rows
            last = self.columnCount() - 1
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], last))

    # QAbstractTableModel.

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """How many rows the window has."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """How many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(Column)

    def flags(self, index: QModelIndex) -> Qt.ItemFlags:
        """Waiting tasks may be dragged, and their niceness edited; a drop goes between rows, that is, on the root."""
        if not index.isValid():
            return Qt.ItemFlags(Qt.ItemIsDropEnabled)
        flags = Qt.ItemIsEnabled | Qt.ItemIsSelectable | Qt.ItemNeverHasChildren
        if self._rows[index.row()].task.isWaiting:
            flags |= Qt.ItemIsDragEnabled
            if index.column() == Column.NICENESS:
                flags |= Qt.ItemIsEditable
        return flags

    def data(self, index: QModelIndex, role: int = Qt.DisplayRole) -> Any:
        """What a cell shows; and its task, state and fraction by roles of their own."""
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], Column(index.column())
        if role == Qt.DisplayRole:
            return row.texts[column]
        if role == Qt.TextAlignmentRole:
            return int(alignment(column))
        if role == Qt.ToolTipRole:
            return tip(row, column)
        if role == Qt.EditRole and column is Column.NICENESS:
            return row.task.niceness
        if role == Qt.AccessibleTextRole and column is Column.NAME:
            return f"{row.task.name}, {row.state.value}"
        return _OWN_ROLES[role](row) if role in _OWN_ROLES else None

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.EditRole) -> bool:
        """Set the niceness of a waiting task."""
        task = self._rows[index.row()].task if index.isValid() else None
        if task is None or role != Qt.EditRole or index.column() != Column.NICENESS or not task.isWaiting:
            return False
        if value != task.niceness:
            self._mover.setNiceness([task], value)
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.DisplayRole) -> Any:
        """The title of a column, and what it tells."""
        return headerOf(TITLES[Column(section)], int(alignment(Column(section))), orientation, role)

    # Dragging. The data names tasks and not rows, for rows change while the mouse is on its way.

    def supportedDropActions(self) -> Qt.DropActions:
        """Tasks are moved, never copied."""
        return Qt.DropActions(Qt.MoveAction)

    def mimeTypes(self) -> list[str]:
        """What can be dropped here."""
        return [TASKS_MIME_TYPE]

    def mimeData(self, indexes: Iterable[QModelIndex]) -> QMimeData:
        """The waiting tasks of these cells."""
        rows = sorted({index.row() for index in indexes})
        return packTasks([self._rows[row].task for row in rows if self._rows[row].task.isWaiting])

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: QModelIndex) -> bool:
        """Move the tasks to before `row` of the window. Gives False, for then nobody removes them where they were."""
        tasks = unpackTasks(data, self._queue.schedule)
        if action == Qt.MoveAction and tasks and not parent.isValid():
            place = self._total if row < 0 else self._first + row
            self._mover.move(tasks, taskBehind(self._source, self._queue.schedule, place))
        return False
