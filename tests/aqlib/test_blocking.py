# SPDX-License-Identifier: GPL-3.0-or-later
"""A consumer that a blocking loop in a thread reads."""

import gc
import threading

import pytest
from twisted.internet.defer import CancelledError, Deferred
from twisted.python.failure import Failure

from aqlib import Consumerator, Deferator, IterationProducer, ThreadQueue, iteratorToProducer
from aqlib.source import Source
from aqlib.testing import outcomeOf

from .inthread import inThread
from .stoppingclock import StoppingClock


class Producer:
    """Notes what it is told."""

    def __init__(self):
        self.told: list[str] = []

    def pauseProducing(self):
        self.told.append("pause")

    def resumeProducing(self):
        self.told.append("resume")

    def stopProducing(self):
        self.told.append("stop")


@pytest.fixture
def clock():
    return StoppingClock()


@pytest.fixture
def producer():
    return Producer()


@pytest.fixture
def items(clock, producer):
    """A Consumerator with room for four, and a producer. Its loops are in the reactor's thread and never wait."""
    items = Consumerator(4, reactor=clock)
    items.registerProducer(producer, True)
    return items


def write(consumer, *items):
    for item in items:
        consumer.write(item)


class TestLoop:
    def test_it_gets_what_was_written_until_the_producer_leaves(self, items):
        write(items, 1, None, 3)
        items.unregisterProducer()
        assert list(items) == [1, None, 3]

    async def test_it_waits_in_its_thread(self, reactor):
        items = Consumerator(reactor=reactor)
        numbers = inThread(reactor, list, items)
        assert await iteratorToProducer(range(1000), items) is items
        assert await numbers == list(range(1000))

    async def test_a_stream_of_any_length_passes_through_little_room(self, reactor):
        made = []
        most = []

        def numbers():
            for n in range(500):
                made.append(n)
                yield n

        def read(items):
            for count, _ in enumerate(items, 1):
                most.append(len(made) - count)

        items = Consumerator(4)
        reading = inThread(reactor, read, items)
        await iteratorToProducer(numbers(), items)
        await reading
        assert len(most) == 500
        assert max(most) <= 4 + 4

    def test_there_is_one_producer(self, items, producer):
        with pytest.raises(RuntimeError, match="a producer already"):
            items.registerProducer(producer, True)

    @pytest.mark.parametrize("n", [0, -1])
    def test_no_room_is_refused(self, n, clock):
        with pytest.raises(ValueError, match="1 item or more"):
            Consumerator(n, reactor=clock)


class TestBackPressure:
    def test_the_producer_is_paused_until_half_was_taken(self, items, producer):
        write(items, 1, 2, 3)
        assert producer.told == []
        write(items, 4)
        assert producer.told == ["pause"]
        next(items)
        assert producer.told == ["pause"]
        next(items)
        assert producer.told == ["pause", "resume"]

    def test_a_producer_that_has_left_is_not_told(self, items, producer):
        write(items, 1, 2, 3, 4)
        items.unregisterProducer()
        assert list(items) == [1, 2, 3, 4]
        assert producer.told == ["pause"]

    def test_one_that_is_to_be_asked_is_asked_while_there_is_room(self, clock, producer):
        items = Consumerator(2, reactor=clock)
        items.registerProducer(producer, False)
        assert producer.told == ["resume"]
        write(items, 1)
        clock.advance(0)
        assert producer.told == ["resume"] * 2
        write(items, 2)
        clock.advance(0)
        assert producer.told == ["resume"] * 2
        next(items)
        assert producer.told == ["resume"] * 3

    def test_what_nobody_produces_may_be_written(self, clock):
        items = Consumerator(1, reactor=clock)
        write(items, 1, 2)
        items.unregisterProducer()
        assert list(items) == [1, 2]


class TestEndWith:
    def test_the_loop_raises_the_error_of_the_call(self, clock):
        source = Source(lambda count: None, lambda: None)
        items = Consumerator(reactor=clock)
        outcome = outcomeOf(items.endWith(IterationProducer(Deferator(source), items).run()))
        source.feed([1, 2])
        assert (next(items), next(items)) == (1, 2)
        source.feed([3])
        source.abandon(Failure(ZeroDivisionError()))
        with pytest.raises(ZeroDivisionError):
            list(items)
        assert outcome[0].check(ZeroDivisionError)

    def test_the_loop_waits_for_it(self, items, clock):
        call: Deferred[str] = Deferred()
        assert items.endWith(call) is call
        outcome = outcomeOf(call)
        write(items, 1)
        items.unregisterProducer()
        call.errback(ZeroDivisionError())
        assert next(items) == 1
        with pytest.raises(ZeroDivisionError):
            next(items)
        assert outcome[0].check(ZeroDivisionError)

    def test_a_good_end_ends_the_loop_and_stays_as_it_is(self, items):
        call: Deferred[str] = Deferred()
        outcome = outcomeOf(items.endWith(call))
        items.unregisterProducer()
        call.callback("good")
        assert list(items) == []
        assert outcome == ["good"]

    async def test_a_queues_stream_that_breaks_does_not_look_complete(self, reactor, wait):
        def failing():
            yield from range(3)
            raise ZeroDivisionError

        queue = ThreadQueue()
        items = Consumerator()
        call = items.endWith(queue.call(failing, consumer=items))
        got: list[int] = []
        with pytest.raises(ZeroDivisionError):
            await inThread(reactor, got.extend, items)
        with pytest.raises(ZeroDivisionError):
            await call
        await queue.shutdown()
        assert got == [0, 1, 2]


class TestStop:
    def test_it_stops_the_producer_and_the_loop(self, items, producer):
        write(items, 1, 2)
        items.stop()
        items.stop()
        assert list(items) == []
        assert producer.told == ["stop"]
        write(items, 3)
        assert list(items) == []

    def test_a_producer_that_comes_later_is_stopped(self, clock, producer):
        items = Consumerator(reactor=clock)
        items.stop()
        items.registerProducer(producer, True)
        assert producer.told == ["stop"]

    async def test_a_loop_that_was_left_stops_its_stream(self, reactor):
        def endless():
            while True:
                yield 1

        def readOne(items):
            first = next(items)
            items.stop()
            return first

        items = Consumerator(4)
        reading = inThread(reactor, readOne, items)
        assert await iteratorToProducer(endless(), items) is items
        assert await reading == 1


class TestTheReactorsEnd:
    def test_it_ends_the_loop_by_an_error_and_the_producer(self, items, producer, clock):
        write(items, 1, 2)
        next(items)
        clock.stop()
        with pytest.raises(CancelledError, match="reactor stopped"):
            next(items)
        assert producer.told == ["stop"]

    async def test_it_frees_a_thread_that_waits(self, reactor):
        begun = threading.Event()

        def read(items):
            begun.set()
            return next(items)

        clock = StoppingClock()
        waiting = inThread(reactor, read, Consumerator(reactor=clock))
        assert begun.wait(20)
        clock.stop()
        with pytest.raises(CancelledError):
            await waiting

    @pytest.mark.parametrize("end", ["unregisterProducer", "stop"])
    def test_nothing_is_left_at_the_reactor_after_the_end(self, items, clock, end):
        write(items, 1)
        assert len(clock.triggers) == 1
        getattr(items, end)()
        assert clock.triggers == []

    def test_one_that_is_forgotten_leaves_nothing(self, clock):
        Consumerator(reactor=clock).write(1)
        gc.collect()
        assert clock.triggers == []
