# SPDX-License-Identifier: GPL-3.0-or-later
"""A queue that makes calls at once."""

import itertools
import operator

import pytest
from twisted.internet.defer import CancelledError, Deferred

import aqlib
from aqlib import ListConsumer, QueueRunError, TaskState, TimeoutError
from aqlib.testing import NullQueue, SteppedClock, Watcher, outcomeOf


@pytest.fixture
def queue():
    return NullQueue()


def count(n, log=None):
    try:
        yield from range(n)
    finally:
        if log is not None:
            log.append("closed")


class TestCalls:
    def test_the_result_is_there_when_call_returns(self, queue):
        assert outcomeOf(queue.call(operator.add, 1, 2)) == [3]

    def test_an_error_is_an_errback(self, queue):
        assert outcomeOf(queue.call(operator.truediv, 1, 0))[0].check(ZeroDivisionError)

    def test_submit_and_using_are_there(self, queue):
        task = queue.submit(operator.add, 1, 2, niceness=5, series="any")
        assert (task.state, task.niceness, outcomeOf(task.deferred)) == (TaskState.DONE, 5, [3])
        assert outcomeOf(queue.using(timeout=3).call(operator.add, 1, 2)) == [3]

    def test_a_call_in_a_call_is_made_at_once_too(self, queue):
        outcome = outcomeOf(queue.call(lambda: outcomeOf(queue.call(operator.add, 1, 2))))
        assert outcome == [[3]]

    def test_a_call_may_wait_for_another(self, queue):
        async def outer():
            return await queue.call(operator.add, 1, 2) + 1

        assert outcomeOf(queue.call(outer)) == [4]

    def test_deferreds_and_coroutines_are_waited_for(self, queue):
        inner: Deferred[int] = Deferred()
        outcome = outcomeOf(queue.call(lambda: inner))
        assert outcome == []
        inner.callback(3)
        assert outcome == [3]

    def test_progress_reaches_the_observers(self, queue):
        watcher = Watcher()
        queue.addObserver(watcher)
        task = queue.submit(aqlib.progress, 3, 4)
        assert watcher.happened("taskProgress") == [(task,)]
        assert task.progress == (3, 4, "")
        assert [name for name, _ in watcher.events] == ["taskQueued", "taskStarted", "taskProgress", "taskFinished"]

    def test_updates_are_made_once(self, queue):
        calls: list[int] = []
        assert outcomeOf(queue.update(calls.append, 1)) == [[None]]
        assert calls == [1]

    def test_a_paused_queue_keeps_its_calls(self, queue):
        queue.pause()
        outcomes = [outcomeOf(queue.call(len, text, niceness=niceness)) for text, niceness in (("a", 1), ("bc", 0))]
        assert outcomes == [[], []]
        queue.resume()
        assert outcomes == [[1], [2]]


class TestStreams:
    def test_items_are_made_as_they_are_taken(self, queue):
        [deferator] = outcomeOf(queue.call(itertools.count))
        assert [outcomeOf(next(deferator)) for _ in range(3)] == [[0], [1], [2]]
        deferator.stop()

    def test_a_consumer_gets_them(self, queue):
        consumer = ListConsumer()
        assert outcomeOf(queue.call(count, 10_000, consumer=consumer)) == [consumer]
        assert outcomeOf(consumer()) == [list(range(10_000))]

    def test_stop_closes_the_iterator(self, queue):
        log: list[str] = []
        task = queue.submit(count, 10, log)
        [deferator] = outcomeOf(task.deferred)
        next(deferator)
        deferator.stop()
        assert log == ["closed"]
        assert task.state is TaskState.DONE

    def test_an_error_comes_after_the_items_before_it(self, queue):
        [deferator] = outcomeOf(queue.call(lambda: (1 / n for n in (1, 0))))
        first, second = [outcomeOf(next(deferator)) for _ in range(2)]
        assert first == [1.0]
        assert second[0].check(ZeroDivisionError)

    def test_an_empty_one_is_empty(self, queue):
        [deferator] = outcomeOf(queue.call(count, 0))
        assert list(deferator) == []

    def test_maps_are_made(self, queue):
        assert outcomeOf(queue.map(operator.neg, range(1000)).toList()) == [[-n for n in range(1000)]]
        endless = queue.map(operator.neg, itertools.count())
        assert [outcomeOf(next(endless)) for _ in range(100)] == [[-n] for n in range(100)]
        endless.stop()


class TestItsEnd:
    def test_cancel_reaches_what_is_waited_for(self, queue):
        cancelled: list[Deferred[None]] = []
        whole = queue.call(lambda: Deferred(cancelled.append))
        outcome = outcomeOf(whole)
        whole.cancel()
        assert outcome[0].check(CancelledError)
        assert len(cancelled) == 1

    def test_a_timeout_runs_on_the_stepped_clock(self):
        clock = SteppedClock()
        queue = NullQueue(reactor=clock)
        outcome = outcomeOf(queue.call(Deferred, timeout=5))
        clock.advance(5)
        assert outcome[0].check(TimeoutError)

    def test_a_shutdown_waits_for_what_is_under_way(self, queue):
        inner: Deferred[int] = Deferred()
        outcome = outcomeOf(queue.call(lambda: inner))
        done = outcomeOf(queue.shutdown())
        assert done == []
        inner.callback(3)
        assert (outcome, done) == ([3], [None])
        assert outcomeOf(queue.call(len, ""))[0].check(QueueRunError)

    def test_or_ends_it(self, queue):
        outcome = outcomeOf(queue.call(Deferred))
        assert outcomeOf(queue.shutdown(crash=True)) == [None]
        assert len(outcome) == 1
