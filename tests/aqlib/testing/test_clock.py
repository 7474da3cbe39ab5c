# SPDX-License-Identifier: GPL-3.0-or-later
"""A reactor that is stepped by hand."""

import operator
import threading

import pytest
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.task import deferLater

from aqlib import AsyncWorker, TaskQueue, ThreadQueue
from aqlib.testing import SteppedClock, outcomeOf


@pytest.fixture
def clock():
    return SteppedClock()


def inThread(f, *args):
    thread = threading.Thread(target=f, args=args)
    thread.start()
    thread.join()


def test_time_passes_when_it_is_told_to(clock):
    outcome = outcomeOf(deferLater(clock, 5, lambda: "done"))
    clock.advance(4.9)
    assert outcome == []
    clock.advance(0.1)
    assert outcome == ["done"]


def test_calls_from_threads_are_made_by_the_one_that_steps(clock):
    callers = []
    inThread(clock.callFromThread, lambda: callers.append(threading.current_thread()))
    assert callers == []
    clock.advance()
    assert callers == [threading.main_thread()]


class TestSettle:
    def test_it_gives_a_result_or_raises_the_error(self, clock):
        assert clock.settle(succeed(3)) == 3
        with pytest.raises(ZeroDivisionError):
            clock.settle(fail(ZeroDivisionError()))

    def test_it_waits_for_a_thread(self, clock):
        queue = ThreadQueue(2, reactor=clock)
        assert clock.settle(queue.map(operator.neg, range(50)).toList()) == [-n for n in range(50)]
        clock.settle(queue.shutdown())

    def test_it_makes_what_is_due_and_lets_no_time_pass(self, clock):
        queue = TaskQueue(AsyncWorker(), reactor=clock)
        assert clock.settle(queue.call(operator.add, 1, 2)) == 3
        assert clock.seconds() == 0

    def test_it_says_so_when_nothing_happens(self, clock):
        outcome = deferLater(clock, 5, lambda: None)
        with pytest.raises(AssertionError, match="have to let time pass"):
            clock.settle(outcome, timeout=0.01)
        clock.advance(5)

    def test_a_deferred_that_nobody_fires_is_told_too(self, clock):
        with pytest.raises(AssertionError, match=r"Nothing has happened for 0\.01 s"):
            clock.settle(Deferred(), timeout=0.01)


class TestStop:
    def test_it_calls_the_triggers_of_a_shutdown_in_order(self, clock):
        calls: list[object] = []
        clock.addSystemEventTrigger("before", "shutdown", calls.append, 1)
        removed = clock.addSystemEventTrigger("before", "shutdown", calls.append, 2)
        clock.addSystemEventTrigger("during", "shutdown", calls.append, 3)
        clock.removeSystemEventTrigger(removed)
        clock.stop()
        assert calls == [1, 3]
        assert clock.triggers == []

    def test_there_are_no_other_events(self, clock):
        with pytest.raises(ValueError, match="no 'startup'"):
            clock.addSystemEventTrigger("after", "startup", print)
