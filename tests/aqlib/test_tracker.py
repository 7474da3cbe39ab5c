# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for Deferreds that belong to others."""

import gc
import weakref

import pytest
from twisted.internet.defer import CancelledError, Deferred, succeed
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from aqlib import DeferredTracker
from aqlib.testing import outcomeOf


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tracker(clock):
    return DeferredTracker(reactor=clock)


@pytest.fixture
def track(tracker):
    """track(n): so many Deferreds, tracked."""
    return lambda n: [tracker.put(Deferred()) for _ in range(n)]


class TestPut:
    def test_results_pass_through(self, tracker):
        deferred: Deferred[int] = Deferred()
        assert tracker.put(deferred) is deferred
        outcome = outcomeOf(deferred)
        deferred.callback(3)
        assert outcome == [3]

    def test_failures_pass_through_and_stay_their_owners(self, tracker, loggedErrors):
        deferred = tracker.put(Deferred())
        tracker.put(Deferred()).errback(ZeroDivisionError())
        outcome = outcomeOf(deferred)
        deferred.errback(KeyError())
        assert outcome[0].check(KeyError)
        assert len(loggedErrors.flush(ZeroDivisionError)) == 1

    def test_one_that_has_fired_does_not_count(self, tracker):
        tracker.put(succeed(1))
        assert tracker.notWaiting()

    def test_it_counts_until_the_callbacks_it_had_are_done(self, tracker):
        inner: Deferred[None] = Deferred()
        tracker.put(succeed(None).addCallback(lambda _: inner))
        assert not tracker.notWaiting()
        inner.callback(None)
        assert tracker.notWaiting()

    def test_callbacks_that_are_added_later_are_not_waited_for(self, tracker, track):
        [deferred] = track(1)
        deferred.addCallback(lambda _: Deferred())
        deferred.callback(None)
        assert tracker.notWaiting()

    def test_a_cancelled_one_has_fired(self, tracker, track):
        [deferred] = track(1)
        outcome = outcomeOf(deferred)
        deferred.cancel()
        assert outcome[0].check(CancelledError)
        assert tracker.notWaiting()

    def test_anything_else_is_refused(self, tracker):
        with pytest.raises(TypeError, match="tracks Deferreds, not 3"):
            tracker.put(3)

    def test_no_reference_is_kept(self, tracker):
        deferred = tracker.put(Deferred())
        gone = weakref.ref(deferred)
        del deferred
        gc.collect()
        assert gone() is None


class TestDeferToAll:
    def test_it_fires_when_the_last_has(self, tracker, track):
        first, second = track(2)
        outcome = outcomeOf(tracker.deferToAll())
        second.callback(None)
        assert outcome == []
        first.callback(None)
        assert outcome == [True]

    def test_it_fires_at_once_when_nothing_is_pending(self, tracker):
        assert outcomeOf(tracker.deferToAll()) == [True]

    def test_what_is_put_meanwhile_counts(self, tracker, track):
        [first] = track(1)
        outcome = outcomeOf(tracker.deferToAll())
        [second] = track(1)
        first.callback(None)
        assert outcome == []
        second.callback(None)
        assert outcome == [True]

    def test_a_failure_is_a_firing(self, tracker, track):
        [deferred] = track(1)
        outcome = outcomeOf(tracker.deferToAll())
        deferred.addErrback(lambda _: None)
        deferred.errback(ZeroDivisionError())
        assert outcome == [True]

    def test_after_the_timeout_it_fires_with_false(self, tracker, track, clock):
        [deferred] = track(1)
        outcome = outcomeOf(tracker.deferToAll(timeout=5))
        clock.advance(5)
        assert outcome == [False]
        deferred.callback(None)
        assert outcomeOf(tracker.deferToAll()) == [True]

    def test_no_clock_runs_on_when_it_has_fired(self, tracker, track, clock):
        [deferred] = track(1)
        tracker.deferToAll(timeout=5)
        deferred.callback(None)
        assert clock.getDelayedCalls() == []

    def test_nothing_is_polled(self, tracker, track, clock):
        track(1)
        tracker.deferToAll()
        assert clock.getDelayedCalls() == []

    def test_one_who_puts_more_makes_the_next_wait_on(self, tracker, track):
        [deferred] = track(1)
        tracker.deferToAll().addCallback(lambda _: track(1))
        outcome = outcomeOf(tracker.deferToAll())
        deferred.callback(None)
        assert outcome == []

    async def test_the_installed_reactors_clock_is_the_default(self):
        tracker = DeferredTracker()
        tracker.addWait()
        assert await tracker.deferToAll(timeout=0) is False


class TestDeferToAny:
    def test_it_fires_when_one_has(self, tracker, track):
        _, second = track(2)
        outcome = outcomeOf(tracker.deferToAny())
        assert outcome == []
        second.callback(None)
        assert outcome == [True]

    def test_the_next_waits_for_another(self, tracker, track):
        first, second, _ = track(3)
        first.callback(None)
        outcome = outcomeOf(tracker.deferToAny())
        assert outcome == []
        second.callback(None)
        assert outcome == [True]

    def test_it_fires_at_once_when_nothing_is_pending(self, tracker):
        assert outcomeOf(tracker.deferToAny()) == [True]

    def test_after_the_timeout_it_fires_with_false(self, tracker, track, clock):
        track(1)
        outcome = outcomeOf(tracker.deferToAny(timeout=5))
        clock.advance(5)
        assert outcome == [False]


class TestDeferUntilFewer:
    def test_it_fires_when_fewer_are_pending(self, tracker, track):
        deferreds = track(4)
        outcome = outcomeOf(tracker.deferUntilFewer(3))
        deferreds[0].callback(None)
        assert outcome == []
        deferreds[3].callback(None)
        assert outcome == [True]

    def test_it_fires_at_once_when_fewer_are(self, tracker, track):
        track(2)
        assert outcomeOf(tracker.deferUntilFewer(3)) == [True]

    def test_it_bounds_how_many_are_pending(self, tracker):
        pending: list[Deferred[None]] = []
        most = 0

        async def work():
            nonlocal most
            for _ in range(10):
                await tracker.deferUntilFewer(3)
                pending.append(tracker.put(Deferred()))
                most = max(most, len(pending))

        outcome = outcomeOf(Deferred.fromCoroutine(work()))
        while pending:
            pending.pop(0).callback(None)
        assert outcome == [None]
        assert most == 3

    @pytest.mark.parametrize("n", [0, -1])
    def test_fewer_than_none_are_refused(self, tracker, n):
        with pytest.raises(ValueError, match=f"not fewer than {n}"):
            tracker.deferUntilFewer(n)

    def test_after_the_timeout_it_fires_with_false(self, tracker, track, clock):
        track(3)
        outcome = outcomeOf(tracker.deferUntilFewer(2, timeout=5))
        clock.advance(5)
        assert outcome == [False]


class TestWaits:
    def test_what_has_no_deferred_counts_too(self, tracker):
        tracker.addWait()
        tracker.addWait()
        outcome = outcomeOf(tracker.deferToAll())
        tracker.removeWait()
        assert outcome == []
        tracker.removeWait()
        assert outcome == [True]
        assert tracker.notWaiting()

    def test_to_remove_one_that_is_not_there_does_nothing(self, tracker, track):
        track(1)
        outcome = outcomeOf(tracker.deferToAny())
        tracker.removeWait()
        assert outcome == []
        assert not tracker.notWaiting()


class TestQuitWaiting:
    def test_all_who_wait_are_told_false(self, tracker, track, clock):
        track(2)
        tracker.addWait()
        outcomes = [outcomeOf(d) for d in (tracker.deferToAll(9), tracker.deferToAny(), tracker.deferUntilFewer(1))]
        tracker.quitWaiting()
        assert outcomes == [[False]] * 3
        assert tracker.notWaiting()
        assert clock.getDelayedCalls() == []

    def test_what_was_forgotten_does_not_count_when_it_fires(self, tracker, track):
        [old] = track(1)
        tracker.quitWaiting()
        track(1)
        outcome = outcomeOf(tracker.deferToAny())
        old.callback(None)
        assert outcome == []
        assert not tracker.notWaiting()

    def test_its_results_still_pass_through(self, tracker, track):
        [old] = track(1)
        outcome = outcomeOf(old)
        tracker.quitWaiting()
        old.callback(3)
        assert outcome == [3]


class TestCancel:
    def test_what_was_waited_for_goes_on(self, tracker, track, clock):
        [deferred] = track(1)
        waiting = tracker.deferToAll(timeout=5)
        outcome = outcomeOf(waiting)
        waiting.cancel()
        assert outcome[0].check(CancelledError)
        assert clock.getDelayedCalls() == []
        assert not tracker.notWaiting()
        deferred.callback(None)
        assert len(outcome) == 1

    def test_who_waits_no_more_is_forgotten(self, tracker, track, clock):
        track(1)
        cancelled, late = tracker.deferToAll(), tracker.deferToAll(timeout=5)
        cancelled.addErrback(lambda _: None)
        cancelled.cancel()
        clock.advance(5)
        gone = [weakref.ref(cancelled), weakref.ref(late)]
        del cancelled, late
        gc.collect()
        assert [ref() for ref in gone] == [None, None]

    @pytest.mark.parametrize("fire", [lambda tracker, d: d.callback(None), lambda tracker, d: tracker.quitWaiting()])
    def test_one_who_is_told_may_cancel_another(self, tracker, track, fire):
        [deferred] = track(1)
        first, second = tracker.deferToAll(), tracker.deferToAll()
        outcome = outcomeOf(second)
        first.addCallback(lambda _: second.cancel())
        third = outcomeOf(tracker.deferToAll())
        fire(tracker, deferred)
        assert isinstance(outcome[0], Failure)
        assert outcome[0].check(CancelledError)
        assert len(third) == 1
