# SPDX-License-Identifier: GPL-3.0-or-later
from itertools import pairwise

import pytest

from aqgui.gathering import SHORTEST_INTERVAL, Gathering
from aqlib import TaskState

from .tasks import Tasks


@pytest.fixture
def tasks():
    return Tasks(workers=1)


@pytest.fixture
def gathering(tasks):
    return Gathering(tasks.queue, tasks.clock)


@pytest.fixture
def told(gathering, tasks):
    told: list[float] = []
    gathering.listen(lambda: told.append(tasks.clock.seconds()))
    return told


def test_much_that_happens_at_once_is_told_once(tasks, told):
    tasks.many(1000)
    tasks.clock.turn()
    assert len(told) == 1


def test_it_tells_at_most_thirty_times_a_second(tasks, told):
    for _ in range(1000):
        tasks.many(1)
        tasks.clock.advance(0.001)
    assert 29 <= len(told) <= 31
    assert min(later - earlier for earlier, later in pairwise(told)) >= SHORTEST_INTERVAL - 1e-9


def test_the_first_thing_after_a_pause_is_told_at_once(tasks, told):
    tasks.clock.advance(5)
    tasks.many(1)
    tasks.clock.turn()
    assert told == [pytest.approx(5, abs=0.001)]


def test_an_idle_queue_causes_no_call(tasks, gathering, told):
    tasks.many(1)
    tasks.workers[0].step()
    tasks.clock.settle()
    assert tasks.clock.getDelayedCalls() == []


def test_a_clock_that_is_set_back_does_not_stop_it(tasks, told):
    tasks.clock.advance(1000)
    tasks.many(1)
    tasks.clock.turn()
    tasks.clock.rightNow = 10.0
    tasks.many(1)
    tasks.clock.advance(2 * SHORTEST_INTERVAL)
    assert len(told) == 2


def test_while_it_is_frozen_nothing_is_told(tasks, gathering, told):
    gathering.freeze()
    assert gathering.isFrozen
    assert len(told) == 1, "the listeners are called once, to show that they are frozen"
    tasks.many(3)
    tasks.clock.settle()
    assert len(told) == 1


def test_what_happened_meanwhile_is_told_when_it_thaws(tasks, gathering, told):
    tasks.many(1)
    gathering.freeze()
    tasks.many(1)
    gathering.thaw()
    assert not gathering.isFrozen
    assert len(told) == 2
    tasks.many(1)
    tasks.clock.settle()
    assert len(told) == 3


def test_one_that_is_ignored_is_not_called(tasks, gathering):
    told: list[int] = []
    listener = lambda: told.append(1)  # noqa: E731  # it must be one object
    gathering.listen(listener)
    gathering.ignore(listener)
    tasks.many(1)
    tasks.clock.settle()
    assert told == []


def test_it_counts(tasks, gathering):
    tasks.end("good", "fine")
    tasks.end("bad", f=int, args=("x",))
    tasks.queue.pause()
    tasks.queue.cancel(tasks.add("first", "second"))
    assert (gathering.queued, gathering.started) == (5, 3)
    assert gathering.finished == {TaskState.DONE: 2, TaskState.FAILED: 1, TaskState.CANCELLED: 2}


def test_after_close_nothing_is_left(tasks, gathering, told):
    tasks.many(1)
    gathering.close()
    tasks.many(1)
    tasks.clock.settle()
    assert told == []
    assert tasks.queue.observers.all == ()
