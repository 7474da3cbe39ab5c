# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from aqgui.models.finished import FinishedTasks
from aqgui.models.rows import FixedRows, LiveRows

from ..tasks import Tasks


@pytest.fixture
def tasks():
    return Tasks(workers=2)


@pytest.fixture
def rows(tasks):
    return LiveRows(tasks.queue, FinishedTasks(tasks.queue, ["picture"]))


def names(rows):
    return [task.name for task in rows.slice(0, len(rows))]


def test_those_that_run_come_first_then_those_that_wait_then_those_that_ended(tasks, rows):
    tasks.end("done 1", "done 2")
    tasks.add("runs 1", "runs 2", "waits 1", "waits 2")
    assert len(rows) == 6
    assert names(rows) == ["runs 1", "runs 2", "waits 1", "waits 2", "done 2", "done 1"]


def test_those_that_are_held_come_behind_those_that_wait(tasks, rows):
    tasks.end("done")
    running = tasks.add("runs 1", "runs 2")
    tasks.add("held 1", "held 2", after=running)
    tasks.add("waits")
    assert names(rows) == ["runs 1", "runs 2", "waits", "held 1", "held 2", "done"]
    assert all(task in rows for task in rows.slice(0, 6))


def test_every_slice_is_a_part_of_the_whole(tasks, rows):
    tasks.end("done 1", "done 2")
    tasks.add("held 1", "held 2", notBefore=60)
    tasks.add("runs 1", "runs 2", "waits 1", "waits 2")
    whole = rows.slice(0, 8)
    for start in range(-2, 10):
        for stop in range(-2, 11):
            assert rows.slice(start, stop) == whole[max(start, 0) : max(stop, 0)]


def test_each_task_knows_its_row(tasks, rows):
    tasks.end("done 1", "done 2")
    tasks.add("held 1", "held 2", notBefore=60)
    tasks.add("runs 1", "runs 2", "waits 1", "waits 2")
    assert [rows.rowOf(task) for task in rows.slice(0, 8)] == list(range(8))


def test_a_piece_that_ended_is_not_among_them(tasks, rows):
    [piece] = tasks.end("piece", group="picture")
    tasks.add("runs")
    assert names(rows) == ["runs"]
    assert rows.rowOf(piece) is None


def test_fixed_rows_stay_as_they_were(tasks, rows):
    all = tasks.add("runs 1", "runs 2", "waits 1", "waits 2")
    fixed = FixedRows(rows.slice(0, 4))
    tasks.queue.move([all[3]], all[2])
    tasks.workers[0].step()
    assert names(fixed) == ["runs 1", "runs 2", "waits 1", "waits 2"]
    assert [fixed.rowOf(task) for task in all] == [0, 1, 2, 3]
    assert fixed.rowOf(tasks.add("new")[0]) is None
    assert fixed.slice(-3, -1) == []
