# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PyQt5.QtCore import QModelIndex, Qt
from PyQt5.QtTest import QAbstractItemModelTester
from twisted.internet.task import Clock

from aqgui.models.processes import ProcessUsage, Usage
from aqgui.models.utilisation import Utilisation
from aqgui.models.workermodel import ROW_ROLE, Column, WorkerModel
from aqlib import TaskQueue, WorkerState
from aqlib.testing import MemoryWorker

from ..tasks import PausableWorker


@pytest.fixture
def queue():
    return TaskQueue(MemoryWorker(), MemoryWorker(), reactor=Clock())


@pytest.fixture
def utilisation(queue):
    return Utilisation(queue)


class FixedUsage(ProcessUsage):
    """Says of every worker's process what the test has set."""

    seen: Usage | None = None

    def of(self, pid: int | None) -> Usage | None:
        return self.seen


@pytest.fixture
def usage():
    return FixedUsage()


@pytest.fixture
def model(queue, utilisation, usage, qapp):
    model = WorkerModel(queue, utilisation, usage)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    yield model
    del tester


def texts(model, row):
    return [model.index(row, column).data() for column in Column]


def test_a_row_a_worker_idle_ones_too(model):
    assert texts(model, 0) == ["1  idle", "–", "0", "–", "–", "0"]
    assert texts(model, 1)[0] == "2  idle"


def test_it_shows_what_a_worker_runs_and_has_done(model, queue, utilisation):
    utilisation.sample()
    queue.using(name="my task").call(str, 1)
    queue.reactor.advance(4)
    utilisation.sample()
    model.refresh()
    assert texts(model, 0) == ["1  running", "my task", "100", "–", "–", "0"]
    assert model.index(0, Column.BUSY).data(ROW_ROLE).share == 1
    assert model.index(0, Column.TASK).data(Qt.ToolTipRole) == "str(1)"
    queue.workers(1).step()
    model.refresh()
    assert texts(model, 0)[0:2] == ["1  idle", "–"]
    assert texts(model, 0)[-1] == "1"


def test_a_worker_that_hangs_is_told_from_a_busy_one(model, queue, usage):
    queue.call(str, 1)
    for seen, text, stands, remedy in (
        (Usage(100.0, 1), "1  running", False, ""),
        (Usage(0.0, 1, quietFor=9.0), "1  running", False, ""),
        (Usage(0.0, 1, quietFor=75.0), "1  quiet 1 min 15 s", False, "Cancel the task to free it."),
        (Usage(0.0, 1, isStopped=True, quietFor=75.0), "1  not responding", True, "Kill the worker"),
    ):
        usage.seen = seen
        model.refresh()
        assert texts(model, 0)[0] == text
        assert model.index(0, 0).data(ROW_ROLE).stands is stands
        assert remedy in model.index(0, Column.WORKER).data(Qt.ToolTipRole)


def test_one_whose_task_is_paused_says_so(utilisation, usage, qapp):
    queue = TaskQueue(PausableWorker(), reactor=Clock())
    model = WorkerModel(queue, utilisation, usage)
    task = queue.submit(str, 1)
    task.pause()
    usage.seen = Usage(0.0, 1, isStopped=True, quietFor=75.0)
    model.refresh()
    assert texts(model, 0)[0] == "1  paused"
    assert model.index(0, 0).data(ROW_ROLE).stands
    assert "Kill" not in model.index(0, Column.WORKER).data(Qt.ToolTipRole)


def test_only_the_rows_that_look_otherwise_are_told(model, queue):
    told = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    model.refresh()
    assert told == []
    queue.call(str, 1)
    model.refresh()
    assert told == [(0, 0)]


def test_a_row_is_what_it_was_until_the_next_refresh(model, queue):
    queue.call(str, 1)
    assert texts(model, 0)[:2] == ["1  idle", "–"]
    assert model.index(0, 0).data(ROW_ROLE).state is WorkerState.IDLE


def test_workers_come_and_go(model, queue):
    queue.attachWorker(MemoryWorker())
    queue.detachWorker(1)
    model.refresh()
    assert [model.workerAt(row).ID for row in range(model.rowCount())] == [2, 3]
    for ID in (2, 3):
        queue.detachWorker(ID)
    model.refresh()
    assert model.rowCount() == 0


def test_figures_are_right_aligned_with_their_units_in_the_header(model):
    titles = {Column.BUSY: "Busy % 10 s", Column.CPU: "CPU %", Column.MEMORY: "MB", Column.DONE: "Done"}
    for column, title in titles.items():
        assert model.headerData(column, Qt.Horizontal) == title
        assert model.index(0, column).data(Qt.TextAlignmentRole) & Qt.AlignRight
        assert model.headerData(column, Qt.Horizontal, Qt.TextAlignmentRole) & Qt.AlignRight


def test_it_is_a_flat_list(model):
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.columnCount(model.index(0, 0)) == 0
    assert model.data(QModelIndex()) is None
