# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of the worker panel: one for each worker that computes, idle ones too, and for each running command."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from PyQt5.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from aqgui.texts import count, duration, megabytes, plural
from aqlib import WorkerState
from aqlib.interfaces import Worker

from .headers import headerOf
from .processes import ProcessUsage, Usage
from .utilisation import Utilisation, computes, isPaused

ROW_ROLE = Qt.UserRole + 1
# A task that has used no CPU for so many seconds is worth a word.
QUIET = 10.0


class Column(enum.IntEnum):
    """What stands where."""

    WORKER = 0
    TASK = 1
    BUSY = 2
    CPU = 3
    MEMORY = 4
    DONE = 5


TITLES = {
    Column.WORKER: ("Worker", "Number and state of the worker"),
    Column.TASK: ("Task", "Task that it runs"),
    Column.BUSY: ("Busy % 10 s", "Share of the last 10 s spent on tasks"),
    Column.CPU: ("CPU %", "CPU of its process and of what its tasks started; 100 is one core"),
    Column.MEMORY: ("MB", "Resident memory of its process and of what its tasks started"),
    Column.DONE: ("Done", "Tasks it has finished"),
}
_RIGHT = int(Qt.AlignRight | Qt.AlignVCenter)
_LEFT = int(Qt.AlignLeft | Qt.AlignVCenter)


@dataclass(frozen=True, slots=True)
class Row:
    """A worker as it was at one moment, all that is painted of it; two that are equal look alike.

    `activity` is what it is at, in words; `stands`: its process stands still; `share` is the share of the last seconds
    in which it was busy, 0 to 1, as exact as it is shown.
    """

    worker: Worker
    state: WorkerState
    activity: str
    stands: bool
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
            return _description(row, self._usage.of(row.worker.pid), column)
        return None

    def _present(self) -> list[Row]:
        workers = [worker for worker in self._queue.workers() if computes(worker) or worker.task is not None]
        return [
            self._describe(worker) for worker in sorted(workers, key=lambda worker: (not computes(worker), worker.ID))
        ]

    def _describe(self, worker: Worker) -> Row:
        usage = self._usage.of(worker.pid)
        share = round(self._utilisation.share(worker.ID), 2)
        stands = isPaused(worker) or (usage is not None and usage.isStopped)
        activity = activityOf(worker, usage)
        texts = (
            f"{worker.ID}  {activity}",
            worker.task.name if worker.task is not None else "–",
            f"{share * 100:.0f}",
            f"{usage.cpu:.0f}" if usage is not None else "–",
            megabytes(usage.memory) if usage is not None else "–",
            count(worker.tasksDone),
        )
        return Row(worker, worker.state, activity, stands, share, texts)


def activityOf(worker: Worker, usage: Usage | None) -> str:
    """What a worker is at, in a few words: one that hangs is told from one that is busy."""
    if isPaused(worker):
        return "paused"
    if usage is not None and usage.isStopped:
        return "not responding"
    if worker.state is not WorkerState.BUSY:
        return worker.state.value
    if usage is not None and usage.quietFor >= QUIET:
        return f"quiet {duration(usage.quietFor)}"
    return "running"


def workerText(worker: Worker) -> str:
    """A worker by the number that the panel gives it: 'worker 1 (process 2929)'."""
    process = f"process {worker.pid}" if worker.pid is not None else "no process"
    return f"{'worker' if computes(worker) else 'command slot'} {worker.ID} ({process})"


def _description(row: Row, usage: Usage | None, column: Column) -> str:
    worker = row.worker
    if column is Column.TASK and worker.task is not None:
        return worker.task.name if not computes(worker) else worker.task.call.describe(300)
    waiting = f", {plural(len(worker.suspended), 'stream')} suspended" if worker.suspended else ""
    text = f"{workerText(worker)}, {row.activity}{waiting}"
    if usage is not None and usage.isStopped and not isPaused(worker):
        text += ". A signal has stopped the process. Kill the worker, or continue the process (kill -CONT)."
    elif usage is not None and worker.state is WorkerState.BUSY and usage.quietFor >= QUIET:
        text += ". It uses no CPU: its task waits for something, or hangs. Cancel the task to free it."
    return text


def _alignment(column: Column) -> int:
    return _LEFT if column in (Column.WORKER, Column.TASK) else _RIGHT
