# SPDX-License-Identifier: GPL-3.0-or-later
"""Items that are made side by side reach a blocking function in order."""

import threading

import pytest
from twisted.internet.defer import CancelledError, Deferred

from aqlib import DeferredTracker, NotReadyError, OrderedItemProducer, QueueRunError, ThreadQueue
from aqlib.testing import outcomeOf


@pytest.fixture
def producer(reactor):
    return OrderedItemProducer(reactor=reactor)


@pytest.fixture
def gate():
    gate = threading.Event()
    yield gate
    gate.set()


@pytest.fixture
def making():
    """Deferreds of items, as the test makes them."""
    return [Deferred() for _ in range(4)]


@pytest.fixture
def produced(producer, making):
    """The producer, which collects its items in a list, with the first item's Deferreds."""
    producer.start(list)
    return [producer.produceItem(lambda deferred=deferred: deferred) for deferred in making]


class TestOrder:
    async def test_the_function_gets_the_items_in_the_order_they_were_asked_for(self, producer, making, produced):
        for n in (2, 0, 3, 1):
            making[n].callback(n)
        assert await producer.stop() == [0, 1, 2, 3]

    async def test_items_may_be_made_at_once(self, producer):
        producer.start(list)
        for n in range(5):
            producer.produceItem(pow, n, exp=2)
        assert await producer.stop() == [0, 1, 4, 9, 16]

    async def test_the_function_runs_in_a_thread_with_its_arguments(self, producer):
        def take(items, a, b):
            return list(items), a, b, threading.get_ident()

        await producer.start(take, 1, b=2)
        producer.produceItem(int)
        items, a, b, ident = await producer.stop()
        assert (items, a, b) == ([0], 1, 2)
        assert ident != threading.get_ident()

    async def test_an_item_fires_with_itself_when_it_was_taken(self, producer, making, produced):
        making[1].callback("b")
        assert not produced[1].called
        making[0].callback("a")
        assert await produced[0] == "a"
        assert await produced[1] == "b"
        for deferred in making[2:]:
            deferred.callback(None)
        await producer.stop()

    async def test_those_who_wait_for_the_taking_hold_few(self, producer, gate):
        def take(items):
            gate.wait(20)
            return sum(items)

        async def fill():
            for n in range(10):
                await tracker.deferUntilFewer(3)
                asked.append(n)
                tracker.put(producer.produceItem(int, n))

        tracker = DeferredTracker()
        asked: list[int] = []
        await producer.start(take)
        filling = Deferred.fromCoroutine(fill())
        assert asked == [0, 1, 2]
        gate.set()
        await filling
        assert await producer.stop() == sum(range(10))

    async def test_a_queue_can_make_them(self, producer):
        queue = ThreadQueue(2)
        producer.start(list)
        for n in range(50):
            producer.produceItem(queue.call, int, n)
        assert await producer.stop() == list(range(50))
        await queue.shutdown()


class TestErrors:
    async def test_one_in_the_making_is_an_errback_and_raised_at_its_place(self, producer, making, produced):
        outcome = outcomeOf(produced[1])
        making[0].callback(0)
        making[1].errback(ZeroDivisionError())
        assert outcome[0].check(ZeroDivisionError)
        for deferred in making[2:]:
            deferred.callback(None)
        with pytest.raises(ZeroDivisionError):
            await producer.stop()

    async def test_the_function_may_go_on_after_it(self, producer):
        def take(items):
            got = []
            while True:
                try:
                    got.append(next(items))
                except ZeroDivisionError:
                    got.append("missing")
                except StopIteration:
                    return got

        producer.start(take)
        producer.produceItem(int, 1)
        outcome = outcomeOf(producer.produceItem(lambda: 1 // 0))
        producer.produceItem(int, 3)
        assert await producer.stop() == [1, "missing", 3]
        assert outcome[0].check(ZeroDivisionError)

    @pytest.mark.parametrize("error", [ZeroDivisionError, SystemExit])
    async def test_one_of_the_function_is_the_errback_of_stop(self, producer, error):
        def take(items):
            raise error("bad")

        producer.start(take)
        with pytest.raises(error, match="bad"):
            await producer.stop()

    async def test_items_for_a_function_that_has_ended_are_made_no_more(self, producer, making, produced):
        making[0].callback(0)
        making[1].errback(ZeroDivisionError("bad"))
        outcomeOf(produced[1])
        assert await produced[2] is None
        assert await produced[3] is None
        assert making[3].called
        made: list[int] = []
        with pytest.raises(QueueRunError, match=r"has ended, by ZeroDivisionError\('bad'\)"):
            await producer.produceItem(made.append, 1)
        assert made == []
        with pytest.raises(ZeroDivisionError):
            await producer.stop()

    async def test_a_function_may_take_some_and_be_content(self, producer, making):
        producer.start(next)
        produced = [producer.produceItem(lambda deferred=deferred: deferred) for deferred in making]
        making[0].callback("first")
        assert await produced[3] is None
        assert await producer.stop() == "first"

    def test_nothing_works_before_the_start(self, producer):
        assert outcomeOf(producer.produceItem(int))[0].check(NotReadyError)
        assert outcomeOf(producer.stop())[0].check(NotReadyError)

    async def test_without_room_for_a_thread_it_has_not_started(self, producer, monkeypatch):
        def refuse(self):
            raise RuntimeError("can't start new thread")

        with monkeypatch.context() as patches:
            patches.setattr(threading.Thread, "start", refuse)
            assert outcomeOf(producer.start(list))[0].check(RuntimeError)
        producer.start(list)
        assert await producer.stop() == []

    async def test_it_serves_one_function(self, producer):
        producer.start(list)
        with pytest.raises(NotReadyError, match="make another"):
            await producer.start(list)
        assert await producer.stop() == []


class TestStop:
    async def test_a_deferred_of_the_function_is_waited_for(self, producer):
        result: Deferred[int] = Deferred()
        begun = producer.start(lambda items: result)
        stopped = producer.stop()
        await begun
        result.callback(3)
        assert await stopped == 3

    async def test_no_items_come_after_it(self, producer):
        producer.start(list)
        stopped = producer.stop()
        with pytest.raises(QueueRunError, match="has been stopped"):
            await producer.produceItem(int)
        assert await stopped == []

    async def test_those_that_are_being_made_are_waited_for(self, producer, making, produced):
        stopped = producer.stop()
        outcome = outcomeOf(stopped)
        for n in (3, 2, 1):
            making[n].callback(n)
        assert outcome == []
        making[0].callback(0)
        assert await producer.stop() == [0, 1, 2, 3]

    async def test_it_may_be_said_again(self, producer):
        producer.start(list)
        first = producer.stop()
        assert await producer.stop() == []
        assert await first == []
        assert await producer.stop() == []


class TestCancel:
    async def test_an_item_that_is_being_made_is_missed_at_its_place(self, producer, making, produced):
        produced[1].cancel()
        with pytest.raises(CancelledError):
            await produced[1]
        assert making[1].called
        for n in (0, 2, 3):
            making[n].callback(n)
        with pytest.raises(CancelledError):
            await producer.stop()

    async def test_an_item_that_is_made_stays(self, producer, making, produced):
        making[1].callback(1)
        produced[1].cancel()
        with pytest.raises(CancelledError):
            await produced[1]
        for n in (0, 2, 3):
            making[n].callback(n)
        assert await producer.stop() == [0, 1, 2, 3]

    async def test_to_cancel_the_stop_ends_the_function_and_the_making(self, producer, making, produced):
        stopped = producer.stop()
        again = producer.stop()
        stopped.cancel()
        with pytest.raises(CancelledError):
            await stopped
        assert all(deferred.called for deferred in making)
        assert [await deferred for deferred in produced] == [None] * 4
        with pytest.raises(CancelledError, match="was cancelled"):
            await again

    async def test_to_cancel_the_start_ends_nothing(self, producer):
        begun = producer.start(list)
        outcome = outcomeOf(begun)
        begun.cancel()
        assert outcome[0].check(CancelledError)
        producer.produceItem(int)
        assert await producer.stop() == [0]
