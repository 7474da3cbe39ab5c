# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from aqgui.models.finished import MOST_PIECES_KEPT, FinishedTasks, GroupSummary

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
        assert finished.failed == 0, "the one that failed has gone"

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
