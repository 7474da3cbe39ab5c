# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of the worker panel: one a worker, idle ones too."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from PyQt5.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from aqgui.texts import count, megabytes, plural
from aqlib import WorkerState
from aqlib.interfaces import Worker

from .headers import headerOf
from .processes import ProcessUsage
from .utilisation import Utilisation

ROW_ROLE = Qt.UserRole + 1


class Column(enum.IntEnum):
    """What stands where."""

    WORKER = 0
    TASK = 1
    BUSY = 2
    CPU = 3
    MEMORY = 4
    DONE = 5


TITLES = {
    Column.WORKER: ("Worker", "Its number and what it is at"),
    Column.TASK: ("Task", "What it runs now"),
    Column.BUSY: ("Busy %", "The share of the last 10 s in which it ran tasks"),
    Column.CPU: ("CPU %", "Of one core, as the operating system says"),
    Column.MEMORY: ("MB", "Resident memory of its process"),
    Column.DONE: ("Done", "Tasks that it has brought to an end"),
}
_RIGHT = int(Qt.AlignRight | Qt.AlignVCenter)
_LEFT = int(Qt.AlignLeft | Qt.AlignVCenter)


@dataclass(frozen=True, slots=True)
class Row:
    """A worker as it was at one moment, all that is painted of it; two that are equal look alike.

    `share` is the share of the last seconds in which it was busy, 0 to 1, as exact as it is shown.
    """

    worker: Worker
    state: WorkerState
    share: float
    texts: tuple[str, ...]


class WorkerModel(QAbstractTableModel):
    """The workers of a queue, in the order of their numbers. `refresh` takes in what has changed, and tells it."""

    def __init__(
        self, queue: Any, utilisation: Utilisation, usage: ProcessUsage, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._queue = queue
        self._utilisation = utilisation
        self._usage = usage
        self._rows = self._present()

    def refresh(self) -> None:
        """Show the workers as they are now."""
        present = self._present()
        staying = {row.worker for row in present}
        for number in reversed(range(len(self._rows))):
            if self._rows[number].worker not in staying:
                self.beginRemoveRows(QModelIndex(), number, number)
                del self._rows[number]
                self.endRemoveRows()
        for number, row in enumerate(present):
            if number == len(self._rows) or self._rows[number].worker is not row.worker:
                self.beginInsertRows(QModelIndex(), number, number)
                self._rows.insert(number, row)
                self.endInsertRows()
            elif self._rows[number] != row:
                self._rows[number] = row
                self.dataChanged.emit(self.index(number, 0), self.index(number, len(Column) - 1))

    def workerAt(self, row: int) -> Worker:
        """The worker of a row."""
        return self._rows[row].worker

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many things are told of each."""
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.DisplayRole) -> Any:
        """The columns' names and what they mean."""
        return headerOf(TITLES[Column(section)], _alignment(Column(section)), orientation, role)

    def data(self, index: QModelIndex, role: int = Qt.DisplayRole) -> Any:
        """What stands in a cell; and its Row by a role of its own."""
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], Column(index.column())
        if role == Qt.DisplayRole:
            return row.texts[column]
        if role == Qt.TextAlignmentRole:
            return _alignment(column)
        if role == ROW_ROLE:
            return row
        if role in (Qt.ToolTipRole, Qt.AccessibleTextRole):
            return _description(row.worker, column)
        return None

    def _present(self) -> list[Row]:
        return [self._describe(worker) for worker in sorted(self._queue.workers(), key=lambda worker: worker.ID)]

    def _describe(self, worker: Worker) -> Row:
        usage = self._usage.of(worker.pid)
        share = round(self._utilisation.share(worker.ID), 2)
        texts = (
            f"{worker.ID}  {stateName(worker.state)}",
            worker.task.name if worker.task is not None else "–",
            f"{share * 100:.0f}",
            f"{usage.cpu:.0f}" if usage is not None else "–",
            megabytes(usage.memory) if usage is not None else "–",
            count(worker.tasksDone),
        )
        return Row(worker, worker.state, share, texts)


def stateName(state: WorkerState) -> str:
    """What a worker is at, in a word."""
    return "running" if state is WorkerState.BUSY else state.value


def _description(worker: Worker, column: Column) -> str:
    if column is Column.TASK and worker.task is not None:
        return worker.task.call.describe(300)
    process = f"process {worker.pid}" if worker.pid is not None else "without a process"
    waiting = f", {plural(len(worker.suspended), 'stream')} suspended" if worker.suspended else ""
    return f"{worker.name}, {process}, {stateName(worker.state)}{waiting}"


def _alignment(column: Column) -> int:
    return _LEFT if column in (Column.WORKER, Column.TASK) else _RIGHT
