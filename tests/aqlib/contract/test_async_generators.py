# SPDX-License-Identifier: GPL-3.0-or-later
"""Async generators stream on every kind of worker, as generators do."""

from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater

from aqlib import AsyncWorker, CancelledError, ListConsumer, ProcessQueue, TaskQueue, ThreadQueue
from aqlib.testing import NullQueue, outcomeOf

from .. import asyncjobs as jobs
from ..faults.helpers import outcome

KINDS = {
    "async": lambda reactor: TaskQueue(AsyncWorker(), reactor=reactor),
    "thread": lambda reactor: ThreadQueue(1, reactor=reactor),
    "process": lambda reactor: ProcessQueue(1, reactor=reactor),
}


@pytest.fixture(params=KINDS)
def queue(request, reactor, wait):
    theQueue = KINDS[request.param](reactor)
    yield theQueue
    wait(theQueue.shutdown(cancel=True))


async def taken(queue, f, *args):
    return [item async for item in await queue.call(f, *args)]


@pytest.mark.parametrize("n", [0, 1, 2, 1000])
async def test_its_items_arrive_in_order(queue, n):
    assert await taken(queue, jobs.count, n) == list(range(n))


async def test_an_async_iterator_that_is_no_generator_streams_too(queue):
    assert await taken(queue, jobs.Countdown, 5) == [4, 3, 2, 1, 0]


async def test_a_consumer_gets_them(queue):
    consumer = ListConsumer()
    await queue.call(jobs.count, 5, consumer=consumer)
    assert await consumer() == [0, 1, 2, 3, 4]


async def test_an_error_comes_after_all_items_before_it(queue):
    deferator = await queue.call(jobs.failing, 7)
    assert [await anext(deferator) for _ in range(7)] == list(range(7))
    assert type(await outcome(anext(deferator))) is ZeroDivisionError
    assert await taken(queue, jobs.count, 3) == [0, 1, 2]


async def test_one_that_is_stopped_is_closed_and_frees_its_worker(queue, tmp_path):
    path = tmp_path / "closed"
    deferator = await queue.call(jobs.count, -1, str(path))
    assert [await anext(deferator) for _ in range(3)] == [0, 1, 2]
    deferator.stop()
    assert await taken(queue, jobs.count, 2) == [0, 1]
    assert path.read_text() == "closed"


async def test_an_endless_one_waits_for_its_taker_and_lets_calls_run(queue):
    deferator = await queue.call(jobs.count, -1)
    assert await queue.call(abs, -3) == 3
    assert [await anext(deferator) for _ in range(2000)] == list(range(2000))
    deferator.stop()


@pytest.mark.parametrize("kind", ["thread", "process"])
async def test_it_may_await_what_asyncio_has(reactor, kind):
    async with KINDS[kind](reactor) as queue:
        assert await taken(queue, jobs.sleepy, 4) == [0, 1, 2, 3]


async def test_on_an_async_worker_it_may_await_deferreds(reactor):
    async def slow(n):
        for number in range(n):
            await deferLater(reactor, 0.001)
            yield number

    async with TaskQueue(AsyncWorker(), reactor=reactor) as queue:
        assert await taken(queue, slow, 5) == [0, 1, 2, 3, 4]


async def test_what_it_awaits_is_cancelled_when_nobody_wants_more(reactor):
    cancelled: list[Any] = []
    closed: list[bool] = []

    async def waiting():
        try:
            yield 1
            await Deferred(cancelled.append)
        finally:
            closed.append(True)

    async with TaskQueue(AsyncWorker(), reactor=reactor) as queue:
        deferator = await queue.call(waiting)
        assert await anext(deferator) == 1
        await deferLater(reactor, 0)
        deferator.stop()
        assert await queue.call(abs, -1) == 1
    assert (len(cancelled), closed) == (1, [True])


def test_a_null_queue_takes_it_at_once():
    queue = NullQueue()
    [deferator] = outcomeOf(queue.call(jobs.count, 3))
    items: list[int] = []
    for item in deferator:
        item.addCallback(items.append)
    assert items == [0, 1, 2]


async def test_a_task_that_is_cancelled_errbacks_once(queue):
    task = queue.submit(jobs.count, -1)
    deferator = await task.deferred
    await anext(deferator)
    task.cancel()
    with pytest.raises(CancelledError):
        async for _ in deferator:
            pass
