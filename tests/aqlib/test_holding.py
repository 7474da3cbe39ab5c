# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that are held: until others have ended (`after`), and until a time (`notBefore`)."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from twisted.internet.defer import CancelledError, Deferred

from aqlib import DependencyFailed, QueueRunError, TaskQueue, TaskState
from aqlib.holding import secondsUntil
from aqlib.testing import MemoryWorker, NullQueue, SteppedClock, Watcher, outcomeOf


@pytest.fixture
def clock():
    return SteppedClock()


@pytest.fixture
def queue(clock):
    return TaskQueue(reactor=clock)


@pytest.fixture
def worker(queue):
    theWorker = MemoryWorker()
    queue.attachWorker(theWorker)
    return theWorker


def quiet(task):
    """A task of which nobody wants to know what becomes of it."""
    task.deferred.addErrback(lambda _: None)
    return task


class TestAfter:
    def test_a_task_is_held_until_all_of_those_before_it_have_ended(self, queue, worker):
        first, second = queue.submit(len, "a"), queue.submit(len, "b")
        task = queue.submit(len, "abc", after=[first, second])
        assert (task.state, queue.held(), list(queue.schedule)) == (TaskState.HELD, [task], [second])
        worker.step()
        assert task.isHeld
        worker.step()
        assert (worker.task, queue.held()) == (task, [])
        worker.step()
        assert outcomeOf(task.deferred) == [3]

    def test_those_that_have_ended_already_count_at_once(self, queue, worker):
        first = queue.submit(len, "a")
        worker.step()
        assert queue.submit(len, "", after=[first]).isRunning

    def test_none_to_wait_for_is_no_reason_to_wait(self, queue, worker):
        assert queue.submit(len, "", after=[]).isRunning

    def test_it_is_not_run_when_one_of_them_fails(self, queue, worker):
        first, other = queue.submit(int, "three", name="a number"), queue.submit(len, "")
        failed = outcomeOf(first.deferred)
        outcome = outcomeOf(queue.call(len, "abc", after=[first, other]))
        worker.step()
        error = outcome[0].value
        assert isinstance(error, DependencyFailed)
        assert str(error) == "len('abc') was not run: task 1, a number, has failed."
        assert error.__cause__ is failed[0].value

    def test_so_it_is_when_one_is_cancelled(self, queue, worker):
        first = quiet(queue.submit(len, ""))
        outcome = outcomeOf(queue.call(len, "abc", after=[first]))
        first.cancel()
        assert outcome[0].check(DependencyFailed)
        assert "was cancelled" in outcome[0].getErrorMessage()
        assert isinstance(outcome[0].value.__cause__, CancelledError)

    def test_one_that_has_failed_already_is_an_errback_at_once(self, queue, worker):
        first = quiet(queue.submit(int, "three"))
        worker.step()
        task = queue.submit(len, "", after=[first])
        assert task.state is TaskState.FAILED
        assert outcomeOf(task.deferred)[0].check(DependencyFailed)

    @pytest.mark.parametrize("isOver", [False, True])
    def test_with_afterAny_it_runs_whatever_has_become_of_them(self, queue, worker, isOver):
        first, second = quiet(queue.submit(int, "three")), quiet(queue.submit(len, ""))
        if isOver:
            worker.step()
        task = queue.submit(len, "abc", after=[first, second], afterAny=True)
        if not isOver:
            worker.step()
        assert task.isHeld
        second.cancel()
        assert worker.task is task

    def test_chains_fail_through_however_long_they_are(self, queue, worker):
        tasks = [quiet(queue.submit(int, "three"))]
        for _ in range(3000):
            tasks.append(quiet(queue.submit(len, "", after=tasks[-1:])))
        last = outcomeOf(tasks[-1].deferred)
        worker.step()
        assert {task.state for task in tasks} == {TaskState.FAILED}
        assert isinstance(tasks[-1].failure.value.__cause__, DependencyFailed)
        assert (last, queue.held()) == ([None], [])

    def test_a_chain_runs_in_its_order(self, queue, worker):
        done: list[int] = []
        first = queue.submit(done.append, 1)
        second = queue.submit(done.append, 2, after=[first])
        queue.submit(done.append, 3, after=[second], doNext=True)
        for _ in range(3):
            worker.step()
        assert done == [1, 2, 3]

    def test_it_may_wait_for_tasks_of_another_queue(self, queue, worker, clock):
        other = TaskQueue(MemoryWorker(), reactor=clock)
        task = queue.submit(len, "", after=[other.submit(len, "")])
        assert task.isHeld
        other.workers(1).step()
        assert task.isRunning

    def test_a_stream_has_ended_when_its_last_item_was_made(self, queue, worker):
        stream = queue.submit(iter, [])
        task = queue.submit(len, "", after=[stream])
        source = worker.stream()
        source.feed([1])
        assert task.isHeld
        worker.succeed()
        assert task.isRunning

    def test_its_own_place_is_by_the_ordinary_rules_when_it_is_queued(self, queue, worker):
        first = queue.submit(len, "")
        task = queue.submit(len, "", after=[first])
        ordinary, nice = queue.submit(len, ""), queue.submit(len, "", niceness=5)
        task.setNiceness(3)
        assert (task.isHeld, task.niceness) == (True, 3)
        queue.pause()
        worker.step()
        assert list(queue.schedule) == [ordinary, task, nice]

    def test_a_held_task_has_no_place_to_be_moved_from(self, queue, worker):
        running, waiting = queue.submit(len, ""), queue.submit(len, "")
        task = queue.submit(len, "", after=[running])
        queue.move([task], before=waiting)
        assert (task.isHeld, list(queue.schedule)) == (True, [waiting])

    def test_what_has_ended_keeps_nothing_alive_that_went_before_it(self, queue, worker):
        first = queue.submit(len, "")
        task = queue.submit(len, "", after=[first])
        worker.step()
        assert task.options.after == ()
        assert queue.followers.byTask == {}

    def test_retry_waits_for_none_of_them(self, queue, worker):
        first = quiet(queue.submit(int, "three"))
        task = quiet(queue.submit(len, "", after=[first]))
        worker.step()
        assert queue.retry(task).isRunning

    @pytest.mark.parametrize("after", [7, [7], [Deferred()]])
    def test_what_is_no_task_is_a_TypeError(self, queue, after):
        with pytest.raises(TypeError, match="'after' takes"):
            queue.call(len, "", after=after)

    def test_the_calls_of_a_map_wait_too(self, queue, worker):
        first = queue.submit(len, "")
        whole = outcomeOf(queue.map(len, ["a", "bc"], after=[first]).toList())
        assert len(queue.schedule) == 0
        while worker.task is not None:
            worker.step()
        assert whole == [[1, 2]]


class TestNotBefore:
    @pytest.mark.parametrize("delay", [10, 10.0, timedelta(seconds=10)])
    def test_a_task_is_held_for_so_long(self, queue, worker, clock, delay):
        task = queue.submit(len, "", notBefore=delay)
        clock.advance(9.9)
        assert (task.state, queue.held()) == (TaskState.HELD, [task])
        clock.advance(0.2)
        assert task.isRunning

    def test_or_until_a_time_of_day(self, queue, worker, clock):
        task = queue.submit(len, "", notBefore=datetime.now(UTC) + timedelta(hours=1))
        clock.advance(3500)
        assert task.isHeld
        clock.advance(101)
        assert task.isRunning

    def test_a_time_of_day_is_told_by_the_wall_clock(self):
        time = datetime(2030, 1, 1, 12, tzinfo=UTC)
        assert secondsUntil(time, time.timestamp) == 0
        assert secondsUntil(time + timedelta(minutes=1), time.timestamp) == 60

    @pytest.mark.parametrize("time", [0, datetime.now(UTC) - timedelta(days=1)])
    def test_what_has_passed_holds_nothing(self, queue, worker, time):
        assert queue.submit(len, "", notBefore=time).isRunning

    def test_it_waits_for_both_its_time_and_others(self, queue, worker, clock):
        early, late = [queue.submit(len, "") for _ in range(2)]
        one, other = queue.submit(len, "", after=[early], notBefore=5), queue.submit(len, "", after=[late], notBefore=5)
        worker.step()
        assert one.isHeld
        clock.advance(5)
        assert (one.isWaiting, other.isHeld) == (True, True)
        worker.step()
        assert (one.isRunning, other.isWaiting) == (True, True)

    def test_a_cancelled_one_leaves_no_timer(self, queue, worker, clock):
        outcome = outcomeOf(queue.call(len, "", notBefore=10))
        queue.held()[0].cancel()
        assert outcome[0].check(CancelledError)
        assert clock.getDelayedCalls() == []

    @pytest.mark.parametrize("time", [-1, float("nan"), float("inf"), "noon", datetime(2030, 1, 1), timedelta(-1)])
    def test_what_is_no_delay_and_no_certain_time_is_a_ValueError(self, queue, time):
        with pytest.raises(ValueError, match=r"time zone|'notBefore'"):
            queue.call(len, "", notBefore=time)

    def test_a_map_takes_none(self, queue):
        with pytest.raises(TypeError, match="no option 'notBefore'"):
            queue.map(len, [], notBefore=3)


class TestObservers:
    def test_they_are_told_of_a_held_task_and_again_when_it_is_queued(self, queue, worker):
        first = queue.submit(len, "")
        watcher = Watcher()
        queue.addObserver(watcher)
        task = queue.submit(len, "", after=[first])
        worker.step()
        assert watcher.events == [
            ("taskHeld", (task,)),
            ("taskFinished", (first,)),
            ("taskQueued", (task,)),
            ("taskStarted", (task,)),
        ]

    def test_the_load_counts_held_tasks(self, queue, worker):
        loads: list[int] = []

        class Consumer:
            def registerProducer(self, producer, streaming):
                pass

            def unregisterProducer(self):
                pass

            write = loads.append

        queue.subscribe(Consumer())
        first = queue.submit(len, "")
        queue.submit(len, "", after=[first])
        worker.step()
        worker.step()
        assert loads == [1, 2, 1, 0]


class TestCancel:
    def test_it_costs_the_same_however_many_are_held(self, queue):
        first = queue.submit(len, "")
        held = [quiet(queue.submit(len, "", after=[first])) for _ in range(20_000)]
        begin = time.perf_counter()
        for task in held:
            task.cancel()
        assert time.perf_counter() - begin < 10  # it would be a minute, if each one were looked for among all
        assert queue.held() == []

    def test_a_held_task_is_cancelled_at_once(self, queue, worker):
        first = queue.submit(len, "")
        task = queue.submit(len, "", after=[first])
        outcome = outcomeOf(task.deferred)
        task.deferred.cancel()
        assert outcome[0].check(CancelledError)
        assert (task.state, queue.held(), queue.followers.byTask) == (TaskState.CANCELLED, [], {})
        worker.step()
        assert task.state is TaskState.CANCELLED

    @pytest.mark.parametrize("end", ["cancelAll", "cancelSeries", "cancel"])
    def test_so_are_all_of_them_in_a_chain(self, queue, worker, end):
        queue.submit(len, "")
        tasks = [queue.submit(len, "")]
        for _ in range(3):
            tasks.append(queue.submit(len, "", after=tasks[-1:]))
        outcomes = [outcomeOf(task.deferred) for task in tasks]
        getattr(queue, end)(*{"cancelAll": (), "cancelSeries": (None,), "cancel": (tasks,)}[end])
        assert all(outcome[0].check(CancelledError) for outcome in outcomes)

    def test_cancelSeries_leaves_those_of_others(self, queue, worker):
        task = queue.submit(len, "", notBefore=5)
        queue.cancelSeries("another")
        assert task.isHeld
        quiet(task).cancel()

    def test_of_two_that_wait_for_one_the_first_may_cancel_the_second(self, queue, worker):
        first = quiet(queue.submit(int, "three"))
        one, other = [queue.submit(len, "", after=[first]) for _ in range(2)]
        outcome = outcomeOf(other.deferred)
        one.deferred.addErrback(lambda _: other.cancel())
        worker.step()
        assert outcome[0].check(CancelledError)


class TestShutdown:
    def test_it_waits_for_held_tasks(self, queue, worker, clock):
        first = queue.submit(len, "a")
        outcome = outcomeOf(queue.call(len, "ab", after=[first], notBefore=3))
        done = outcomeOf(queue.shutdown())
        worker.step()
        assert done == []
        clock.advance(3)
        worker.step()
        assert (outcome, done) == ([2], [None])

    @pytest.mark.parametrize("how", ["cancel", "cancelWaiting", "crash"])
    def test_it_cancels_them_when_it_cancels_what_waits(self, queue, worker, how):
        first = quiet(queue.submit(len, ""))
        held = outcomeOf(queue.call(len, "ab", after=[first]))
        done = outcomeOf(queue.shutdown(**{how: True}))
        assert held[0].check(CancelledError)
        if how == "cancelWaiting":
            worker.step()
        assert done == [None]

    def test_those_that_no_worker_serves_fail_and_do_not_keep_it(self, queue, worker):
        outcome = outcomeOf(queue.call(len, "", notBefore=5, series="nobody's"))
        assert outcomeOf(queue.shutdown()) == [None]
        assert outcome[0].check(QueueRunError)

    def test_a_degraded_queue_fails_them_with_its_reason(self, queue, worker, loggedErrors):
        outcome = outcomeOf(queue.call(len, "", notBefore=5))
        queue.degrade("no kernel")
        assert outcome[0].getErrorMessage() == "no kernel"
        loggedErrors.flush()


class TestNullQueue:
    def test_a_held_call_is_made_when_its_time_has_come(self):
        null = NullQueue()
        outcome = outcomeOf(null.call(len, "ab", notBefore=5))
        null.reactor.advance(4)
        assert outcome == []
        null.reactor.advance(1)
        assert outcome == [2]

    def test_or_when_others_have_ended(self):
        null = NullQueue()
        waiting: Deferred[None] = Deferred()
        outcome = outcomeOf(null.call(len, "ab", after=[null.submit(lambda: waiting)]))
        assert outcome == []
        waiting.callback(None)
        assert outcome == [2]
