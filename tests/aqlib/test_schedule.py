# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of the Schedule, by examples and against a plain list as the model."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from aqlib import blocklist
from aqlib.following import Followers
from aqlib.schedule import Schedule
from aqlib.task import Options, Task
from aqlib.testing import MemoryWorker


class Owner:
    followers = Followers()

    def cancel(self, tasks):
        raise AssertionError("nothing is cancelled here")

    def setNiceness(self, tasks, niceness):
        raise AssertionError("nothing is re-niced here")

    def pauseTask(self, task):
        raise AssertionError("nothing is paused here")

    def resumeTask(self, task):
        raise AssertionError("nothing is resumed here")


class Maker:
    def __init__(self, schedule):
        self.schedule = schedule
        self.made = 0

    def __call__(self, **options):
        self.made += 1
        task = Task(self.made, len, (), {}, Options(**options), Owner(), 0.0)
        self.schedule.put(task)
        return task


@pytest.fixture
def schedule():
    return Schedule()


@pytest.fixture
def put(schedule):
    return Maker(schedule)


class TestNaturalOrder:
    def test_lower_niceness_runs_first(self, schedule, put):
        low, normal, urgent = put(niceness=20), put(), put(niceness=-20)
        assert list(schedule) == [urgent, normal, low]

    def test_equals_run_in_order_of_arrival(self, schedule, put):
        tasks = [put() for _ in range(5)]
        assert list(schedule) == tasks

    def test_several_doNext_run_in_the_order_they_came_before_all_else(self, schedule, put):
        urgent, first, second = put(niceness=-20), put(doNext=True, niceness=5), put(doNext=True)
        assert list(schedule) == [first, second, urgent]

    def test_doLast_runs_after_the_lowest_priority(self, schedule, put):
        last, nicest = put(doLast=True, niceness=-20), put(niceness=20)
        assert list(schedule) == [nicest, last]

    def test_series_of_one_niceness_take_turns(self, schedule, put):
        a1, a2, a3 = (put(series="a") for _ in range(3))
        b1, b2 = (put(series="b") for _ in range(2))
        assert list(schedule) == [a1, b1, a2, b2, a3]

    def test_a_series_that_was_idle_does_not_catch_up(self, schedule, put):
        a = [put(series="a") for _ in range(6)]
        for task in a[:3]:
            schedule.take(task)
        b = [put(series="b") for _ in range(3)]
        assert list(schedule) == [b[0], a[3], b[1], a[4], b[2], a[5]]

    def test_turns_of_one_niceness_do_not_weigh_at_another(self, schedule, put):
        waiting = [put(series="a", niceness=5) for _ in range(2)]
        for _ in range(10):
            schedule.take(put(series="b"))
        late = put(series="c", niceness=5)
        assert list(schedule) == [waiting[0], late, waiting[1]]

    def test_turns_of_idle_series_are_forgotten(self, schedule, put, monkeypatch):
        monkeypatch.setattr("aqlib.schedule.MOST_TURNS_KEPT", 10)
        for number in range(100):
            put(series="busy")
            schedule.take(put(series=number))
            for task in list(schedule)[:1]:
                schedule.take(task)
        assert len(schedule._lastTurn) <= 11


class TestNiceness:
    def test_setting_it_reorders_at_once(self, schedule, put):
        first, second = put(), put()
        schedule.setNiceness(second, -1)
        assert list(schedule) == [second, first]

    def test_setting_the_old_one_again_restores_the_place(self, schedule, put):
        tasks = [put(series=series) for series in "aabab"]
        order = list(schedule)
        schedule.setNiceness(tasks[1], 7)
        schedule.setNiceness(tasks[1], 0)
        assert list(schedule) == order

    @pytest.mark.parametrize("niceness", [-21, 21, 0.5, None])
    def test_what_is_no_niceness_is_refused(self, schedule, put, niceness):
        task = put()
        with pytest.raises(ValueError, match="from -20"):
            schedule.setNiceness(task, niceness)

    def test_doNext_stays_in_front(self, schedule, put):
        other, task = put(niceness=-20), put(doNext=True)
        schedule.setNiceness(task, 20)
        assert list(schedule) == [task, other]


class TestMoveByHand:
    def test_tasks_take_their_place_directly_before_another(self, schedule, put):
        a, b, c, d = (put() for _ in range(4))
        schedule.move([d, c], before=b)
        assert list(schedule) == [a, d, c, b]
        assert (c.byHand, d.byHand, a.byHand) == (True, True, False)

    def test_none_is_the_end(self, schedule, put):
        a, b, c = (put() for _ in range(3))
        schedule.move([a], before=None)
        assert list(schedule) == [b, c, a]

    def test_they_keep_their_niceness(self, schedule, put):
        first, nice = put(niceness=-5), put(niceness=5)
        schedule.move([nice], before=first)
        assert list(schedule) == [nice, first]
        assert nice.niceness == 5

    def test_later_arrivals_are_ordered_against_the_neighbours_key(self, schedule, put):
        urgent, normal, nice = put(niceness=-5), put(), put(niceness=5)
        schedule.move([nice], before=normal)
        later = put(niceness=-1)
        assert list(schedule) == [urgent, later, nice, normal]

    def test_before_one_that_began_meanwhile_is_the_head(self, schedule, put):
        a, b, c = (put() for _ in range(3))
        schedule.take(a)
        schedule.move([c], before=a)
        assert list(schedule) == [c, b]

    def test_before_one_of_themselves_is_before_the_next_that_stays(self, schedule, put):
        a, b, c, d = (put() for _ in range(4))
        schedule.move([c, b], before=b)
        assert list(schedule) == [a, c, b, d]

    def test_setNiceness_ends_the_mark(self, schedule, put):
        a, b = put(), put()
        schedule.move([b], before=a)
        schedule.setNiceness(b, 0)
        assert not b.byHand
        assert list(schedule) == [a, b]

    def test_a_place_between_the_same_two_never_runs_out(self, schedule, put):
        a, b = put(), put()
        between = [put() for _ in range(2000)]
        for task in between:
            schedule.move([task], before=b)
        assert list(schedule) == [a, *between, b]

    def test_restore_undoes_a_move(self, schedule, put):
        tasks = [put() for _ in range(5)]
        schedule.move([tasks[4]], before=tasks[1])
        byHand = schedule.positionOf(tasks[4])
        natural = schedule.positionOf(tasks[2])
        schedule.move([tasks[2], tasks[4]], before=tasks[0])
        schedule.restore(tasks[4], byHand)
        schedule.restore(tasks[2], natural)
        assert list(schedule) == [tasks[0], tasks[4], *tasks[1:4]]
        assert not tasks[2].byHand


class TestRows:
    def test_a_task_that_does_not_wait_has_no_row(self, schedule, put):
        task = put()
        schedule.take(task)
        with pytest.raises(ValueError, match="does not wait"):
            schedule.rowOf(task)

    @pytest.mark.parametrize("row", [-1, 1])
    def test_there_is_nothing_beyond_the_ends(self, schedule, put, row):
        put()
        with pytest.raises(IndexError):
            schedule.at(row)

    def test_a_slice_ends_where_the_tasks_end(self, schedule, put):
        tasks = [put() for _ in range(3)]
        assert schedule.slice(1, 99) == tasks[1:]
        assert schedule.slice(5, 9) == []


class TestFirst:
    def test_it_is_of_a_series_that_is_served(self, schedule, put):
        put(series="other")
        mine = put(series="mine")
        assert schedule.first({None, "mine"}) is mine
        assert schedule.first({None}) is None

    def test_what_was_sent_ahead_is_passed_over_until_it_is_taken_back(self, schedule, put):
        a, b = put(), put()
        worker = object()
        schedule.markSent(a, worker)
        assert schedule.first({None}) is b
        schedule.markSent(a, None)
        assert schedule.first({None}) is a


WORKER = MemoryWorker()


def naturalKey(task):
    return task.natural


class AgainstAList(RuleBasedStateMachine):
    """The model: a list, and for each task the key that it stands by."""

    @initialize(longest=st.integers(2, 6))
    def begin(self, longest):
        blocklist.LONGEST_BLOCK = longest
        self.schedule = Schedule()
        self.maker = Maker(self.schedule)
        self.model = []
        self.keys = {}
        self.taken = []
        self.sent = []

    def teardown(self):
        blocklist.LONGEST_BLOCK = 512

    def insert(self, task, behindEquals=True):
        key = self.keys[task]
        place = 0
        while place < len(self.model):
            other = self.keys[self.model[place]]
            if other > key or (other == key and not behindEquals):
                break
            place += 1
        self.model.insert(place, task)

    @rule(niceness=st.integers(-2, 2), series=st.sampled_from("ab"), band=st.sampled_from(["", "doNext", "doLast"]))
    def put(self, niceness, series, band):
        task = self.maker(niceness=niceness, series=series, **({band: True} if band else {}))
        self.keys[task] = naturalKey(task)
        self.insert(task)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def remove(self, data):
        task = data.draw(st.sampled_from(self.model))
        self.schedule.remove(task)
        self.model.remove(task)
        self.forgetSent(task)

    def forgetSent(self, task):
        if task in self.sent:
            self.sent.remove(task)

    def unsent(self, series="ab"):
        return [task for task in self.model if task not in self.sent and task.series in series]

    @precondition(lambda self: self.unsent())
    @rule()
    def takeFirst(self):
        task = self.schedule.first({"a", "b"})
        assert task is self.unsent()[0]
        self.model.remove(task)
        self.schedule.take(task)
        self.taken.append(task)

    @precondition(lambda self: self.unsent())
    @rule()
    def sendAhead(self):
        task = self.schedule.first({"a", "b"})
        assert task is self.unsent()[0]
        self.schedule.markSent(task, WORKER)
        self.sent.append(task)

    @precondition(lambda self: self.sent)
    @rule()
    def beginOneThatWasSent(self):
        task = self.sent.pop(0)
        self.model.remove(task)
        self.schedule.take(task)
        self.taken.append(task)

    @rule()
    def takeBack(self):
        for task in self.sent:
            self.schedule.markSent(task, None)
        self.sent = []

    @precondition(lambda self: self.taken)
    @rule()
    def putBack(self):
        task = self.taken.pop()
        self.schedule.putBack(task)
        self.insert(task, behindEquals=False)

    @precondition(lambda self: self.model)
    @rule(data=st.data(), niceness=st.integers(-2, 2))
    def setNiceness(self, data, niceness):
        task = data.draw(st.sampled_from(self.model))
        self.schedule.setNiceness(task, niceness)
        self.model.remove(task)
        self.keys[task] = naturalKey(task)
        self.insert(task)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def move(self, data):
        tasks = data.draw(st.lists(st.sampled_from(self.model), unique=True, max_size=3))
        before = data.draw(st.sampled_from([None, *self.model, *self.taken]))
        self.schedule.move(tasks, before)
        rest = [task for task in self.model if task not in tasks]
        if before is None:
            place = len(rest)
        elif before in self.model:
            behind = self.model[self.model.index(before) :]
            place = next((rest.index(task) for task in behind if task in rest), len(rest))
        else:
            place = 0
        if rest and tasks:
            key = self.keys[rest[place] if place < len(rest) else rest[-1]]
        elif tasks:
            key = self.keys[tasks[0]]
        for task in tasks:
            self.keys[task] = key
        self.model = rest[:place] + tasks + rest[place:]

    @invariant()
    def same(self):
        if not hasattr(self, "model"):
            return
        assert list(self.schedule) == self.model
        assert [self.schedule.rowOf(task) for task in self.model] == list(range(len(self.model)))
        assert [self.schedule.at(row) for row in range(len(self.model))] == self.model
        keys = [task.key for task in self.model]
        assert keys == sorted(keys)
        for series in ("a", "b", "ab"):
            assert list(self.schedule.unsent(set(series))) == self.unsent(series)


AgainstAList.TestCase.settings = settings(max_examples=60, stateful_step_count=50, deadline=None)
TestAgainstAList = AgainstAList.TestCase
