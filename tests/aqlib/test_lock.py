# SPDX-License-Identifier: GPL-3.0-or-later
"""A lock that VIPs have first, and that can be stopped."""

import pytest
from twisted.internet.defer import CancelledError, Deferred, inlineCallbacks

from aqlib import DeferredLock, QueueRunError
from aqlib.testing import outcomeOf


@pytest.fixture
def lock():
    return DeferredLock()


@pytest.fixture
def held(lock):
    """The lock, held."""
    lock.acquire()
    return lock


class TestAcquire:
    def test_one_at_a_time_has_it(self, lock):
        first, second = outcomeOf(lock.acquire()), outcomeOf(lock.acquire())
        assert (first, second) == ([lock], [])
        lock.release()
        assert second == [lock]
        assert lock.locked
        lock.release()
        assert not lock.locked

    def test_it_goes_by_arrival(self, held):
        order: list[int] = []
        for n in range(3):
            held.acquire().addCallback(lambda _, n=n: order.append(n))
        for _ in range(3):
            held.release()
        assert order == [0, 1, 2]

    def test_vips_have_it_before_the_others_and_by_arrival_among_them(self, held):
        order: list[str] = []
        for name in ("a", "B", "c", "D"):
            held.acquire(vip=name.isupper()).addCallback(lambda _, name=name: order.append(name))
        for _ in range(4):
            held.release()
        assert order == ["B", "D", "a", "c"]

    def test_a_cancelled_one_asks_no_more(self, held):
        asking = held.acquire()
        next_ = outcomeOf(held.acquire())
        outcome = outcomeOf(asking)
        asking.cancel()
        assert outcome[0].check(CancelledError)
        held.release()
        assert next_ == [held]

    def test_to_release_what_nobody_holds_is_an_error(self, lock):
        with pytest.raises(RuntimeError, match="does not hold it"):
            lock.release()

    def test_any_number_may_wait_who_release_at_once(self, held):
        outcomes = [outcomeOf(held.acquireAndRelease()) for _ in range(10_000)]
        held.release()
        assert outcomes == [[None]] * 10_000
        assert not held.locked

    def test_acquireAndRelease_waits_for_its_turn(self, held):
        other = outcomeOf(held.acquireAndRelease())
        vip = outcomeOf(held.acquireAndRelease(vip=True))
        assert (vip, other) == ([], [])
        held.release()
        assert (vip, other) == ([None], [None])


class TestContext:
    async def test_a_block_has_the_lock(self, lock):
        async with lock.context() as mine:
            assert mine is lock
            assert lock.locked
        assert not lock.locked

    async def test_an_error_in_the_block_releases_it(self, lock):
        with pytest.raises(ZeroDivisionError):
            async with lock.context():
                raise ZeroDivisionError
        assert not lock.locked

    async def test_it_may_be_for_a_vip(self, held):
        other = outcomeOf(held.acquire())

        async def work():
            async with held.context(vip=True):
                assert other == []

        worked = Deferred.fromCoroutine(work())
        held.release()
        await worked
        assert other == [held]

    async def test_one_that_is_cancelled_while_it_waits_asks_no_more(self, held):
        async def work():
            async with held.context():
                raise AssertionError("the block was entered")

        working = Deferred.fromCoroutine(work())
        working.cancel()
        with pytest.raises(CancelledError):
            await working
        held.release()
        assert not held.locked

    def test_with_inlineCallbacks_it_is_a_with_and_a_yield(self, held):
        steps = []

        @inlineCallbacks
        def work():
            with held.context() as d:
                steps.append((yield d))
            steps.append(held.locked)

        outcome = outcomeOf(work())
        assert steps == []
        held.release()
        assert outcome == [None]
        assert steps == [held, False]

    def test_a_block_that_was_left_before_it_had_the_lock_asks_no_more(self, held):
        with pytest.raises(ZeroDivisionError):
            with held.context():
                raise ZeroDivisionError
        held.release()
        assert not held.locked

    def test_it_may_be_used_again(self, lock):
        context = lock.context()
        with context:
            pass
        lock.acquire()
        with context:
            pass
        assert lock.locked

    async def test_one_of_a_stopped_lock_is_not_entered(self, lock):
        await lock.stop()
        with pytest.raises(QueueRunError):
            async with lock.context():
                raise AssertionError("the block was entered")


class TestStop:
    def test_nobody_gets_a_stopped_lock(self, lock):
        assert outcomeOf(lock.stop()) == [None]
        assert outcomeOf(lock.acquire(vip=True))[0].check(QueueRunError)
        assert outcomeOf(lock.acquireAndRelease())[0].check(QueueRunError)

    def test_those_who_wait_have_it_before_it_stops(self, held):
        waiting = outcomeOf(held.acquire())
        stopped = outcomeOf(held.stop())
        assert outcomeOf(held.acquire())[0].check(QueueRunError)
        held.release()
        assert (waiting, stopped) == ([held], [])
        held.release()
        assert stopped == [None]

    def test_the_last_who_waits_may_be_cancelled(self, held):
        asking = held.acquire()
        outcomeOf(asking)
        stopped = outcomeOf(held.stop())
        asking.cancel()
        held.release()
        assert stopped == [None]

    def test_the_stoppers_are_called_then_one_after_the_other(self, held):
        calls: list[str] = []
        slow: Deferred[None] = Deferred()

        def first(text):
            calls.append(text)
            return slow

        held.addStopper(first, "one")
        held.addStopper(calls.append, "two")
        stopped = outcomeOf(held.stop())
        assert calls == []
        held.release()
        assert (calls, stopped) == (["one"], [])
        slow.callback(None)
        assert (calls, stopped) == (["one", "two"], [None])

    def test_an_error_of_a_stopper_keeps_none_from_being_called(self, lock, loggedErrors):
        calls: list[str] = []
        lock.addStopper(lambda: 1 // 0)
        lock.addStopper({}.__getitem__, "nothing")
        lock.addStopper(calls.append, "last")
        assert outcomeOf(lock.stop())[0].check(ZeroDivisionError)
        assert calls == ["last"]
        assert len(loggedErrors.flush(KeyError)) == 1

    def test_it_may_be_said_twice_and_stops_once(self, held):
        calls: list[str] = []
        held.addStopper(calls.append, "stop")
        outcomes = [outcomeOf(held.stop()), outcomeOf(held.stop())]
        held.release()
        assert outcomes == [[None], [None]]
        assert outcomeOf(held.stop()) == [None]
        assert calls == ["stop"]

    def test_it_may_be_said_again_while_it_stops(self, lock):
        calls: list[Deferred[None]] = []

        def stopper():
            calls.append(Deferred())
            return calls[-1]

        lock.addStopper(stopper)
        outcomes = [outcomeOf(lock.stop()), outcomeOf(lock.stop())]
        assert (len(calls), outcomes) == (1, [[], []])
        calls[0].callback(None)
        assert outcomes == [[None], [None]]

    def test_one_that_is_cancelled_stops_all_the_same(self, held):
        stopping = held.stop()
        outcome = outcomeOf(stopping)
        stopping.cancel()
        held.release()
        assert outcome[0].check(CancelledError)
        assert outcomeOf(held.stop()) == [None]

    def test_a_stopper_for_a_stopped_lock_is_refused(self, lock):
        lock.stop()
        with pytest.raises(QueueRunError, match="has been stopped"):
            lock.addStopper(print)
