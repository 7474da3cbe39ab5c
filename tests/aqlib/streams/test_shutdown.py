# SPDX-License-Identifier: GPL-3.0-or-later
"""A shutdown ends whatever was left behind, and what holds it up can be listed."""

import itertools

import pytest
from twisted.internet.defer import Deferred, gatherResults

from aqlib import (
    AsyncWorker,
    CancelledError,
    ListConsumer,
    ProcessWorker,
    QueueRunError,
    TaskQueue,
    ThreadWorker,
    WorkerError,
)
from aqlib.source import Source
from aqlib.takers import Offer, Takers
from aqlib.testing import SteppedClock, Watcher

from .. import jobs

WORKERS = {"async": AsyncWorker, "thread": ThreadWorker, "process": ProcessWorker}
# Seconds: takers who have not come by then do not come.
SOON = 0.05


@pytest.fixture(params=WORKERS)
def queue(request, reactor, wait):
    queue = TaskQueue(WORKERS[request.param](), reactor=reactor)
    yield queue
    wait(queue.shutdown(cancel=True))


class PausedConsumer(ListConsumer):
    def registerProducer(self, producer, streaming):
        producer.pauseProducing()


async def test_streams_and_maps_that_somebody_keeps_and_does_not_take(queue):
    streams = [await queue.call(jobs.naturals) for _ in range(3)]
    theMap = queue.map(abs, itertools.count())
    assert await anext(theMap) == 0
    consumed = queue.call(jobs.naturals, consumer=PausedConsumer())
    await queue.shutdown(takerTimeout=SOON)
    assert await anext(streams[0]) == 0  # what has come is still there
    with pytest.raises(QueueRunError, match="nobody took an item"):
        async for _ in streams[0]:
            pass
    with pytest.raises(QueueRunError, match="a map of abs"):
        await theMap.toList()
    with pytest.raises(QueueRunError, match="naturals"):
        await consumed
    assert queue.unfinished() == []


async def test_what_is_taken_meanwhile_is_taken_whole(queue):
    lengths = (150, 300, 1000)
    streams = [await queue.call(jobs.count, n) for n in lengths]
    theMap = queue.map(abs, range(2000)).toList()
    done = queue.shutdown()

    async def take(stream):
        items = []
        async for item in stream:
            items.append(item)
            await Deferred.fromCoroutine(tick())
        return items

    async def tick():
        turn: Deferred[None] = Deferred()
        queue.reactor.callLater(0, turn.callback, None)
        await turn

    taken = await gatherResults([Deferred.fromCoroutine(take(stream)) for stream in streams])
    assert taken == [list(range(n)) for n in lengths]
    assert await theMap == list(range(2000))
    await done


async def test_all_that_is_unfinished_is_listed(queue):
    assert queue.unfinished() == []
    stream = await queue.call(jobs.naturals)
    theMap = queue.map(abs, itertools.count())
    await anext(theMap)
    first = queue.submit(abs, 1, series="nobody's")
    second = queue.submit(abs, 1, after=[first])
    texts = [one.text for one in queue.unfinished()]
    assert "naturals()" in texts[0]
    assert "items are not taken" in texts[0]
    assert texts[-1].startswith("a map of abs; ")
    tasks = [one.task for one in queue.unfinished() if one.task is not None]
    assert {first, second} < set(tasks)
    assert all(one.worker is None for one in queue.unfinished())
    done = queue.shutdown(cancelWaiting=True)
    assert [one.worker for one in queue.unfinished() if one.worker is not None] == queue.workers()
    for task in (first, second):
        with pytest.raises(CancelledError):
            await task.deferred
    stream.stop()
    with pytest.raises(CancelledError):
        await theMap.toList()
    await done


@pytest.mark.parametrize("kind", ["thread", "process"])
async def test_a_time_limit_ends_calls_that_do_not_end(kind, reactor):
    queue = TaskQueue(WORKERS[kind](), reactor=reactor)
    watcher = Watcher()
    queue.addObserver(watcher)
    endless = queue.call(jobs.waitUntilCancelled)
    waiting = queue.call(abs, -1)
    await watcher.untilHappened("taskStarted")
    done = queue.shutdown(timeout=SOON)
    with pytest.raises(WorkerError):
        await endless
    with pytest.raises(CancelledError):
        await waiting
    await done


@pytest.mark.parametrize("option", ["takerTimeout", "timeout"])
@pytest.mark.parametrize("wrong", [0, -1, "3", True])
def test_a_time_that_is_none_is_refused(queue, option, wrong):
    with pytest.raises(ValueError, match=f"'{option}' is a number of seconds above 0"):
        queue.shutdown(**{option: wrong})


class TestTakers:
    """With a clock: what is looked at, and when."""

    @pytest.fixture
    def clock(self):
        return SteppedClock()

    @pytest.fixture
    def failed(self):
        return []

    @pytest.fixture
    def offers(self, failed):
        def offer(n):
            return Offer(Source(lambda _: None, lambda: None), 0, f"stream {n}", lambda _: failed.append(n))

        return [offer(n) for n in range(3)]

    @pytest.fixture
    def takers(self, clock, offers):
        takers = Takers(clock, lambda: offers)
        yield takers
        takers.watch(None)
        assert not clock.getDelayedCalls()

    def test_one_is_ended_when_items_are_there_that_nobody_took(self, takers, clock, offers, failed):
        offers[1].source.feed([1, 2])
        takers.watch(10)
        clock.advance(9.9)
        assert failed == []
        clock.advance(0.2)
        assert failed == [1]

    def test_not_while_one_is_taken_now_and_then(self, takers, clock, offers, failed):
        source = offers[0].source
        source.feed(range(100))
        takers.watch(10)
        for _ in range(99):
            source.take()
            clock.advance(10)
        assert failed == []
        clock.advance(10)
        assert failed == [0]

    def test_not_when_it_is_as_long_as_before_but_more_has_come(self, takers, clock, offers, failed):
        source = offers[0].source
        for n in range(5):
            source.feed([n])
            if n:
                source.take()
            else:
                takers.watch(10)
            offers[0] = offers[0]._replace(arrived=n + 1)
            clock.advance(10)
        assert failed == []

    def test_not_while_its_taker_waits_for_one_more(self, takers, clock, offers, failed):
        offers[0].source.feed([1])
        offers[0].source.keeper = object()
        takers.watch(10)
        clock.advance(100)
        assert failed == []

    def test_nor_when_the_worker_has_made_none(self, takers, clock, failed):
        takers.watch(10)
        clock.advance(100)
        assert failed == []

    def test_watching_may_end_by_what_it_does(self, takers, clock, offers):
        offers[0] = offers[0]._replace(fail=lambda _: takers.watch(None))
        offers[0].source.feed([1])
        takers.watch(10)
        clock.advance(10)
        assert not clock.getDelayedCalls()
