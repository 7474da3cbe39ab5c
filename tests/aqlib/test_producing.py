# SPDX-License-Identifier: GPL-3.0-or-later
"""An iterator as a producer."""

import threading
from typing import Any

import pytest
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.task import Clock

from aqlib import IterationProducer, ListConsumer, iteratorToProducer
from aqlib.producing import LONGEST_SLICE
from aqlib.testing import outcomeOf


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def closed():
    return []


@pytest.fixture
def numbers(closed):
    """numbers(n): a generator of so many; it says when it is closed early."""

    def generate(n):
        try:
            yield from range(n)
        except GeneratorExit:
            closed.append(True)

    return generate


def failing(n):
    yield from range(n)
    raise ZeroDivisionError


class Pausing(ListConsumer):
    """Pauses after each item."""

    producer: Any

    def registerProducer(self, producer, streaming):
        self.producer = producer

    def write(self, data):
        super().write(data)
        self.producer.pauseProducing()


class TestWithoutConsumer:
    def test_it_gives_a_producer(self, clock):
        [producer] = outcomeOf(iteratorToProducer(iter([1, 2, 3]), reactor=clock))
        assert isinstance(producer, IterationProducer)
        consumer = ListConsumer()
        producer.registerConsumer(consumer)
        assert outcomeOf(producer.run()) == [consumer]
        assert outcomeOf(consumer()) == [[1, 2, 3]]

    def test_it_gives_None_for_no_items(self, clock):
        assert outcomeOf(iteratorToProducer(iter([]), reactor=clock)) == [None]

    def test_what_does_not_iterate_is_a_TypeError(self, clock):
        nothing: Any = 3
        assert outcomeOf(iteratorToProducer(nothing, reactor=clock))[0].check(TypeError)

    def test_an_error_instead_of_the_first_item_is_the_errback(self, clock):
        assert outcomeOf(iteratorToProducer(failing(0), reactor=clock))[0].check(ZeroDivisionError)


class TestWithConsumer:
    def test_it_fires_with_the_consumer_when_all_is_written(self, clock):
        consumer = ListConsumer()
        assert outcomeOf(iteratorToProducer([1, 2, 3], consumer, reactor=clock)) == [consumer]
        assert outcomeOf(consumer()) == [[1, 2, 3]]

    def test_without_items_the_consumer_is_told_nothing(self, clock):
        consumer = ListConsumer()
        assert outcomeOf(iteratorToProducer([], consumer, reactor=clock)) == [None]
        assert outcomeOf(consumer()) == []

    def test_an_error_comes_after_all_items_before_it(self, clock):
        consumer = ListConsumer()
        assert outcomeOf(iteratorToProducer(failing(2), consumer, reactor=clock))[0].check(ZeroDivisionError)
        assert outcomeOf(consumer()) == [[0, 1]]

    def test_an_endless_iterator_is_read_a_few_ahead(self, clock):
        made: list[int] = []

        def endless():
            while True:
                made.append(len(made))
                yield made[-1]

        consumer = Pausing()
        outcomeOf(iteratorToProducer(endless(), consumer, reactor=clock))
        ahead = len(made)
        assert ahead <= 4
        for _ in range(5):
            consumer.producer.resumeProducing()
        assert len(made) == ahead + 5

    def test_the_reactor_has_its_turn_while_an_iterator_takes_its_time(self, clock):
        made = []

        def slow():
            for n in range(3):
                clock.rightNow += 2 * LONGEST_SLICE
                made.append(n)
                yield n

        consumer = ListConsumer()
        outcome = outcomeOf(iteratorToProducer(slow(), consumer, reactor=clock))
        assert made == [0, 1]
        assert outcome == []
        clock.advance(0)
        assert outcome == [consumer]
        assert outcomeOf(consumer()) == [[0, 1, 2]]

    def test_each_turn_is_a_whole_slice(self):
        turns = []

        class CountingClock(Clock):
            def callLater(self, delay, *call, **kw):
                turns.append(delay)
                return super().callLater(delay, *call, **kw)

        clock = CountingClock()

        def steady():
            for n in range(100):
                clock.rightNow += LONGEST_SLICE / 10
                yield n

        consumer = ListConsumer()
        outcome = outcomeOf(iteratorToProducer(steady(), consumer, reactor=clock))
        clock.advance(0)
        assert outcome == [consumer]
        assert len(turns) < 15

    def test_deferred_items_are_waited_for(self, clock):
        items: list[Deferred[int]] = [Deferred(), Deferred()]
        consumer = ListConsumer()
        outcome = outcomeOf(iteratorToProducer(list(items), consumer, reactor=clock))
        items[1].callback(2)
        assert outcome == []
        items[0].callback(1)
        assert outcome == [consumer]
        assert outcomeOf(consumer()) == [[1, 2]]

    def test_a_consumer_that_stops_closes_the_iterator(self, clock, numbers, closed):
        consumer = Pausing()
        outcome = outcomeOf(iteratorToProducer(numbers(100), consumer, reactor=clock))
        consumer.producer.stopProducing()
        assert outcome == [consumer]
        assert closed == [True]

    @pytest.mark.parametrize("hasBegun", [False, True])
    def test_to_cancel_it_ends_the_iteration(self, clock, hasBegun, numbers, closed):
        never: Deferred[None] = Deferred()
        consumer = Pausing()
        deferred = iteratorToProducer(numbers(100) if hasBegun else [never], consumer, reactor=clock)
        outcome = outcomeOf(deferred)
        deferred.cancel()
        assert outcome[0].check(CancelledError)
        assert len(outcome) == 1
        assert closed == [True] * hasBegun
        assert never.called is not hasBegun

    async def test_the_installed_reactor_is_the_default(self):
        consumer = ListConsumer()
        assert await iteratorToProducer(iter("ab"), consumer) is consumer


class TestWrapper:
    @pytest.fixture
    def calls(self):
        """The calls that wait in the wrapper, each with its Deferred."""
        return []

    @pytest.fixture
    def wrapper(self, calls):
        def wrap(f):
            calls.append((Deferred(), f))
            return calls[-1][0]

        return wrap

    def step(self, calls):
        deferred, f = calls.pop(0)
        deferred.callback(f())

    def test_it_makes_the_items(self, clock, calls, wrapper, numbers):
        consumer = ListConsumer()
        outcome = outcomeOf(iteratorToProducer(numbers(3), consumer, wrapper, reactor=clock))
        while calls:
            assert outcome == []
            self.step(calls)
        assert outcome == [consumer]
        assert outcomeOf(consumer()) == [[0, 1, 2]]

    def test_one_item_is_made_at_a_time(self, clock, calls, wrapper, numbers):
        outcomeOf(iteratorToProducer(numbers(9), ListConsumer(), wrapper, reactor=clock))
        for _ in range(5):
            assert len(calls) == 1
            self.step(calls)

    def test_items_that_are_iterators_stay_what_they_are(self, clock):
        inner = iter([1])
        consumer = ListConsumer()
        outcomeOf(iteratorToProducer([inner], consumer, lambda f: f(), reactor=clock))
        assert outcomeOf(consumer()) == [[inner]]

    def test_its_error_is_the_errback(self, clock):
        def wrapper(f):
            raise ZeroDivisionError

        assert outcomeOf(iteratorToProducer([1], None, wrapper, reactor=clock))[0].check(ZeroDivisionError)

    def test_the_iterator_is_closed_by_the_wrapper_too(self, clock, calls, wrapper, numbers, closed):
        consumer = Pausing()
        outcomeOf(iteratorToProducer(numbers(9), consumer, wrapper, reactor=clock))
        while calls:
            self.step(calls)
        consumer.producer.stopProducing()
        assert closed == []
        self.step(calls)
        assert closed == [True]

    async def test_a_thread_may_make_the_items(self, reactor):
        from twisted.internet.threads import deferToThreadPool
        from twisted.python.threadpool import ThreadPool

        pool = ThreadPool(1, 1)
        pool.start()
        reactorThread = threading.get_ident()
        consumer = ListConsumer()
        items = (threading.get_ident() for _ in range(20))
        await iteratorToProducer(items, consumer, lambda f: deferToThreadPool(reactor, pool, f))
        pool.stop()
        idents = await consumer()
        assert len(idents) == 20
        assert reactorThread not in idents
