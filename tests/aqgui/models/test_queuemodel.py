# SPDX-License-Identifier: GPL-3.0-or-later
import re

import pytest
from PyQt5.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PyQt5.QtTest import QAbstractItemModelTester

from aqgui.models.describing import Column
from aqgui.models.filtering import STATE_GROUPS, Filter
from aqgui.models.finished import FinishedTasks
from aqgui.models.mime import TASKS_MIME_TYPE, packTasks, unpackTasks
from aqgui.models.queuemodel import FractionRole, QueueModel, StateRole, TaskRole
from aqlib import TaskState

from ..tasks import Tasks


class Mover:
    """Notes what it is asked to do."""

    def __init__(self):
        self.asked = []

    def move(self, tasks, before):
        self.asked.append(([task.name for task in tasks], before and before.name))

    def setNiceness(self, tasks, niceness):
        self.asked.append(([task.name for task in tasks], niceness))


@pytest.fixture
def tasks():
    return Tasks(workers=1)


@pytest.fixture
def mover():
    return Mover()


@pytest.fixture
def model(qapp, tasks, mover):
    model = QueueModel(tasks.queue, FinishedTasks(tasks.queue), mover)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.setWindow(0, 5)
    yield model
    model.rest()
    del tester


@pytest.fixture
def changes(model):
    """What the model tells its views."""
    changes: list = []
    model.dataChanged.connect(lambda one, other: changes.append((one.row(), other.row())))
    model.layoutChanged.connect(lambda: changes.append("order"))
    model.rowsInserted.connect(lambda _, first, last: changes.append(f"+{last - first + 1}"))
    model.rowsRemoved.connect(lambda _, first, last: changes.append(f"-{last - first + 1}"))
    return changes


def column(model, which):
    return [model.index(row, which).data() for row in range(model.rowCount())]


def names(model):
    return column(model, Column.NAME)


class TestWindow:
    def test_it_has_as_many_rows_as_asked_for_and_never_more_than_exist(self, tasks, model):
        assert (model.rowCount(), model.total) == (0, 0)
        tasks.add("a", "b", "c")
        model.refresh()
        assert (model.rowCount(), model.total) == (3, 3)
        tasks.many(10)
        model.refresh()
        assert (model.rowCount(), model.total) == (5, 13)

    def test_it_can_be_anywhere(self, tasks, model):
        tasks.many(100_000)
        model.setWindow(50_000, 3)
        assert names(model) == ["task 50000", "task 50001", "task 50002"]
        model.setWindow(99_998, 3)
        assert names(model) == ["task 99998", "task 99999"]

    def test_rows_are_asked_by_their_number_among_all(self, tasks, model):
        all = tasks.many(20)
        model.setWindow(10, 5)
        assert model.taskAt(3) is all[3]
        assert model.taskAt(20) is None
        assert model.taskAt(-1) is None
        assert model.rowOf(all[17]) == 17
        assert model.tasksBetween(4, 2) == all[2:5]
        assert model.windowTasks() == all[10:15]

    def test_it_tells_when_there_are_more_or_fewer_rows(self, tasks, model, qtbot):
        tasks.many(20)
        with qtbot.waitSignal(model.totalChanged):
            model.refresh()

    def test_it_follows_its_first_task_while_that_waits_or_has_ended(self, tasks, model):
        tasks.end("done")
        all = tasks.many(4)
        model.setWindow(0, 2)
        assert model.taskToFollow() is None, "at the top there is nothing to follow"
        model.setWindow(2, 2)
        assert model.taskToFollow() is all[2]
        tasks.queue.cancel([all[2]])
        assert model.taskToFollow() is None
        model.setWindow(4, 2)
        assert model.taskToFollow().name == "done"


class TestWhatItTells:
    def test_nothing_when_nothing_has_changed(self, tasks, model, changes):
        tasks.many(10)
        model.refresh()
        changes.clear()
        model.refresh()
        assert changes == []

    def test_only_the_rows_that_look_otherwise(self, tasks, model, changes):
        tasks.many(10)
        model.refresh()
        changes.clear()
        tasks.workers[0].progress(1, 4)
        model.refresh()
        assert changes == [(0, 0)]

    def test_another_order_when_tasks_stand_elsewhere(self, tasks, model, changes):
        all = tasks.many(10)
        model.refresh()
        changes.clear()
        tasks.queue.move([all[9]], all[1])
        model.refresh()
        assert changes == ["order"]
        assert names(model) == ["task 0", "task 9", "task 1", "task 2", "task 3"]

    def test_rows_come_and_go_at_the_end(self, tasks, model, changes):
        all = tasks.many(3)
        model.refresh()
        tasks.queue.cancel(all)
        model.refresh()
        model.setWindow(0, 1)
        assert changes == ["+3", "order", "-2"]

    def test_a_persistent_index_follows_its_task(self, tasks, model):
        all = tasks.many(6)
        model.refresh()
        index = QPersistentModelIndex(model.index(3, Column.NICENESS))
        tasks.queue.move([all[3]], all[1])
        model.refresh()
        assert (index.row(), index.column()) == (1, Column.NICENESS)
        assert index.data(TaskRole) is all[3]
        tasks.queue.move([all[3]])
        model.refresh()
        assert not index.isValid(), "the task has left the window"

    def test_it_bears_any_change_of_its_window(self, tasks, model):
        tasks.many(30)
        for first, count in [(0, 5), (3, 5), (1, 8), (20, 4), (28, 9), (0, 0), (5, 7), (29, 1)]:
            model.setWindow(first, count)
            assert names(model) == [f"task {n}" for n in range(first, min(first + count, 30))]


class TestWhatItShows:
    def test_waiting_tasks_have_a_place(self, tasks, model):
        tasks.end("done")
        tasks.add("runs", "next", "then")
        model.refresh()
        assert column(model, Column.PLACE) == ["", "1", "2", ""]
        assert column(model, Column.STATE) == ["running", "waiting", "waiting", "done"]

    def test_each_column(self, tasks, model):
        tasks.workers[0].iQualified.append("east")
        tasks.add("tile", group="picture", series="east", niceness=-3)
        tasks.clock.advance(12)
        tasks.workers[0].progress(1, 4, "row 1")
        model.refresh()
        *texts, started = [model.index(0, column).data() for column in Column]
        assert texts == ["", "tile", "picture", "running", "−3", "east", "memory 1", "25%", "0.0 s", "12 s", ""]
        assert re.fullmatch(r"(\d{4}-\d\d-\d\d )?\d\d:\d\d(:\d\d)?", started)

    def test_roles(self, tasks, model):
        [task] = tasks.add("tile")
        tasks.workers[0].progress(1, 4)
        model.refresh()
        index = model.index(0, Column.NAME)
        assert index.data(TaskRole) is task
        assert index.data(StateRole) is TaskState.RUNNING
        assert index.data(FractionRole) == 0.25
        assert index.data(Qt.AccessibleTextRole) == "tile, running"

    def test_figures_are_right_aligned_and_their_titles_too(self, tasks, model):
        tasks.add("tile")
        model.refresh()
        for column in Column:
            texts = (Column.NAME, Column.GROUP, Column.STATE, Column.SERIES, Column.WORKER, Column.PROGRESS)
            right = column not in texts
            align = model.index(0, column).data(Qt.TextAlignmentRole)
            assert bool(align & Qt.AlignRight) is right
            assert model.headerData(column, Qt.Horizontal, Qt.TextAlignmentRole) == align
            assert model.headerData(column, Qt.Horizontal)
            assert model.headerData(column, Qt.Horizontal, Qt.ToolTipRole)

    def test_the_tool_tip_has_the_whole_text_and_the_state(self, tasks, model):
        tasks.add("runs", "a" * 300)
        tasks.queue.move([tasks.queue.schedule.at(0)])
        model.refresh()
        assert model.index(0, Column.NAME).data(Qt.ToolTipRole) == "runs (running)"
        assert model.index(1, Column.NAME).data(Qt.ToolTipRole) == f"{'a' * 300} (waiting, placed by hand)"


class TestFilters:
    def test_only_what_matches_is_shown(self, tasks, model, qtbot):
        tasks.many(30)
        model.setFilter(Filter(text="7"))
        assert names(model) == ["task 7", "task 17", "task 27"]
        assert model.filter.text == "7"
        model.setFilter(Filter())
        assert model.total == 30

    def test_nothing_found_is_nothing_shown(self, tasks, model):
        tasks.many(3)
        model.setFilter(Filter(STATE_GROUPS["Failed"]))
        assert (model.rowCount(), model.total) == (0, 0)

    def test_after_rest_nothing_is_looked_for_until_it_is_marked(self, tasks, model):
        tasks.many(3)
        model.setFilter(Filter(text="task"))
        model.mark()
        model.rest()
        assert tasks.clock.getDelayedCalls() == []
        tasks.many(2)
        model.mark()
        tasks.clock.settle()
        assert model.rowOf(tasks.queue.schedule.at(3)) == 4

    def test_the_place_is_that_among_all(self, tasks, model):
        tasks.many(30)
        model.setFilter(Filter(text="7"))
        assert column(model, Column.PLACE) == ["7", "17", "27"]


class TestHolding:
    def test_the_order_stays_and_the_contents_do_not(self, tasks, model):
        tasks.many(10)
        model.refresh()
        model.hold()
        tasks.workers[0].step()
        model.refresh()
        assert names(model)[:2] == ["task 0", "task 1"]
        assert column(model, Column.STATE)[:2] == ["done", "running"]
        model.setWindow(8, 5)
        assert names(model) == ["task 8", "task 9"]

    def test_after_it_the_order_is_what_it_is(self, tasks, model):
        tasks.many(3)
        model.refresh()
        model.hold()
        tasks.workers[0].step()
        model.release()
        assert names(model) == ["task 1", "task 2", "task 0"]


class TestNiceness:
    def test_it_can_be_edited_while_the_task_waits(self, tasks, model, mover):
        tasks.add("runs", "waits")
        model.refresh()
        running, waiting = model.index(0, Column.NICENESS), model.index(1, Column.NICENESS)
        assert not running.flags() & Qt.ItemIsEditable
        assert waiting.flags() & Qt.ItemIsEditable
        assert waiting.data(Qt.EditRole) == 0
        assert model.setData(waiting, 5)
        assert not model.setData(running, 5)
        assert not model.setData(model.index(1, Column.NAME), "x")
        assert not model.setData(QModelIndex(), 5)
        assert mover.asked == [(["waits"], 5)]

    def test_the_same_one_changes_nothing(self, tasks, model, mover):
        tasks.add("runs", "waits")
        model.refresh()
        assert model.setData(model.index(1, Column.NICENESS), 0)
        assert mover.asked == []


class TestDragAndDrop:
    def test_only_waiting_tasks_can_be_dragged_and_drops_go_between_rows(self, tasks, model):
        tasks.end("done")
        tasks.add("runs", "waits")
        model.refresh()
        flags = [model.index(row, 0).flags() for row in range(3)]
        assert [bool(each & Qt.ItemIsDragEnabled) for each in flags] == [False, True, False]
        assert not any(each & Qt.ItemIsDropEnabled for each in flags)
        assert model.flags(QModelIndex()) == Qt.ItemIsDropEnabled

    def test_the_data_names_tasks(self, tasks, model):
        _, a, b = tasks.add("runs", "a", "b")
        model.refresh()
        data = model.mimeData([model.index(row, column) for row in (0, 2, 1) for column in Column])
        assert model.mimeTypes() == data.formats() == [TASKS_MIME_TYPE]
        assert unpackTasks(data, tasks.queue.schedule) == [a, b]

    def test_a_drop_moves_them_and_gives_false(self, tasks, model, mover):
        all = tasks.many(10)
        model.setWindow(4, 3)
        assert model.dropMimeData(packTasks([all[9], all[2]]), Qt.MoveAction, 1, 0, QModelIndex()) is False
        assert mover.asked == [(["task 2", "task 9"], "task 5")]

    def test_a_drop_below_the_rows_goes_to_the_end(self, tasks, model, mover):
        all = tasks.many(3)
        model.refresh()
        model.dropMimeData(packTasks([all[1]]), Qt.MoveAction, -1, -1, QModelIndex())
        model.dropMimeData(packTasks([all[1]]), Qt.MoveAction, 3, 0, QModelIndex())
        assert mover.asked == [(["task 1"], None)] * 2

    def test_a_drop_on_rows_that_have_moved_on_goes_before_the_task_that_stood_there(self, tasks, model, mover):
        all = tasks.many(6)
        model.refresh()
        model.hold()
        tasks.workers[0].step()
        model.dropMimeData(packTasks([all[5]]), Qt.MoveAction, 3, 0, QModelIndex())
        assert mover.asked == [(["task 5"], "task 3")]

    def test_what_began_meanwhile_is_not_moved(self, tasks, model, mover):
        all = tasks.many(3)
        model.refresh()
        data = packTasks([all[1]])
        tasks.workers[0].step()
        model.dropMimeData(data, Qt.MoveAction, 0, 0, QModelIndex())
        assert mover.asked == []

    def test_tasks_of_another_process_are_not_taken(self, tasks, model, mover, monkeypatch):
        all = tasks.many(3)
        data = packTasks([all[1]])
        monkeypatch.setattr("os.getpid", lambda: 1)
        model.dropMimeData(data, Qt.MoveAction, 0, 0, QModelIndex())
        assert mover.asked == []
