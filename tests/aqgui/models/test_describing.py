# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from aqgui.models.describing import Column, describe, figure, fraction, progressText, runningTime, tip, waitingTime

from ..tasks import Tasks


@pytest.fixture
def tasks():
    return Tasks(workers=1)


@pytest.fixture
def running(tasks):
    tasks.clock.advance(2)
    return tasks.add("runs")[0]


class TestTimes:
    def test_a_task_waits_until_it_begins(self, tasks, running):
        [waiting] = tasks.add("waits")
        tasks.clock.advance(3)
        assert waitingTime(waiting, 5) == 3
        assert runningTime(waiting, 5) == 0
        tasks.workers[0].step()
        assert waitingTime(waiting, 9) == 3
        assert runningTime(waiting, 9) == 4

    def test_and_runs_until_it_ends(self, tasks, running):
        tasks.clock.advance(3)
        assert runningTime(running, 5) == 3
        tasks.workers[0].step()
        assert runningTime(running, 100) == 3

    def test_one_that_never_began_has_waited_until_it_was_cancelled(self, tasks, running):
        [waiting] = tasks.add("waits")
        tasks.clock.advance(3)
        tasks.queue.cancel([waiting])
        assert (waitingTime(waiting, 100), runningTime(waiting, 100)) == (3, 0)


class TestProgress:
    def test_one_that_tells_nothing_shows_nothing(self, running):
        assert (fraction(running), progressText(running)) == (None, "")

    def test_a_share(self, tasks, running):
        tasks.workers[0].progress(1, 8)
        assert (fraction(running), progressText(running)) == (0.125, "12%")

    @pytest.mark.parametrize(("done", "share"), [(-1, 0.0), (9, 1.0)])
    def test_a_share_is_never_less_than_nothing_nor_more_than_all(self, done, share, tasks, running):
        tasks.workers[0].progress(done, 8)
        assert fraction(running) == share

    def test_of_an_unknown_total_only_the_words(self, tasks, running):
        tasks.workers[0].progress(7, None, "row 7")
        assert (fraction(running), progressText(running)) == (None, "row 7")

    def test_of_a_stream_the_items(self, tasks, running):
        tasks.workers[0].reporter.streamed(running, 1234)
        assert progressText(running) == "1,234 items"


class TestTips:
    def test_the_words_stand_with_the_share(self, tasks, running):
        tasks.workers[0].progress(1, 4, "row 7")
        assert tip(describe(running, None, 0), Column.PROGRESS) == "25%, row 7"

    def test_other_cells_say_their_whole_text(self, running):
        assert tip(describe(running, None, 2), Column.WORKER) == "memory 1"


def test_a_negative_figure_has_a_true_minus_sign():
    assert figure(-5) == "−5"


def test_a_row_stays_what_it_was_when_its_task_goes_on(tasks, running):
    [task] = tasks.add("waits")
    before, text = describe(task, 1, 0), describe(running, None, 0)
    tasks.workers[0].step()
    assert (before.isRunning, before.worker, before.state.value) == (False, None, "waiting")
    assert (text.isRunning, text.isFinished, text.worker) == (True, False, 1)
    assert (describe(task, None, 0).isRunning, describe(task, None, 0).worker) == (True, 1)


def test_rows_are_alike_as_long_as_they_look_alike(tasks, running):
    assert describe(running, None, 2) == describe(running, None, 2.01)
    assert describe(running, None, 2) != describe(running, None, 3)
