# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong with streams. Each test is named after its row of the fault catalogue."""

import operator
import os
import time
from typing import Any

import psutil
import pytest
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IConsumer
from twisted.python.failure import Failure
from zope.interface import implementer

from aqlib import CancelledError, EncodingError, ListConsumer, TaskState, WorkerLost, WorkerState

from .. import faultjobs, jobs
from .helpers import queueSees


@implementer(IConsumer)
class Picky:
    """A consumer that pauses, stops or fails when it has got so many items."""

    def __init__(self, after: int, what: str) -> None:
        self.items: list[int] = []
        self.producer: Any = None
        self.after = after
        self.what = what
        self.full: Deferred[None] = Deferred()

    def registerProducer(self, producer, streaming):
        assert streaming
        self.producer = producer

    def unregisterProducer(self):
        self.producer = None

    def write(self, item):
        self.items.append(item)
        if len(self.items) == self.after:
            if self.what == "fail":
                raise ValueError("no more, please")
            getattr(self.producer, self.what)()
            self.full.callback(None)


async def appendAll(got, deferator):
    async for item in deferator:
        got.append(item)  # what came before an error is to be seen


@pytest.mark.parametrize("n", [0, 1, 100])
async def test_c41_the_items_before_an_error_arrive_before_it(queue, n):
    pid = await queue.call(os.getpid)
    consumer = ListConsumer()
    with pytest.raises(ValueError, match="here it ends"):
        await queue.call(jobs.countThen, n, "fail", "here it ends", consumer=consumer)
    assert await consumer() == list(range(n))
    deferator = await queue.call(jobs.countThen, n, "fail", "here it ends")
    got: list[int] = []
    with pytest.raises(ValueError, match="here it ends"):
        await appendAll(got, deferator)
    assert got == list(range(n))
    assert await queue.call(os.getpid) == pid


async def test_c42_c43_an_endless_stream_and_a_paused_consumer_use_neither_memory_nor_cpu(queue, makeQueue, watcher):
    consumer = Picky(50, "pauseProducing")
    task = queue.submit(jobs.naturals, consumer=consumer)
    await consumer.full
    await watcher.until(lambda: task.state is TaskState.SUSPENDED)
    assert await queue.call(operator.add, 1, 1) == 2  # its worker is free for other work
    process = psutil.Process(queue.workers(1).pid)
    other = makeQueue(1)
    await other.call(time.sleep, 0.1)
    before = process.num_ctx_switches().voluntary
    await other.call(time.sleep, 0.3)
    assert process.num_ctx_switches().voluntary == before  # it has not waked up once
    assert len(task.source) < 100
    consumer.after = 10_000
    consumer.what = "stopProducing"
    consumer.full = Deferred()
    consumer.producer.resumeProducing()
    await consumer.full
    assert consumer.items == list(range(10_000))
    await task.deferred


async def test_c42_a_slow_taker_of_large_items_keeps_the_memory_of_both_sides_flat(queue, makeQueue):
    other = makeQueue(1)
    task = queue.submit(faultjobs.megabytes)
    deferator = await task.deferred
    used, ahead = [], []
    for _ in range(60):
        assert len(await next(deferator)) == 1_000_000
        await other.call(operator.add, 1, 1)  # meanwhile the stream could go on and on
        used.append(queue.workers(1).memUsage())
        ahead.append(len(task.source))
    deferator.stop()
    assert max(ahead) <= 10
    assert max(used[10:]) - min(used[10:]) < 20_000  # kilobytes


async def test_c44_a_stream_that_is_stopped_closes_its_generator_and_frees_its_worker(queue, watcher, tmp_path):
    closed = str(tmp_path / "closed")
    pid = await queue.call(os.getpid)
    deferator = await queue.call(jobs.naturals, closed)
    assert await next(deferator) == 0
    deferator.stop()
    await watcher.untilHappened("taskFinished", 2)
    assert jobs.isThere(closed)
    assert queue.workers(1).state is WorkerState.IDLE
    assert not queue.workers(1).streams
    assert await queue.call(os.getpid) == pid


async def test_c44_a_stream_that_is_cancelled_closes_its_generator_and_frees_its_worker(queue, watcher, tmp_path):
    closed = str(tmp_path / "closed")
    pid = await queue.call(os.getpid)
    consumer = ListConsumer()
    task = queue.submit(jobs.naturals, closed, consumer=consumer)
    await watcher.untilHappened("taskItems")
    task.cancel()
    with pytest.raises(CancelledError):
        await task.deferred
    assert await queue.call(jobs.isThere, closed)
    assert await queue.call(os.getpid) == pid


async def test_c45_a_shutdown_during_a_stream_fires_its_deferred_once(makeQueue):
    queue = makeQueue(1)
    consumer = ListConsumer()
    fired: list[object] = []
    stream = queue.call(jobs.count, 100_000, consumer=consumer)
    stream.addBoth(fired.append)
    await queue.shutdown()
    assert fired == [consumer]
    assert await consumer() == list(range(100_000))


async def test_c45_a_shutdown_that_cancels_ends_a_stream_by_an_errback(makeQueue):
    queue = makeQueue(1)
    fired: list[Failure] = []
    deferator = await queue.call(jobs.naturals)
    deferator.d.addErrback(fired.append)
    await queue.shutdown(cancel=True)
    assert [failure.type for failure in fired] == [CancelledError]


@pytest.mark.parametrize("count", [1, 17, 1000, 30_000])
async def test_c46_items_that_left_a_worker_before_it_dies_arrive_in_order(queue, count):
    consumer = ListConsumer()
    with pytest.raises(WorkerLost, match="with exit code 5"):
        await queue.call(jobs.countRestAndExit, count, 5, consumer=consumer)
    assert await consumer() == list(range(count))


@pytest.mark.parametrize("count", [1, 2, 100, 1000, 5000])
async def test_c46_those_of_its_last_moment_may_be_lost_and_leave_no_gap(queue, count):
    consumer = ListConsumer()
    with pytest.raises(WorkerLost):
        await queue.call(jobs.countThen, count, "exitAtOnce", 5, consumer=consumer)
    items = await consumer()
    assert items == list(range(len(items)))
    assert 1 <= len(items) <= count


async def test_c46_each_item_that_took_a_while_has_left_by_the_next(queue):
    consumer = ListConsumer()
    with pytest.raises(WorkerLost):
        await queue.call(jobs.slowThenExit, 20, consumer=consumer)
    assert await consumer() == list(range(20))


class Opaque:
    def __reduce__(self):
        raise TypeError("no")


def opaqueItems():
    yield 1
    yield Opaque()


async def test_an_item_that_cannot_be_pickled_is_named_by_its_own_type(queue):
    with pytest.raises(EncodingError, match="A value of type Opaque that a task gave"):
        await queue.call(opaqueItems, consumer=ListConsumer())


@pytest.mark.parametrize("way", ["task", "deferred"])
@pytest.mark.parametrize("length", [10, 10**6], ids=["done", "open"])
async def test_a_paused_consumer_that_is_cancelled_gets_no_more(queue, watcher, way, length):
    picky = Picky(4, "pauseProducing")
    task = queue.submit(jobs.count, length, consumer=picky)
    await picky.full
    producer = picky.producer
    await watcher.untilHappened("taskFinished" if length == 10 else "taskSuspended")
    (task if way == "task" else task.deferred).cancel()
    with pytest.raises(CancelledError):
        await task.deferred
    producer.resumeProducing()
    assert await queue.call(operator.add, 1, 1) == 2
    assert picky.items == [0, 1, 2, 3]
    assert picky.producer is None


@pytest.mark.parametrize("way", ["killSelf", "exitAtOnce"])
async def test_c46_a_worker_that_dies_in_mid_stream_is_never_a_normal_end(queue, way):
    args = (0,) if way == "exitAtOnce" else ()
    consumer = ListConsumer()
    with pytest.raises(WorkerLost, match="while it ran countThen"):
        await queue.call(jobs.countThen, 1000, way, *args, consumer=consumer)
    deferator = await queue.call(jobs.countThen, 3, way, *args)
    with pytest.raises(WorkerLost):
        [item async for item in deferator]
    assert await queue.call(operator.add, 1, 1) == 2


async def test_c46_a_stream_that_gave_way_is_lost_with_its_worker(queue, watcher, tmp_path):
    begun = str(tmp_path / "begun")
    deferator = await queue.call(jobs.naturals, niceness=10)
    urgent = queue.submit(jobs.forEver, begun)
    await queueSees(queue, begun)
    queue.killWorker(1)
    with pytest.raises(WorkerLost, match="while it ran forEver"):
        await urgent.deferred
    with pytest.raises(WorkerLost):
        [item async for item in deferator]


async def test_c47_a_consumer_that_raises_stops_the_stream_and_its_error_is_told_once(queue, watcher, tmp_path):
    closed = str(tmp_path / "closed")
    consumer = Picky(10, "fail")
    with pytest.raises(ValueError, match="no more, please"):
        await queue.call(jobs.naturals, closed, consumer=consumer)
    assert consumer.items == list(range(10))
    assert consumer.producer is None
    assert await queue.call(jobs.isThere, closed)


async def test_c48_a_worker_that_is_to_be_replaced_ends_its_stream_before(queue, watcher):
    pid, consumer = await queue.call(os.getpid), ListConsumer()
    stream = queue.call(jobs.count, 100_000, consumer=consumer)
    await watcher.untilHappened("taskItems")
    queue.restartWorker(1)
    assert await queue.call(os.getpid) != pid
    assert await stream is consumer
    assert await consumer() == list(range(100_000))
    assert watcher.happened("workerLost") == []


async def test_c49_an_urgent_task_waits_for_one_batch_of_a_long_stream_at_most(queue, watcher):
    consumer = ListConsumer()
    stream = queue.submit(jobs.count, 500_000, consumer=consumer, niceness=1)
    await watcher.untilHappened("taskItems")
    urgent = queue.submit(operator.add, 1, 1, niceness=0)
    before = stream.items
    assert await urgent.deferred == 2
    assert not stream.isFinished
    # What came meanwhile had been made before the worker saw the urgent task, or while it was on its way.
    assert stream.items - before < 400_000
    await stream.deferred


async def test_c49_the_slow_item_of_a_stream_is_cancelled_by_ending_its_worker(queue, watcher, tmp_path):
    begun = str(tmp_path / "begun")
    deferator = await queue.call(jobs.slowNumbers, begun)
    await queueSees(queue, begun)
    deferator.stop()
    assert await queue.call(operator.add, 1, 1) == 2


async def test_c49_of_two_streams_that_wait_the_one_that_gets_credit_goes_on_though_the_other_runs(queue, watcher):
    older = queue.submit(jobs.naturals, niceness=5, consumer=ListConsumer())
    await watcher.untilHappened("taskItems")
    picky = Picky(5, "pauseProducing")
    younger = queue.submit(jobs.naturals, consumer=picky)
    await picky.full
    await watcher.until(lambda: younger.state is TaskState.SUSPENDED and older.state is TaskState.RUNNING)
    picky.producer.resumeProducing()
    await watcher.until(lambda: len(picky.items) > 1000)
    for stream in (older, younger):
        stream.cancel()
        with pytest.raises(CancelledError):
            await stream.deferred
    assert picky.items == list(range(len(picky.items)))
