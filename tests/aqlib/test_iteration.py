# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking items: by Deferreds, with async for, by a consumer."""

from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IConsumer
from twisted.python.failure import Failure
from zope.interface import implementer

from aqlib import Deferator, IterationProducer, ListConsumer, NotReadyError, isIterator
from aqlib.source import Source
from aqlib.testing import outcomeOf


def failing(n):
    yield from range(n)
    raise ZeroDivisionError


@pytest.fixture
def stops():
    return []


@pytest.fixture
def source(stops):
    return Source(lambda count: None, lambda: stops.append(True))


class TestDeferator:
    @pytest.mark.parametrize(
        "thing", [[1, 2, 3], iter([1, 2, 3]), (n for n in (1, 2, 3)), lambda: [1, 2, 3]], ids=lambda x: type(x).__name__
    )
    def test_it_takes_any_source_of_items(self, thing):
        assert [outcomeOf(deferred)[0] for deferred in Deferator(thing)] == [1, 2, 3]

    def test_a_callable_gets_the_arguments(self):
        assert [outcomeOf(deferred)[0] for deferred in Deferator(range, 2, 5)] == [2, 3, 4]

    def test_a_loop_looks_one_ahead_to_know_whether_there_is_another(self, source):
        deferator = Deferator(source)
        first = outcomeOf(next(deferator))
        source.feed([1])
        assert first == []
        source.feed([2])
        assert first == [1]

    def test_the_next_before_the_last_has_come_is_not_ready(self, source):
        deferator = Deferator(source)
        next(deferator)
        with pytest.raises(NotReadyError, match="Wait for"):
            next(deferator)

    async def test_async_for_gets_each_item_as_soon_as_it_is_there(self, source):
        deferator = Deferator(source)
        source.feed([1])
        assert await anext(deferator) == 1
        source.finish(None)
        assert [item async for item in deferator] == []

    async def test_two_at_once_are_not_ready(self, source):
        deferator = Deferator(source)
        waiting = Deferred.fromCoroutine(anext(deferator))
        with pytest.raises(NotReadyError):
            await anext(deferator)
        source.feed([1])
        assert await waiting == 1

    def test_an_error_comes_after_all_items_before_it_and_once(self):
        deferator = Deferator(failing, 2)
        outcomes = [outcomeOf(deferred)[0] for deferred in deferator]
        assert outcomes[:2] == [0, 1]
        assert outcomes[2].check(ZeroDivisionError)
        assert len(outcomes) == 3

    def test_d_tells_how_it_ended(self, source):
        whole = Deferator([1])
        ended = outcomeOf(whole.d)
        for deferred in whole:
            assert outcomeOf(deferred) == [1]
        failed = Deferator(failing, 0)
        failure = outcomeOf(failed.d)
        stopped = Deferator(source)
        end = outcomeOf(stopped.d)
        stopped.stop()
        assert ended == [True]
        assert failure[0].check(ZeroDivisionError)
        assert end == [False]

    def test_to_stop_drops_what_came_and_tells_the_source(self, source, stops):
        deferator = Deferator(source)
        source.feed([1, 2])
        deferator.stop()
        deferator.stop()
        assert stops == [True]
        assert list(deferator) == []

    def test_each_deferred_can_stop_the_stream(self, source, stops):
        deferator = Deferator(source)
        deferred: Any = next(deferator)
        outcome = outcomeOf(deferred)
        deferred.stop()
        assert stops == [True]
        assert outcome[0].check(StopAsyncIteration)

    def test_a_cancelled_deferred_stops_the_stream(self, source, stops):
        deferred = next(Deferator(source))
        outcomeOf(deferred)
        deferred.cancel()
        assert stops == [True]

    def test_other_attributes_are_those_of_d(self, source):
        deferator = Deferator(source)
        called: list[object] = []
        deferator.addCallback(called.append)
        source.finish(None)
        assert called == [True]
        with pytest.raises(AttributeError):
            deferator._nothing  # noqa: B018  # looking is the test

    def test_a_generator_that_is_stopped_is_closed(self):
        closed = []

        def numbers():
            try:
                yield from range(10)
            finally:
                closed.append(True)

        deferator = Deferator(numbers)
        deferator.stop()
        assert closed == [True]


@implementer(IConsumer)
class Consumer:
    """Does something to its producer after each item."""

    def __init__(self, after=lambda producer, items: None):
        self.items = []
        self.after = after
        self.producer: Any = None
        self.unregistered = 0

    def registerProducer(self, producer, streaming):
        self.producer = producer

    def unregisterProducer(self):
        self.unregistered += 1

    def write(self, data):
        self.items.append(data)
        self.after(self.producer, self.items)


class TestIterationProducer:
    def test_it_writes_all_items_and_fires_with_the_consumer(self):
        consumer = Consumer()
        assert outcomeOf(IterationProducer(Deferator(range, 5), consumer).run()) == [consumer]
        assert consumer.items == [0, 1, 2, 3, 4]
        assert consumer.unregistered == 1

    def test_the_consumer_can_be_named_later_and_once(self):
        consumer = Consumer()
        producer = IterationProducer(Deferator(range, 2))
        with pytest.raises(ValueError, match="Register a consumer"):
            producer.run()
        producer.registerConsumer(consumer)
        with pytest.raises(ValueError, match="has a consumer"):
            producer.registerConsumer(consumer)
        assert outcomeOf(producer.run()) == [consumer]

    def test_nothing_is_written_while_it_is_paused(self, source):
        consumer = Consumer(lambda producer, items: producer.pauseProducing() if len(items) == 2 else None)
        producer = IterationProducer(Deferator(source), consumer)
        done = outcomeOf(producer.run())
        source.feed([1, 2, 3])
        source.finish(None)
        assert (consumer.items, done) == ([1, 2], [])
        producer.resumeProducing()
        assert (consumer.items, done) == ([1, 2, 3], [consumer])

    def test_a_consumer_that_stops_it_has_a_good_end(self, source, stops):
        consumer = Consumer(lambda producer, items: producer.stopProducing())
        done = outcomeOf(IterationProducer(Deferator(source), consumer).run())
        source.feed([1, 2])
        assert (consumer.items, done, stops) == ([1], [consumer], [True])

    def test_the_streams_error_is_told_to_all_who_wait_now_or_later(self, source):
        producer = IterationProducer(Deferator(source), Consumer())
        first, second = outcomeOf(producer.run()), outcomeOf(producer.deferUntilDone())
        source.finish(Failure(ZeroDivisionError()))
        third = outcomeOf(producer.deferUntilDone())
        assert all(outcome[0].check(ZeroDivisionError) for outcome in (first, second, third))

    def test_an_error_of_the_consumer_stops_the_stream_and_is_told(self, source, stops):
        consumer = Consumer(lambda producer, items: 1 / 0)
        done = outcomeOf(IterationProducer(Deferator(source), consumer).run())
        source.feed([1, 2])
        assert done[0].check(ZeroDivisionError)
        assert (consumer.items, stops, consumer.unregistered) == ([1], [True], 1)

    def test_a_consumer_that_will_not_be_registered_stops_the_stream_and_its_error_is_told(self, source, stops):
        class Unwilling(Consumer):
            def registerProducer(self, producer, streaming):
                raise ZeroDivisionError

        consumer = Unwilling()
        done = outcomeOf(IterationProducer(Deferator(source), consumer).run())
        assert done[0].check(ZeroDivisionError)
        assert (stops, consumer.unregistered) == ([True], 0)

    def test_one_that_raises_at_the_end_is_told_too(self, source):
        class Careless(Consumer):
            def unregisterProducer(self):
                raise ZeroDivisionError

        consumer = Careless()
        done = outcomeOf(IterationProducer(Deferator(source), consumer).run())
        source.feed([1])
        source.finish(None)
        assert (consumer.items, done[0].type) == ([1], ZeroDivisionError)

    def test_a_paused_consumer_is_told_of_the_end_when_nothing_is_left_to_write(self, source):
        consumer = Consumer(lambda producer, items: producer.pauseProducing())
        done = outcomeOf(IterationProducer(Deferator(source), consumer).run())
        source.feed([1, 2])
        source.finish(Failure(ZeroDivisionError()))
        assert done == []
        consumer.producer.resumeProducing()
        assert (consumer.items, done[0].type) == ([1, 2], ZeroDivisionError)

    def test_a_paused_consumer_is_told_at_once_that_the_stream_was_abandoned(self, source):
        consumer = Consumer(lambda producer, items: producer.pauseProducing())
        done = outcomeOf(IterationProducer(Deferator(source), consumer).run())
        source.feed([1, 2])
        source.abandon(Failure(ZeroDivisionError()))
        assert (consumer.items, done[0].type) == ([1], ZeroDivisionError)

    def test_items_that_come_while_one_is_written_are_written_after_it(self, source):
        consumer = Consumer(lambda producer, items: source.feed([len(items)]) if len(items) < 3 else None)
        IterationProducer(Deferator(source), consumer).run()
        source.feed([0])
        assert consumer.items == [0, 1, 2]


class TestListConsumer:
    def fill(self, consumer, *items):
        consumer.registerProducer(None, True)
        for item in items:
            consumer.write(item)
        consumer.unregisterProducer()

    def test_it_gives_the_list_when_all_has_come_before_or_after_it_is_asked(self):
        consumer = ListConsumer()
        before = outcomeOf(consumer())
        self.fill(consumer, 1, 2)
        assert (before, outcomeOf(consumer())) == ([[1, 2]], [[1, 2]])

    def test_items_that_are_processed_at_different_speeds_keep_their_order(self):
        waiting: list[Deferred[str]] = [Deferred(), Deferred()]

        class Slow(ListConsumer):
            def processItem(self, item):
                return waiting[item]

        consumer = Slow()
        self.fill(consumer, 0, 1)
        result = outcomeOf(consumer())
        waiting[1].callback("second")
        assert result == []
        waiting[0].callback("first")
        assert result == [["first", "second"]]

    def test_items_processed_to_none_are_left_out(self):
        class Odd(ListConsumer):
            def processItem(self, item):
                return item if item % 2 else None

        consumer = Odd()
        self.fill(consumer, 1, 2, 3)
        assert outcomeOf(consumer()) == [[1, 3]]

    def test_items_that_are_none_stay(self):
        consumer = ListConsumer()
        for item in (1, None, 2):
            consumer.write(item)
        consumer.unregisterProducer()
        assert outcomeOf(consumer()) == [[1, None, 2]]

    def test_an_error_in_processing_is_told(self):
        class Broken(ListConsumer):
            def processItem(self, item):
                raise ZeroDivisionError

        consumer = Broken()
        self.fill(consumer, 1)
        assert outcomeOf(consumer())[0].check(ZeroDivisionError)

    def test_keywords_become_attributes(self):
        assert vars(ListConsumer(colour="red"))["colour"] == "red"


class TestIsIterator:
    @pytest.mark.parametrize("thing", [iter([]), (x for x in [1]), map(len, []), zip()])
    def test_iterators_are(self, thing):
        assert isIterator(thing)

    @pytest.mark.parametrize("thing", [[], (), {}, set(), "ab", b"ab", range(3), 5, None, Deferred()])
    def test_values_are_not(self, thing):
        assert not isIterator(thing)
