# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from aqgui.models.finished import FinishedTasks
from aqgui.models.placing import firstOther, follower, taskBehind
from aqgui.models.rows import FixedRows, LiveRows

from ..tasks import Tasks


@pytest.fixture
def tasks():
    return Tasks(workers=1)


@pytest.fixture
def live(tasks):
    return LiveRows(tasks.queue, FinishedTasks(tasks.queue))


def test_a_drop_before_a_waiting_task_goes_there(tasks, live):
    _, a, b = tasks.add("runs", "a", "b")
    assert taskBehind(live, tasks.queue.schedule, 1) is a
    assert taskBehind(live, tasks.queue.schedule, 2) is b


def test_a_drop_among_those_that_run_goes_to_the_head(tasks, live):
    _, a, _ = tasks.add("runs", "a", "b")
    assert taskBehind(live, tasks.queue.schedule, 0) is a


def test_a_drop_below_the_last_one_or_among_the_finished_goes_to_the_end(tasks, live):
    tasks.end("done 1", "done 2")
    tasks.add("runs", "a", "b")
    for row in (3, 4, 5, 99):
        assert taskBehind(live, tasks.queue.schedule, row) is None


def test_a_drop_below_the_last_row_of_a_filter_goes_directly_behind_it(tasks):
    _, a, b, c = tasks.add("runs", "a", "b", "c")
    assert taskBehind(FixedRows([a, b]), tasks.queue.schedule, 2) is c


def test_a_drop_before_one_that_has_ended_meanwhile_goes_before_the_next_that_waits(tasks, live):
    all = tasks.add("runs", "a", "b", "c")
    held = FixedRows(live.slice(0, 4))
    tasks.workers[0].step()
    tasks.workers[0].step()
    assert all[1].isFinished
    assert taskBehind(held, tasks.queue.schedule, 1) is all[3]


def test_where_nothing_waits_it_is_the_end(tasks, live):
    tasks.add("runs")
    assert taskBehind(live, tasks.queue.schedule, 0) is None


def test_the_place_is_found_far_away(tasks, live):
    all = tasks.many(3000)
    tasks.queue.cancel(all[2001:])
    assert taskBehind(FixedRows(all), tasks.queue.schedule, 2500) is None
    assert taskBehind(FixedRows([*all[2001:], all[1]]), tasks.queue.schedule, 0) is all[1]


def test_the_follower_of_the_last_is_none(tasks):
    all = tasks.add("runs", "a", "b")
    assert follower(tasks.queue.schedule, all[1]) == all[2]
    assert follower(tasks.queue.schedule, all[2]) is None


def test_the_first_other_task_is_none_of_these(tasks):
    all = tasks.add("runs", "a", "b", "c")
    schedule = tasks.queue.schedule
    assert firstOther(schedule, 0, {all[1], all[2]}) == all[3]
    assert firstOther(schedule, -1, set()) == all[1]
    assert firstOther(schedule, 1, {all[2], all[3]}) is None
