# SPDX-License-Identifier: GPL-3.0-or-later
"""An AsyncWorker: calls in the reactor's own thread, with a clock stepped by hand."""

import operator

import pytest
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.task import Clock, deferLater

import aqlib
from aqlib import AsyncWorker, Deferator, ListConsumer, TaskQueue, TaskState, WorkerState, asyncworker
from aqlib.testing import Watcher, outcomeOf


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def worker():
    return AsyncWorker()


@pytest.fixture
def queue(clock, worker):
    return TaskQueue(worker, reactor=clock)


def turns(clock, number=10):
    for _ in range(number):
        clock.advance(0)


def failing(n):
    yield from range(n)
    raise ZeroDivisionError


class TestCalls:
    def test_a_call_never_runs_inside_queue_call(self, queue, clock):
        calls: list[int] = []
        outcome = outcomeOf(queue.call(calls.append, 1))
        assert calls == []
        clock.advance(0)
        assert (calls, outcome) == ([1], [None])

    def test_calls_run_one_at_a_time(self, queue, clock):
        first: Deferred[str] = Deferred()
        outcomes = [outcomeOf(queue.call(lambda: first)), outcomeOf(queue.call(operator.add, 1, 1))]
        turns(clock)
        assert outcomes == [[], []]
        first.callback("done")
        turns(clock)
        assert outcomes == [["done"], [2]]

    def test_a_coroutine_is_waited_for(self, queue, clock):
        async def later(x):
            await deferLater(clock, 5)
            return 2 * x

        outcome = outcomeOf(queue.call(later, 4))
        turns(clock)
        assert outcome == []
        clock.advance(5)
        assert outcome == [8]

    def test_errors_of_functions_deferreds_and_coroutines_are_errbacks(self, queue, clock):
        async def failingLater():
            await deferLater(clock, 1)
            raise ZeroDivisionError

        async def failingAtOnce():
            raise ZeroDivisionError

        outcomes = [outcomeOf(queue.call(f)) for f in (lambda: 1 / 0, failingAtOnce, failingLater)]
        for _ in range(10):
            clock.advance(1)
        assert [bool(outcome and outcome[0].check(ZeroDivisionError)) for outcome in outcomes] == [True] * 3

    def test_it_serves_its_own_series_and_those_of_its_class(self, clock):
        queue = TaskQueue(AsyncWorker("mine"), reactor=clock)
        outcomes = [
            outcomeOf(queue.call(len, "", series=series)) for series in (None, "async", "local", "mine", "process")
        ]
        turns(clock)
        assert outcomes == [[0], [0], [0], [0], []]

    def test_progress_and_cancelled_speak_of_the_task(self, queue, clock):
        watcher = Watcher()
        queue.addObserver(watcher)

        def reporting():
            aqlib.progress(1, 2, "half")
            return aqlib.cancelled()

        task = queue.submit(reporting)
        outcome = outcomeOf(task.deferred)
        turns(clock)
        assert (task.progress, outcome) == ((1, 2, "half"), [False])
        assert watcher.happened("taskProgress") == [(task,)]


class TestCancel:
    def test_what_it_waits_for_is_cancelled_and_the_next_call_runs(self, queue, clock):
        cancelled: list[object] = []
        waiting: Deferred[None] = Deferred(cancelled.append)
        task = queue.submit(lambda: waiting)
        outcome = outcomeOf(task.deferred)
        following = outcomeOf(queue.call(len, "ab"))
        turns(clock)
        task.cancel()
        assert outcome[0].check(CancelledError)
        assert cancelled == [waiting]
        turns(clock)
        assert following == [2]

    def test_one_that_has_not_been_made_yet_never_is(self, queue, clock):
        calls: list[int] = []
        task = queue.submit(calls.append, 1)
        outcomeOf(task.deferred)
        task.cancel()
        turns(clock)
        assert calls == []

    def test_a_stream_is_closed(self, queue, clock):
        closed = []

        def numbers():
            try:
                while True:
                    yield 0
            finally:
                closed.append(True)

        task = queue.submit(numbers)
        turns(clock)
        [deferator] = outcomeOf(task.deferred)
        end = outcomeOf(deferator.d)
        task.cancel()
        assert end[0].check(CancelledError)
        assert closed == [True]


class TestStreams:
    def test_an_iterator_comes_as_a_deferator(self, queue, clock):
        outcome = outcomeOf(queue.call(iter, [1, 2, 3]))
        turns(clock)
        [deferator] = outcome
        assert isinstance(deferator, Deferator)
        assert [outcomeOf(deferred) for deferred in deferator] == [[1], [2], [3]]

    def test_a_consumer_gets_all_items_however_many(self, queue, clock):
        consumer = ListConsumer()
        outcome = outcomeOf(queue.call(lambda: iter(range(1000)), consumer=consumer))
        turns(clock, 50)
        assert outcome == [consumer]
        assert outcomeOf(consumer()) == [list(range(1000))]

    def test_it_makes_no_more_than_a_window_ahead_of_its_taker(self, queue, clock):
        made = []

        def numbers():
            for i in range(100_000):
                made.append(i)
                yield i

        outcomeOf(queue.call(numbers))
        turns(clock, 50)
        assert len(made) == asyncworker.WINDOW

    def test_items_before_an_error_arrive_before_it(self, queue, clock):
        consumer = ListConsumer()
        outcome = outcomeOf(queue.call(failing, 3, consumer=consumer))
        turns(clock)
        assert outcome[0].check(ZeroDivisionError)
        assert outcomeOf(consumer()) == [[0, 1, 2]]

    def test_its_steps_may_tell_progress_and_ask_whether_they_are_wanted(self, queue, clock):
        seen = []

        def numbers():
            try:
                for i in range(3):
                    aqlib.progress(i, 3)
                    seen.append(aqlib.cancelled())
                    yield i
                yield from iter(int, 1)
            finally:
                seen.append(aqlib.cancelled())

        task = queue.submit(numbers)
        outcomeOf(task.deferred)
        turns(clock)
        assert task.progress == (2, 3, "")
        task.cancel()
        assert seen == [False, False, False, True]

    @pytest.mark.parametrize("end", ["stop", "cancel"])
    def test_an_error_when_it_is_closed_is_told_and_harms_nobody(self, queue, clock, worker, end, loggedErrors):
        def numbers():
            try:
                yield from iter(int, 1)
            finally:
                raise ZeroDivisionError

        task = queue.submit(numbers)
        outcome = outcomeOf(task.deferred)
        turns(clock)
        item = outcomeOf(outcome[0].d)
        (outcome[0].stop if end == "stop" else task.cancel)()
        assert (task.isFinished, worker.state, len(item)) == (True, WorkerState.IDLE, 1)
        if end == "stop":
            assert task.failure.check(ZeroDivisionError)
        else:
            assert loggedErrors.flush(ZeroDivisionError) != []

    def test_what_would_end_the_program_is_its_error(self, queue, clock):
        def numbers():
            yield 1
            raise SystemExit

        consumer = ListConsumer()
        outcome = outcomeOf(queue.call(numbers, consumer=consumer))
        turns(clock)
        assert outcome[0].check(SystemExit)
        assert outcomeOf(consumer()) == [[1]]

    def test_its_time_out_stands_still_while_nobody_takes_its_items(self, queue, clock):
        task = queue.submit(lambda: iter(int, 1), timeout=1)
        outcome = outcomeOf(task.deferred)
        turns(clock)
        clock.advance(10)
        assert task.state is TaskState.SUSPENDED
        for _ in range(asyncworker.WINDOW):
            next(outcome[0])
        turns(clock)
        assert (task.items > asyncworker.WINDOW, task.isFinished) == (True, False)

    def test_one_that_is_stopped_frees_its_worker(self, queue, clock, worker):
        outcome = outcomeOf(queue.call(lambda: iter(range(10_000))))
        task = worker.task
        turns(clock)
        outcome[0].stop()
        assert (task.state, worker.state) == (TaskState.DONE, WorkerState.IDLE)

    @pytest.mark.parametrize("where", ["worker", "call"])
    def test_raw_gives_the_iterator_itself(self, clock, where):
        queue = TaskQueue(AsyncWorker(raw=where == "worker"), reactor=clock)
        iterator = iter([1])
        outcome = outcomeOf(queue.call(lambda: iterator, raw=where == "call"))
        turns(clock)
        assert outcome == [iterator]


class TestEnd:
    def test_it_leaves_when_its_task_has_ended(self, queue, clock, worker):
        waiting: Deferred[int] = Deferred()
        outcome = outcomeOf(queue.call(lambda: waiting))
        turns(clock)
        left = outcomeOf(queue.detachWorker(worker))
        assert left == []
        waiting.callback(5)
        assert (outcome, left, worker.state) == ([5], [[]], WorkerState.GONE)

    def test_a_crash_drops_its_task(self, queue, clock, worker):
        task = queue.submit(Deferred)
        outcomeOf(task.deferred)
        turns(clock)
        assert outcomeOf(queue.detachWorker(worker, crash=True)) == [[task]]
        assert task.state is TaskState.FAILED

    def test_an_update_is_made_at_once(self, queue):
        assert outcomeOf(queue.update(operator.add, 1, 2)) == [[3]]

    def test_an_update_may_attach_a_worker_which_makes_it_too(self, queue):
        made: list[str] = []

        def update():
            made.append("update")
            if len(made) == 1:
                queue.attachWorker(AsyncWorker())

        assert outcomeOf(queue.update(update)) == [[None]]
        assert made == ["update", "update"]
