# SPDX-License-Identifier: GPL-3.0-or-later
"""A stream that nobody can take any more is closed, whichever worker makes it and however it was left."""

import gc
import operator
from typing import Any

import pytest
from twisted.internet.defer import CancelledError, Deferred, ensureDeferred

from aqlib import AsyncWorker, NotReadyError, ProcessWorker, TaskQueue, ThreadWorker
from aqlib.testing import NullQueue, Watcher

from .. import jobs

WORKERS = {"async": AsyncWorker, "thread": ThreadWorker, "process": ProcessWorker}


@pytest.fixture(params=WORKERS)
def queue(request, reactor, wait):
    queue = TaskQueue(WORKERS[request.param](), reactor=reactor)
    yield queue
    wait(queue.shutdown(cancel=True))


@pytest.fixture
def watcher(queue):
    watcher = Watcher()
    queue.addObserver(watcher)
    return watcher


async def leftByBreak(queue):
    async for item in await queue.call(jobs.naturals):
        if item > 3:
            break


async def leftByReturn(queue):
    async for item in await queue.call(jobs.naturals):
        if item > 3:
            return


async def leftByException(queue):
    try:
        async for item in await queue.call(jobs.naturals):
            operator.truediv(1, 3 - item)
    except ZeroDivisionError:
        pass


async def leftByBreakThoughItHasAName(queue):
    stream = await queue.call(jobs.naturals)
    async for item in stream:
        if item > 3:
            break
    assert await queue.call(jobs.add, 1, 2) == 3
    with pytest.raises(NotReadyError, match="was left"):
        async for _ in stream:
            pass


async def takenBySingleItemsAndDropped(queue):
    stream = await queue.call(jobs.naturals)
    assert [await anext(stream) for _ in range(5)] == [0, 1, 2, 3, 4]


async def takenByAForLoopAndDropped(queue):
    for deferred in await queue.call(jobs.naturals):
        if await deferred > 3:
            break


async def neverTaken(queue):
    await queue.call(jobs.naturals)


async def neverTakenAndNotEvenWaitedFor(queue):
    queue.call(jobs.naturals)


async def fetchedLate(queue):
    deferred = queue.call(jobs.naturals)
    while not deferred.called:
        await queue.call(jobs.add, 1, 2)
    async for item in await deferred:
        if item > 3:
            break


async def inACycle(queue):
    class Holder:
        def __init__(self, stream: Any) -> None:
            self.stream, self.itself = stream, self

    assert await anext(Holder(await queue.call(jobs.naturals)).stream) == 0
    gc.collect()


async def cancelledInTheLoop(queue):
    entered: Deferred[None] = Deferred()

    async def loop():
        async for _ in await queue.call(jobs.naturals):
            if not entered.called:
                entered.callback(None)
            await Deferred()

    looping = ensureDeferred(loop())
    await entered
    await queue.call(jobs.add, 1, 1)
    looping.cancel()
    with pytest.raises(CancelledError):
        await looping


WAYS = [
    leftByBreak,
    leftByReturn,
    leftByException,
    leftByBreakThoughItHasAName,
    takenBySingleItemsAndDropped,
    takenByAForLoopAndDropped,
    neverTaken,
    neverTakenAndNotEvenWaitedFor,
    fetchedLate,
    inACycle,
    cancelledInTheLoop,
]


@pytest.mark.parametrize("leave", WAYS, ids=lambda way: way.__name__)
async def test_it_is_closed_and_its_worker_free(queue, watcher, leave):
    for _ in range(9):
        await leave(queue)
        assert await queue.call(jobs.add, 1, 1) == 2
    await watcher.until(lambda: not queue.running())
    gc.collect()
    assert queue.workers(1).suspended == []
    await queue.shutdown()


async def test_one_whose_taker_waits_is_kept_though_nothing_else_refers_to_the_taker(queue):
    got: Deferred[list[int]] = Deferred()

    async def take():
        items = [item async for item in await queue.call(jobs.count, 1000)]
        got.callback(items)

    ensureDeferred(take())
    gc.collect()
    while not got.called:
        await queue.call(jobs.add, 1, 1)
        gc.collect()
    assert await got == list(range(1000))


async def test_one_that_a_task_still_gives_is_kept(queue):
    task = queue.submit(jobs.count, 1000)
    assert await queue.call(jobs.add, 1, 1) == 2
    gc.collect()
    assert [item async for item in await task.deferred] == list(range(1000))


async def test_one_that_is_taken_whole_is_done_and_not_stopped(queue, watcher):
    stream = await queue.call(jobs.count, 300)
    assert [item async for item in stream] == list(range(300))
    assert [item async for item in stream] == []
    assert watcher.happened("taskStopping") == []


async def test_a_map_that_is_left_stops_reading_its_inputs(queue):
    read = []

    def inputs():
        n = 0
        while True:
            read.append(n)
            yield n
            n += 1

    async for result in queue.map(abs, inputs()):
        if result > 3:
            break
    await queue.call(abs, 1)
    await queue.shutdown()
    assert len(read) < 1_000_000


async def test_a_map_that_is_dropped_or_only_gathered_ends(queue):
    queue.map(abs, iter(int, 1))
    whole: Deferred[list[int]] = Deferred()
    queue.map(abs, range(1000)).toList().chainDeferred(whole)
    gc.collect()
    assert await whole == list(range(1000))
    await queue.shutdown()


@pytest.mark.parametrize("length", [3, 10**9], ids=["ended", "open"])
async def test_who_waits_for_its_end_is_told_that_it_was_stopped(queue, watcher, length):
    end = (await queue.call(jobs.count, length)).d
    assert await end is False
    await watcher.until(lambda: not queue.running())


async def test_who_cancels_the_end_stops_it(queue):
    stream = await queue.call(jobs.naturals)
    stream.d.cancel()
    assert await stream.d is False


def test_a_null_queue_closes_one_too():
    queue = NullQueue()
    closed = []

    def numbers():
        try:
            yield from iter(int, 1)
        finally:
            closed.append(True)

    queue.call(numbers)
    queue.reactor.advance()
    assert closed == [True]
    assert queue.reactor.settle(queue.shutdown()) is None
