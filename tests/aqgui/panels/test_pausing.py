# SPDX-License-Identifier: GPL-3.0-or-later
"""Running tasks are paused and resumed by an action of the queue panel."""

import pytest
from PyQt5.QtCore import Qt

from aqgui.models.describing import Column
from aqlib import TaskState

from ..tasks import PausableWorker, StiffWorker
from .queuefixtures import Bench
from .test_queuepanel import said


@pytest.fixture
def bench(tmp_path, qtbot):
    """A queue panel on a queue with three workers whose tasks can be paused, and that all run."""
    bench = Bench(tmp_path, qtbot, workers=3, kind=PausableWorker)
    bench.tasks.many(5)
    bench.show()
    yield bench
    bench.close()


@pytest.fixture
def action(bench):
    return bench.actions["pauseTask"]


def states(bench):
    return [task.state for task in bench.queue.running()]


def test_a_running_task_is_paused_by_its_key_and_resumed_by_the_same(bench, action):
    bench.click(0)
    assert (action.text(), action.shortcut().toString()) == ("Paus&e task", "Alt+P")
    bench.press(Qt.Key_P, Qt.AltModifier)
    assert states(bench) == [TaskState.PAUSED, TaskState.RUNNING, TaskState.RUNNING]
    assert action.text() == "R&esume task"
    assert action.toolTip().startswith("Resume the selected paused tasks")
    bench.press(Qt.Key_P, Qt.AltModifier)
    assert states(bench) == [TaskState.RUNNING] * 3
    assert action.text() == "Paus&e task"


def test_it_says_of_how_many_and_pauses_the_rest_before_it_resumes_all(bench, action):
    bench.click(0)
    action.trigger()
    bench.view.selectAll()
    assert action.text() == "Paus&e 2 tasks"
    action.trigger()
    assert states(bench) == [TaskState.PAUSED] * 3
    assert action.text() == "R&esume 3 tasks"
    action.trigger()
    assert states(bench) == [TaskState.RUNNING] * 3


def test_it_is_offered_only_when_it_can_do_something(bench, action):
    assert not action.isEnabled()
    bench.click(4)
    assert not action.isEnabled()
    bench.click(0)
    assert action.isEnabled()
    bench.tasks.workers[0].step()
    bench.settle()
    assert not action.isEnabled()


def test_what_runs_on_a_worker_that_cannot_stand_still_is_not_paused(tmp_path, qtbot):
    bench = Bench(tmp_path, qtbot, kind=StiffWorker)
    bench.tasks.many(1)
    bench.show()
    bench.click(0)
    assert not bench.actions["pauseTask"].isEnabled()
    bench.close()


def test_the_rows_and_the_counts_tell_it(bench, action):
    bench.click(0)
    action.trigger()
    bench.settle()
    assert bench.model.index(0, Column.STATE).data() == "paused"
    assert said(bench.panel._counts) == "2 running · 1 paused · 2 waiting"


def test_it_is_seen_while_the_panel_is_frozen(bench, action):
    bench.gathering.freeze()
    bench.click(0)
    action.trigger()
    assert bench.model.index(0, Column.STATE).data() == "paused"
    assert action.text() == "R&esume task"
