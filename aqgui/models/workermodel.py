# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of the worker panel: one a worker, idle ones too."""

from __future__ import annotations

import enum
from typing import Any

from PyQt5.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from aqgui.texts import count, megabytes
from aqlib import WorkerState
from aqlib.interfaces import Worker

from .processes import ProcessUsage
from .utilisation import Utilisation

SHARE_ROLE = Qt.UserRole + 1
WORKER_ROLE = Qt.UserRole + 2


class Column(enum.IntEnum):
    """What stands where."""

    WORKER = 0
    TASK = 1
    BUSY = 2
    CPU = 3
    MEMORY = 4
    DONE = 5


_HEADERS = {
    Column.WORKER: ("Worker", "Its number and what it is at"),
    Column.TASK: ("Task", "What it runs now"),
    Column.BUSY: ("Busy %", "The share of the last 10 s in which it ran tasks"),
    Column.CPU: ("CPU %", "Of one core, as the operating system says"),
    Column.MEMORY: ("MB", "Resident memory of its process"),
    Column.DONE: ("Done", "Tasks that it has brought to an end"),
}
_RIGHT = int(Qt.AlignRight | Qt.AlignVCenter)
_LEFT = int(Qt.AlignLeft | Qt.AlignVCenter)


class WorkerModel(QAbstractTableModel):
    """The workers of a queue, in the order of their numbers. `refresh` takes in what has changed."""

    def __init__(
        self, queue: Any, utilisation: Utilisation, usage: ProcessUsage, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._queue = queue
        self._utilisation = utilisation
        self._usage = usage
        self._workers: list[Worker] = self._present()

    def refresh(self) -> None:
        """Show the workers as they are now."""
        present = self._present()
        for row in reversed(range(len(self._workers))):
            if self._workers[row] not in present:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._workers[row]
                self.endRemoveRows()
        for row, worker in enumerate(present):
            if row == len(self._workers) or self._workers[row] is not worker:
                self.beginInsertRows(QModelIndex(), row, row)
                self._workers.insert(row, worker)
                self.endInsertRows()
        if self._workers:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._workers) - 1, len(Column) - 1))

    def workerAt(self, row: int) -> Worker:
        """The worker of a row."""
        return self._workers[row]

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many there are."""
        return 0 if parent.isValid() else len(self._workers)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many things are told of each."""
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.DisplayRole) -> Any:
        """The columns' names and what they mean."""
        if orientation != Qt.Horizontal:
            return None
        title, meaning = _HEADERS[Column(section)]
        if role == Qt.DisplayRole:
            return title
        if role == Qt.ToolTipRole:
            return meaning
        return _alignment(Column(section)) if role == Qt.TextAlignmentRole else None

    def data(self, index: QModelIndex, role: int = Qt.DisplayRole) -> Any:
        """What stands in a cell."""
        if not index.isValid():
            return None
        worker, column = self._workers[index.row()], Column(index.column())
        if role == Qt.DisplayRole:
            return self._text(worker, column)
        if role == Qt.TextAlignmentRole:
            return _alignment(column)
        if role == SHARE_ROLE:
            return self._utilisation.share(worker.ID)
        if role == WORKER_ROLE:
            return worker
        if role in (Qt.ToolTipRole, Qt.AccessibleTextRole):
            return self._description(worker, column)
        return None

    def _present(self) -> list[Worker]:
        return sorted(self._queue.workers(), key=lambda worker: worker.ID)

    def _text(self, worker: Worker, column: Column) -> str:
        usage = self._usage.of(worker.pid)
        if column is Column.WORKER:
            return f"{worker.ID}  {stateOf(worker)}"
        if column is Column.TASK:
            return worker.task.name if worker.task is not None else "–"
        if column is Column.BUSY:
            return f"{self._utilisation.share(worker.ID) * 100:.0f}"
        if column is Column.DONE:
            return count(worker.tasksDone)
        if usage is None:
            return "–"
        return f"{usage.cpu:.0f}" if column is Column.CPU else megabytes(usage.memory)

    def _description(self, worker: Worker, column: Column) -> str:
        if column is Column.TASK and worker.task is not None:
            return worker.task.call.describe(300)
        process = f"process {worker.pid}" if worker.pid is not None else "without a process"
        waiting = f", {len(worker.suspended)} streams suspended" if worker.suspended else ""
        return f"{worker.name}, {process}, {stateOf(worker)}{waiting}"


def stateOf(worker: Worker) -> str:
    """What a worker is at, in a word."""
    return "running" if worker.state is WorkerState.BUSY else worker.state.value


def _alignment(column: Column) -> int:
    return _LEFT if column in (Column.WORKER, Column.TASK) else _RIGHT
