# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from aqgui.models.selection import MANY, TaskSelection
from aqlib import TaskState

from ..tasks import Tasks


@pytest.fixture
def tasks():
    return Tasks()


@pytest.fixture
def selection(qapp):
    return TaskSelection()


@pytest.fixture
def changes(selection):
    changes: list[int] = []
    selection.changed.connect(lambda: changes.append(len(selection)))
    return changes


def test_a_click_selects_one(tasks, selection, changes):
    a, b = tasks.add("a", "b")
    selection.setOnly(a)
    selection.setOnly(b)
    assert selection.tasks == {b}
    assert selection.current is selection.anchor is b
    assert changes == [1, 1]


def test_a_range_is_counted_from_the_anchor(tasks, selection):
    a, b, c = tasks.add("a", "b", "c")
    selection.setOnly(a)
    selection.setRange([a, b, c], c)
    assert selection.tasks == {a, b, c}
    assert (selection.anchor, selection.current) == (a, c)


def test_a_range_can_be_added(tasks, selection):
    a, b, c = tasks.add("a", "b", "c")
    selection.setOnly(a)
    selection.toggle(c)
    selection.setRange([b, c], b, add=True)
    assert selection.tasks == {a, b, c}


def test_toggling_takes_one_in_and_out(tasks, selection):
    a, b = tasks.add("a", "b")
    selection.setOnly(a)
    selection.toggle(b)
    selection.toggle(a)
    assert selection.tasks == {b}
    assert selection.current is a


def test_the_current_one_need_not_be_selected(tasks, selection):
    a, b = tasks.add("a", "b")
    selection.setOnly(a)
    selection.setCurrent(b)
    assert (selection.tasks, selection.current) == ({a}, b)


def test_it_stays_when_a_task_moves_or_begins(tasks, selection):
    a, b = tasks.add("a", "b")
    selection.setOnly(b)
    tasks.queue.move([b], a)
    assert b in selection
    tasks.queue.attachWorker(Tasks(workers=1).workers[0])
    assert b.isRunning
    assert b in selection


def test_what_is_forgotten_is_let_go(tasks, selection):
    a, b = tasks.add("a", "b")
    selection.setOnly(a)
    selection.toggle(b)
    selection.discard([b])
    assert (selection.tasks, selection.current, selection.anchor) == ({a}, None, None)


def test_a_call_that_is_queued_again_takes_the_place_of_the_old_one(tasks, selection):
    a, b, c = tasks.add("a", "b", "c")
    selection.setOnly(a)
    selection.replace(a, b)
    selection.replace(c, a)
    assert selection.tasks == {b}
    assert selection.current is selection.anchor is b


@pytest.mark.parametrize("number", [3, MANY + 1])
def test_the_waiting_ones_come_in_running_order(number, tasks, selection):
    all = tasks.many(number + 2)
    tasks.queue.move([all[-1]], all[0])
    tasks.queue.cancel([all[0]])
    selection.setAll([*all[1:], all[0]])
    assert selection.waiting(tasks.queue.schedule) == [all[-1], *all[1:-1]]


def test_it_knows_which_states_there_are(tasks, selection):
    a, b = tasks.add("a", "b")
    tasks.queue.cancel([b])
    selection.setOnly(a)
    assert selection.mayHave({TaskState.WAITING})
    assert not selection.mayHave({TaskState.CANCELLED})
    selection.toggle(b)
    assert selection.mayHave({TaskState.CANCELLED})


def test_of_very_many_it_does_not_look_at_each(tasks, selection):
    selection.setAll(tasks.many(MANY + 1))
    assert selection.mayHave({TaskState.DONE})
