# SPDX-License-Identifier: GPL-3.0-or-later
from random import Random

import pytest

from aqgui.models.finished import MOST_PIECES_KEPT, FinishedTasks, GroupSummary
from aqlib import TaskState

from ..tasks import Tasks


@pytest.fixture
def tasks():
    return Tasks(workers=1)


@pytest.fixture
def forgotten():
    return []


@pytest.fixture
def finished(tasks, forgotten):
    return FinishedTasks(tasks.queue, ["picture"], limit=5, forgotten=forgotten.extend)


def names(finished):
    return [task.name for task in finished.slice(0, 100)]


def fail(tasks, name, **options):
    return tasks.end(name, f=int, args=("x",), **options)


class TestRows:
    def test_the_newest_comes_first(self, tasks, finished):
        tasks.end("a", "b", "c")
        assert names(finished) == ["c", "b", "a"]
        assert finished.at(0).name == "c"

    def test_a_slice_has_as_many_as_there_are(self, tasks, finished):
        tasks.end("a", "b", "c")
        assert [task.name for task in finished.slice(1, 10)] == ["b", "a"]
        assert finished.slice(-5, -1) == []

    def test_each_knows_its_row(self, tasks, finished):
        ended = tasks.end(*"abcdefgh")
        assert [finished.rowOf(task) for task in ended] == [None, None, None, 4, 3, 2, 1, 0]
        assert ended[0] not in finished
        assert ended[7] in finished

    def test_the_oldest_go_and_it_is_told(self, tasks, finished, forgotten):
        ended = tasks.end(*"abcdefg")
        assert names(finished) == list("gfedc")
        assert forgotten == ended[:2]

    def test_one_that_waits_is_not_here(self, tasks, finished):
        [running, waiting] = tasks.add("a", "b")
        assert finished.rowOf(running) is None
        assert finished.rowOf(waiting) is None

    def test_it_counts_those_that_failed(self, tasks, finished):
        fail(tasks, "bad")
        tasks.end("good")
        assert finished.failed == 1
        tasks.end(*"abcdef")
        assert finished.failed == 1

    def test_they_can_be_cleared(self, tasks, finished, forgotten):
        ended = tasks.end("a", "b") + fail(tasks, "c") + tasks.end("piece", group="picture")
        finished.clear()
        assert (len(finished), finished.failed) == (0, 0)
        assert finished.summaries["picture"] == GroupSummary("picture")
        assert set(forgotten) == set(ended)
        tasks.end("d")
        assert names(finished) == ["d"]

    def test_after_close_nothing_is_noted(self, tasks, finished):
        finished.close()
        tasks.end("a")
        assert len(finished) == 0


class TestFailures:
    @pytest.fixture
    def finished(self, tasks, forgotten):
        return FinishedTasks(tasks.queue, ["picture"], limit=5, maxFailures=3, forgotten=forgotten.extend)

    def test_they_stay_at_the_end_when_newer_tasks_arrive(self, tasks, finished, forgotten):
        [bad] = fail(tasks, "bad")
        ended = tasks.end(*"abcdefgh")
        assert names(finished) == [*"hgfed", "bad"]
        assert (finished.rowOf(bad), finished.at(5), len(finished)) == (5, bad, 6)
        assert forgotten == ended[:3]
        assert (finished.failed, finished.dropped, finished.droppedFailures) == (1, 3, 0)

    def test_beyond_their_own_bound_the_oldest_are_dropped_and_still_counted(self, tasks, finished):
        bad = [fail(tasks, f"bad {number}")[0] for number in range(10)]
        assert names(finished) == [f"bad {number}" for number in range(9, 1, -1)]
        assert [finished.rowOf(task) for task in bad] == [None, None, 7, 6, 5, 4, 3, 2, 1, 0]
        assert (finished.failed, finished.dropped, finished.droppedFailures) == (10, 2, 2)

    def test_after_clear_nothing_is_dropped(self, tasks, finished):
        for number in range(10):
            fail(tasks, str(number))
        finished.clear()
        assert (len(finished), finished.failed, finished.dropped, finished.droppedFailures) == (0, 0, 0, 0)

    @pytest.mark.parametrize("seed", range(8))
    def test_rows_and_counts_agree_whatever_happens(self, tasks, finished, forgotten, seed):
        random = Random(seed)
        every, failed = [], 0
        for number in range(120):
            group = random.choice([None, None, "picture"])
            if random.random() < 0.3:
                every += fail(tasks, str(number), group=group)
                failed += 1
            else:
                every += tasks.end(str(number), group=group)
            if random.random() < 0.1:
                finished.hide("picture", hidden=random.random() < 0.5)
            shown = finished.slice(0, 100)
            assert len(shown) == len(finished) <= 5 + 3
            assert [finished.at(row) for row in range(len(finished))] == shown
            assert [finished.rowOf(task) for task in shown] == list(range(len(shown)))
            assert [every.index(task) for task in shown] == sorted(map(every.index, shown), reverse=True)
            assert finished.failed == failed
            keptFailures = sum(task.state is TaskState.FAILED for task in shown)
            assert keptFailures == failed - finished.droppedFailures
            assert finished.droppedFailures == sum(task.state is TaskState.FAILED for task in forgotten)


class TestHiddenPieces:
    def test_they_are_counted_and_not_shown(self, tasks, finished):
        tasks.end("1", "2", group="picture")
        tasks.queue.cancel(tasks.add("3", group="picture"))
        assert names(finished) == []
        assert finished.summaries["picture"] == GroupSummary("picture", done=2, cancelled=1)

    def test_those_that_failed_are_shown_too(self, tasks, finished):
        fail(tasks, "1", group="picture")
        assert names(finished) == ["1"]
        assert finished.summaries["picture"] == GroupSummary("picture", failed=1)

    def test_shown_they_stand_among_the_others_as_they_ended(self, tasks, finished):
        tasks.end("a")
        tasks.end("1", group="picture")
        tasks.end("b")
        finished.hide("picture", hidden=False)
        assert names(finished) == ["b", "1", "a"]
        tasks.end("2", group="picture")
        assert names(finished) == ["2", "b", "1", "a"]

    def test_hidden_again_they_go(self, tasks, finished):
        finished.hide("picture", hidden=False)
        [a, piece, b] = tasks.end("a") + tasks.end("1", group="picture") + tasks.end("b")
        finished.hide("picture")
        assert names(finished) == ["b", "a"]
        assert [finished.rowOf(task) for task in (a, piece, b)] == [1, None, 0]

    def test_only_some_are_kept_aside(self, tasks, finished, forgotten):
        tasks.end(*map(str, range(MOST_PIECES_KEPT + 3)), group="picture")
        assert [task.name for task in forgotten] == ["0", "1", "2"]


class TestOutput:
    def test_it_is_kept_while_the_task_runs_and_after(self, tasks, finished):
        [task] = tasks.add("a")
        finished.taskOutput(task, tasks.workers[0], "stdout", "one\n")
        assert finished.outputOf(task).text == "one\n"
        tasks.workers[0].step()
        finished.taskOutput(task, tasks.workers[0], "stdout", "late\n")
        assert finished.outputOf(task).text == "one\nlate\n"

    def test_it_goes_with_the_task(self, tasks, finished):
        [task] = tasks.end("a")
        finished.taskOutput(task, tasks.workers[0], "stdout", "one\n")
        finished.clear()
        finished.taskOutput(task, tasks.workers[0], "stdout", "too late\n")
        assert finished.outputOf(task) is None

    def test_what_a_worker_prints_between_tasks_is_nobodys(self, tasks, finished):
        finished.workerOutput(tasks.workers[0], "stdout", "hello\n")
        assert not finished._outputs
