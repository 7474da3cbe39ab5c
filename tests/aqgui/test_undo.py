# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PyQt5.QtWidgets import QUndoStack
from twisted.internet.defer import CancelledError

from aqgui.undo import MOST_AT_ONCE, Steering
from aqlib import ListConsumer, TaskState

from .tasks import Tasks


@pytest.fixture
def tasks():
    tasks = Tasks(workers=1)
    tasks.queue.pause()
    return tasks


@pytest.fixture
def stack(qapp):
    return QUndoStack()


@pytest.fixture
def replaced():
    return {}


@pytest.fixture
def steering(tasks, stack, replaced):
    return Steering(tasks.queue, stack, replaced.__setitem__)


def test_pieces_are_changed_but_never_enter_the_stack(tasks, stack):
    steering = Steering(tasks.queue, stack, pieceGroups=("picture",))
    tasks.add("runs")
    [piece] = tasks.add("piece", group="picture")
    [own] = tasks.add("own")
    steering.setNiceness([piece], 3)
    assert (piece.niceness, stack.count()) == (3, 0)
    steering.cancel([piece, own], [])
    assert tasks.waiting() == ["runs"]
    assert stack.undoText() == "cancelling 1 task"
    stack.undo()
    assert tasks.waiting() == ["runs", "own"]


class TestMove:
    def test_tasks_go_before_another_one(self, tasks, steering):
        _, b, c, d = tasks.add(*"abcd")
        steering.move([c, d], b)
        assert tasks.waiting() == list("acdb")

    def test_the_command_says_how_many(self, tasks, steering, stack):
        all = tasks.many(12)
        steering.move(all[1:2], all[0])
        assert stack.undoText() == "moving 1 task"
        steering.move(all, None)
        assert stack.undoText() == "moving 12 tasks"

    def test_undone_they_stand_where_they_stood(self, tasks, steering, stack):
        a, b, c, d = tasks.add(*"abcd")
        steering.move([b, d], a)
        steering.move([c], b)
        stack.undo()
        assert tasks.waiting() == list("bdac")
        stack.undo()
        assert tasks.waiting() == list("abcd")
        assert not any(task.byHand for task in (a, b, c, d))

    def test_redone_they_go_there_again(self, tasks, steering, stack):
        _, b, _, d = tasks.add(*"abcd")
        steering.move([d], b)
        stack.undo()
        stack.redo()
        assert tasks.waiting() == list("adbc")

    def test_one_that_has_begun_is_not_moved_back(self, tasks, steering, stack):
        all = tasks.add(*"abcd")
        steering.move([all[3]], all[0])
        tasks.queue.resume()
        assert all[3].isRunning
        stack.undo()
        assert tasks.waiting() == list("abc")

    @pytest.mark.parametrize(
        ("where", "order"),
        [("moveToTop", "cdabef"), ("moveUp", "acdbef"), ("moveDown", "abecdf"), ("moveToBottom", "abefcd")],
    )
    def test_by_one_place_or_to_an_end(self, where, order, tasks, steering):
        all = tasks.add(*"abcdef")
        getattr(steering, where)(all[2:4])
        assert tasks.waiting() == list(order)

    @pytest.mark.parametrize("where", ["moveToTop", "moveUp", "moveDown", "moveToBottom"])
    def test_at_the_end_there_is_no_further(self, where, tasks, steering):
        all = tasks.add(*"abc")
        getattr(steering, where)(all)
        assert tasks.waiting() == list("abc")

    def test_before_one_of_themselves_is_before_the_next_other(self, tasks, steering):
        _, b, _, d = tasks.add(*"abcd")
        steering.move([d, b], b)
        assert tasks.waiting() == list("adbc")

    def test_nothing_to_move_is_no_command(self, steering, stack):
        steering.move([], None)
        assert stack.count() == 0


class TestNiceness:
    def test_it_is_set_and_set_back(self, tasks, steering, stack):
        a, b, c = tasks.add(*"abc")
        steering.setNiceness([c, b], -5)
        assert stack.undoText() == "setting the niceness of 2 tasks"
        assert tasks.waiting() == list("bca") or tasks.waiting() == list("cba")
        stack.undo()
        assert tasks.waiting() == list("abc")
        assert [task.niceness for task in (a, b, c)] == [0, 0, 0]
        stack.redo()
        assert c.niceness == -5

    def test_a_task_that_a_hand_had_placed_goes_back_there(self, tasks, steering, stack):
        a, _, c = tasks.add(*"abc")
        steering.move([c], a)
        steering.setNiceness([c], 7)
        assert tasks.waiting() == list("abc")
        stack.undo()
        assert tasks.waiting() == list("cab")
        assert c.byHand


class TestCancel:
    def test_waiting_tasks_are_cancelled(self, tasks, steering, stack):
        a, b, c = tasks.add(*"abc")
        steering.cancel([a, b], [])
        assert stack.undoText() == "cancelling 2 tasks"
        assert [task.state for task in (a, b, c)] == [TaskState.CANCELLED, TaskState.CANCELLED, TaskState.WAITING]

    def test_undone_the_calls_are_queued_again_at_their_old_places(self, tasks, steering, stack, replaced):
        all = tasks.add(*"abcdef", niceness=3)
        steering.move([all[5]], all[1])
        steering.cancel([all[5], all[1], all[3]], [])
        assert tasks.waiting() == list("ace")
        stack.undo()
        assert tasks.waiting() == list("afbcde")
        assert {old.name: new.name for old, new in replaced.items()} == {"f": "f", "b": "b", "d": "d"}
        assert all[1].state is TaskState.CANCELLED, "what was told that it is cancelled stays so"

    def test_redone_the_new_ones_are_cancelled(self, tasks, steering, stack, replaced):
        a, _ = tasks.add(*"ab")
        steering.cancel([a], [])
        stack.undo()
        stack.redo()
        assert tasks.waiting() == ["b"]
        stack.undo()
        assert tasks.waiting() == ["a", "b"]

    def test_what_was_done_before_can_still_be_undone(self, tasks, steering, stack):
        a, b, c = tasks.add(*"abc")
        steering.move([c], a)
        steering.setNiceness([b], 5)
        steering.cancel([b, c], [])
        for _ in range(3):
            stack.undo()
        assert tasks.waiting() == list("abc")
        assert [task.niceness for task in tasks.queue.schedule] == [0, 0, 0]
        for _ in range(3):
            stack.redo()
        assert tasks.waiting() == ["a"]

    def test_one_that_runs_is_ended_for_good(self, tasks, steering, stack):
        tasks.queue.resume()
        [task] = tasks.add("a")
        steering.cancel([], [task])
        assert task.state is TaskState.CANCELLED
        assert stack.count() == 0

    def test_who_waits_is_told(self, tasks, steering):
        deferred = tasks.queue.call(len, ())
        outcome: list = []
        deferred.addErrback(outcome.append)
        steering.cancel(list(tasks.queue.schedule), [])
        assert outcome[0].check(CancelledError)


class TestRetry:
    def test_the_call_is_queued_again(self, tasks, steering):
        tasks.queue.resume()
        [ended] = tasks.end("a", f=len, args=([1, 2],), niceness=4)
        again = steering.retry(ended)
        assert (again.name, again.niceness, again.call.args) == ("a", 4, ([1, 2],))

    def test_nobody_is_troubled_when_it_fails_again(self, tasks, steering):
        tasks.queue.resume()
        steering.retry(tasks.end("a", f=int, args=("x",))[0])
        tasks.workers[0].step()

    def test_a_stream_is_taken_to_its_end(self, tasks, steering):
        tasks.queue.resume()
        again = steering.retry(tasks.end("a")[0])
        source = tasks.workers[0].stream()
        source.feed([1, 2, 3])
        assert tasks.workers[0].credit == 3
        tasks.workers[0].succeed()
        assert again.state is TaskState.DONE

    def test_its_consumer_gets_the_items_again(self, tasks, steering):
        tasks.queue.resume()
        consumer = ListConsumer()
        steering.retry(tasks.end("a", consumer=consumer)[0])
        source = tasks.workers[0].stream()
        source.feed([1, 2])
        tasks.workers[0].succeed()
        outcome: list = []
        consumer().addCallback(outcome.append)
        assert outcome == [[1, 2]]


class TestManyTasks:
    NUMBER = 3 * MOST_AT_ONCE

    def test_they_are_moved_in_slices_in_their_order(self, tasks, steering, stack):
        all = tasks.many(self.NUMBER)
        before = tasks.waiting()
        steering.move(all[100:], all[50])
        tasks.clock.turn(1000)
        after = before[:50] + before[100:] + before[50:100]
        assert tasks.waiting() == after
        stack.undo()
        tasks.clock.turn(1000)
        assert tasks.waiting() == before
        stack.redo()
        tasks.clock.turn(1000)
        assert tasks.waiting() == after

    def test_they_are_moved_before_one_of_themselves(self, tasks, steering):
        all = tasks.many(self.NUMBER)
        before = tasks.waiting()
        steering.move([*all[700:], *all[10:700]], all[60])
        tasks.clock.turn(1000)
        assert tasks.waiting() == before[:10] + before[700:] + before[10:700]

    def test_they_are_cancelled_and_queued_again(self, tasks, steering, stack):
        all = tasks.many(self.NUMBER)
        before = tasks.waiting()
        steering.cancel(all, [])
        tasks.clock.turn(1000)
        assert tasks.waiting() == []
        stack.undo()
        tasks.clock.turn(1000)
        assert tasks.waiting() == before

    def test_undone_in_the_middle_what_was_done_is_undone(self, tasks, steering, stack, monkeypatch):
        monkeypatch.setattr("aqgui.undo.SLICE", 0.0)
        all = tasks.many(self.NUMBER)
        before = tasks.waiting()
        steering.cancel(all, [])
        tasks.clock.turn(3)
        assert 0 < len(tasks.queue.schedule) < self.NUMBER, "it has been begun, and goes on"
        stack.undo()
        tasks.clock.turn(3000)
        assert tasks.waiting() == before
        assert tasks.clock.getDelayedCalls() == []
