# SPDX-License-Identifier: GPL-3.0-or-later
"""Delays, and waiting for what tells nobody."""

import pytest
from twisted.internet.defer import CancelledError, Deferred, succeed

from aqlib import Delay, deferToDelay
from aqlib.testing import outcomeOf

from .stoppingclock import StoppingClock


@pytest.fixture
def clock():
    return StoppingClock()


@pytest.fixture
def looks(clock):
    """When somebody looked."""
    return []


@pytest.fixture
def never(clock, looks):
    """A checker that sees nothing."""
    return lambda: looks.append(clock.seconds())


def advance(clock, seconds, steps=64):
    clock.pump([seconds / steps] * steps)


class TestDeferToDelay:
    def test_it_fires_after_the_time(self, clock):
        outcome = outcomeOf(deferToDelay(2, reactor=clock))
        clock.advance(1.9)
        assert outcome == []
        clock.advance(0.1)
        assert outcome == [None]

    def test_cancelled_it_leaves_nothing(self, clock):
        deferred = deferToDelay(2, reactor=clock)
        outcome = outcomeOf(deferred)
        deferred.cancel()
        assert outcome[0].check(CancelledError)
        assert clock.getDelayedCalls() == []

    def test_the_past_is_refused(self, clock):
        with pytest.raises(ValueError, match="0 seconds or longer"):
            deferToDelay(-1, reactor=clock)

    async def test_the_installed_reactor_is_the_default(self):
        await deferToDelay(0)


class TestDelay:
    def test_it_lasts_the_interval_or_what_is_said(self, clock):
        delay = Delay(3, reactor=clock)
        short, usual = outcomeOf(delay(1)), outcomeOf(delay())
        clock.advance(1)
        assert (short, usual) == ([None], [])
        clock.advance(2)
        assert usual == [None]

    def test_several_can_be_pending(self, clock):
        delay = Delay(reactor=clock)
        outcomes = [outcomeOf(delay(n)) for n in (1, 1, 2)]
        clock.advance(1)
        assert outcomes == [[None], [None], []]

    def test_cancelled_it_leaves_nothing(self, clock):
        deferred = Delay(reactor=clock)(1)
        outcome = outcomeOf(deferred)
        deferred.cancel()
        assert outcome[0].check(CancelledError)
        assert clock.getDelayedCalls() == []
        assert clock.triggers == []

    def test_a_delay_of_nothing_fires_in_the_next_turn(self, clock):
        outcome = outcomeOf(Delay(reactor=clock)(0))
        assert outcome == []
        clock.advance(0)
        assert outcome == [None]

    @pytest.mark.parametrize("options", [{"interval": -1}, {"backoff": 0.9}, {"timeout": -1}])
    def test_numbers_that_make_no_sense_are_refused(self, options, clock):
        with pytest.raises(ValueError, match="A Delay takes"):
            Delay(**options, reactor=clock)

    def test_the_past_is_refused(self, clock):
        with pytest.raises(ValueError, match="0 seconds or longer"):
            Delay(reactor=clock)(-1)


class TestUntilEvent:
    def test_what_has_come_about_is_seen_at_once(self, clock):
        assert outcomeOf(Delay(reactor=clock).untilEvent(lambda: "here")) == [True]
        assert clock.getDelayedCalls() == []

    def test_the_checker_gets_the_arguments(self, clock):
        def isThere(a, b):
            return a == 1 and b == 2

        assert outcomeOf(Delay(reactor=clock).untilEvent(isThere, 1, b=2)) == [True]

    def test_it_looks_ever_more_rarely(self, clock, looks, never):
        Delay(1, backoff=2, reactor=clock).untilEvent(never)
        advance(clock, 16, 64)
        assert looks == [0, 1, 3, 7, 15]

    def test_it_fires_with_true_when_it_has_come_about(self, clock):
        events: list[str] = []
        outcome = outcomeOf(Delay(1, backoff=1, timeout=10, reactor=clock).untilEvent(events.__len__))
        advance(clock, 5)
        events.append("here")
        assert outcome == []
        advance(clock, 1)
        assert outcome == [True]
        assert clock.getDelayedCalls() == []
        assert clock.triggers == []

    def test_it_fires_with_false_after_the_timeout(self, clock, looks, never):
        outcome = outcomeOf(Delay(2, backoff=1, timeout=5, reactor=clock).untilEvent(never))
        advance(clock, 5, 20)
        assert outcome == [False]
        assert looks == [0, 2, 4, 5]
        assert clock.getDelayedCalls() == []

    def test_a_last_look_finds_what_came_just_before_the_timeout(self, clock):
        outcome = outcomeOf(Delay(4, backoff=1, timeout=5, reactor=clock).untilEvent(lambda: clock.seconds() > 4.5))
        advance(clock, 5, 20)
        assert outcome == [True]

    def test_the_next_look_is_after_the_answer_of_the_last(self, clock):
        answers: list[Deferred[bool]] = []

        def look():
            answers.append(Deferred())
            return answers[-1]

        outcome = outcomeOf(Delay(1, backoff=1, reactor=clock).untilEvent(look))
        advance(clock, 5)
        assert len(answers) == 1
        answers[0].callback(False)
        advance(clock, 1)
        assert len(answers) == 2
        answers[1].callback(True)
        assert outcome == [True]

    def test_the_timeout_does_not_wait_for_an_answer(self, clock):
        cancelled: list[object] = []
        outcome = outcomeOf(Delay(timeout=5, reactor=clock).untilEvent(lambda: Deferred(cancelled.append)))
        advance(clock, 5)
        assert outcome == [False]
        assert len(cancelled) == 1

    def test_the_timeout_does_not_wait_for_the_answer_of_the_last_look(self, clock):
        def look():
            return succeed(False) if clock.seconds() < 5 else Deferred()

        outcome = outcomeOf(Delay(2, timeout=5, reactor=clock).untilEvent(look))
        advance(clock, 5, 20)
        assert outcome == [False]

    def test_a_coroutine_may_look(self, clock):
        async def look():
            return True

        assert outcomeOf(Delay(reactor=clock).untilEvent(look)) == [True]

    @pytest.mark.parametrize("late", [False, True])
    def test_an_error_of_the_checker_is_the_errback(self, clock, late):
        answer: Deferred[bool] = Deferred()
        outcome = outcomeOf(Delay(timeout=9, reactor=clock).untilEvent(lambda: answer if late else 1 // 0))
        answer.errback(ZeroDivisionError()) if late else answer.callback(True)
        assert outcome[0].check(ZeroDivisionError)
        assert clock.getDelayedCalls() == []
        assert clock.triggers == []

    @pytest.mark.parametrize("isLooking", [False, True])
    def test_cancelled_it_looks_no_more(self, clock, isLooking):
        deferred = Delay(1, timeout=9, reactor=clock).untilEvent(Deferred if isLooking else bool)
        outcome = outcomeOf(deferred)
        deferred.cancel()
        assert outcome[0].check(CancelledError)
        assert len(outcome) == 1
        assert clock.getDelayedCalls() == []
        assert clock.triggers == []


class TestShutdown:
    def test_all_that_is_pending_fires(self, clock, never):
        delay = Delay(reactor=clock)
        pause, event = outcomeOf(delay(100)), outcomeOf(delay.untilEvent(never))
        delay.shutdown()
        assert (pause, event) == ([None], [False])
        assert clock.getDelayedCalls() == []

    def test_what_comes_after_it_fires_at_once(self, clock, looks, never):
        delay = Delay(reactor=clock)
        delay.shutdown()
        assert outcomeOf(delay(100)) == [None]
        assert outcomeOf(delay.untilEvent(never)) == [False]
        assert looks == []

    def test_it_may_come_while_the_checker_looks(self, clock):
        delay = Delay(timeout=9, reactor=clock)
        assert outcomeOf(delay.untilEvent(delay.shutdown)) == [False]
        assert clock.getDelayedCalls() == []

    def test_the_end_of_the_reactor_is_one(self, clock, never):
        delay = Delay(reactor=clock)
        pause, event = outcomeOf(delay(100)), outcomeOf(delay.untilEvent(never))
        clock.stop()
        assert (pause, event) == ([None], [False])

    def test_nothing_is_left_at_the_reactor_by_a_delay_that_has_nothing_pending(self, clock):
        delays = [Delay(reactor=clock) for _ in range(10)]
        assert clock.triggers == []
        for delay in delays:
            delay(1)
            delay(2)
        assert len(clock.triggers) == 10
        clock.advance(1)
        assert len(clock.triggers) == 10
        clock.advance(1)
        assert clock.triggers == []
