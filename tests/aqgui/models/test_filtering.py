# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from aqgui.models.filtering import SHORTEST_REST, STATE_GROUPS, Filter, FilteredRows
from aqgui.models.finished import FinishedTasks
from aqgui.models.rows import LiveRows
from aqlib import TaskState

from ..tasks import Tasks


@pytest.fixture
def tasks():
    return Tasks(workers=1)


@pytest.fixture
def live(tasks):
    return LiveRows(tasks.queue, FinishedTasks(tasks.queue))


class Filtered(FilteredRows):
    """Counts how often there was more to see."""

    def __init__(self, live, filter, clock):
        self.changes = 0
        # A timer that runs so fast that each step is a slice.
        super().__init__(live, filter, clock, self.count, timer=iter(range(10**9)).__next__)

    def count(self):
        self.changes += 1

    @property
    def names(self):
        return [task.name for task in self.slice(0, len(self))]


@pytest.fixture
def filtered(live, tasks):
    made = []

    def make(text="", *groups):
        states = frozenset().union(*(STATE_GROUPS[group] for group in groups or STATE_GROUPS))
        made.append(Filtered(live, Filter(states, text), tasks.clock))
        tasks.clock.turn(500)
        return made[-1]

    yield make
    for rows in made:
        rows.stop()


class TestFilter:
    def test_one_that_leaves_nothing_out_is_false(self):
        assert not Filter()
        assert not Filter(text="  ")
        assert Filter(text="a")
        assert Filter(STATE_GROUPS["Done"])

    def test_the_groups_are_all_states(self):
        assert frozenset().union(*STATE_GROUPS.values()) == frozenset(TaskState)

    @pytest.mark.parametrize("text", ["TILE", "3,4", "view", "Mandelbrot tile", "east", "memory 1"])
    def test_every_word_is_in_name_group_series_or_worker(self, text, tasks):
        tasks.workers[0].iQualified.append("east")
        [task] = tasks.add("tile 3,4", group="Mandelbrot view", series="east")
        assert task.isRunning
        assert Filter(text=text).matches(task)

    @pytest.mark.parametrize("text", ["tile 5", "None", "tile west"])
    def test_one_without_a_word_does_not_match(self, text, tasks):
        [task] = tasks.add("tile 3,4", group="Mandelbrot view")
        assert not Filter(text=text).matches(task)

    def test_a_word_does_not_run_from_one_field_into_the_next(self, tasks):
        [task] = tasks.add("ab", group="cd")
        assert not Filter(text="bc").matches(task)

    def test_its_state_is_one_of_them(self, tasks):
        [task] = tasks.add("a")
        assert Filter(STATE_GROUPS["Running"]).matches(task)
        assert not Filter(STATE_GROUPS["Waiting"]).matches(task)


class TestFilteredRows:
    def test_it_has_those_that_match_in_the_order_of_all_rows(self, tasks, filtered):
        tasks.end("apple", "pear")
        tasks.add("apple pie", "plum", "pineapple")
        assert filtered("apple").names == ["apple pie", "pineapple", "apple"]
        assert filtered("", "Waiting", "Done").names == ["plum", "pineapple", "pear", "apple"]

    def test_each_knows_its_row(self, tasks, filtered):
        all = tasks.add("a 1", "b", "a 2")
        rows = filtered("a")
        assert [rows.rowOf(task) for task in all] == [0, None, 1]

    def test_the_first_look_shows_what_it_finds_as_it_goes(self, tasks, live):
        tasks.many(10_000)
        rows = Filtered(live, Filter(text="task"), tasks.clock)
        seen = [len(rows)]
        while rows.isScanning:
            tasks.clock.turn()
            seen.append(len(rows))
        assert 0 < seen[0] < seen[-1] == 10_000
        assert seen == sorted(seen)
        assert rows.changes == 4, "once every 4096, and at the end"

    def test_what_left_or_matches_no_more_is_dropped_when_it_is_looked_at(self, tasks, filtered):
        all = tasks.add("runs", "a", "b", "c", "d")
        rows = filtered("", "Waiting")
        tasks.queue.cancel([all[2]])
        tasks.workers[0].step()
        assert rows.slice(0, 2) == [all[3], all[4]]
        assert len(rows) == 2

    def test_when_very_many_have_left_one_look_does_not_go_through_them_all(self, tasks, filtered):
        all = tasks.many(10_000)
        rows = filtered("", "Waiting")
        tasks.queue.cancel(all[1:9_990])
        assert rows.slice(0, 5) == []
        assert 8_000 < len(rows) < 9_999
        tasks.clock.advance(SHORTEST_REST)
        tasks.clock.turn(200)
        assert rows.slice(0, 5) == all[9_990:9_995]
        assert len(rows) == 10

    def test_what_came_is_found_after_a_rest(self, tasks, filtered):
        tasks.add("runs", "a")
        rows = filtered("", "Waiting")
        tasks.add("b", "c")
        rows.mark()
        rows.mark()
        tasks.clock.advance(SHORTEST_REST / 2)
        assert rows.names == ["a"]
        tasks.clock.advance(SHORTEST_REST)
        tasks.clock.turn(5)
        assert rows.names == ["a", "b", "c"]

    def test_while_nothing_changes_it_rests(self, tasks, filtered):
        tasks.add("a")
        filtered("a")
        tasks.clock.settle()
        assert tasks.clock.getDelayedCalls() == []

    def test_what_comes_during_a_look_is_found_by_the_next(self, tasks, filtered):
        tasks.many(1000)
        rows = filtered("task")
        rows.mark()
        tasks.clock.advance(SHORTEST_REST)
        assert rows.isScanning
        tasks.many(1)
        rows.mark()
        for _ in range(2):
            tasks.clock.turn(100)
            tasks.clock.settle()
        assert len(rows) == 1001

    def test_after_stop_nothing_is_left(self, tasks, filtered):
        rows = filtered("a")
        rows.mark()
        rows.stop()
        assert tasks.clock.getDelayedCalls() == []
