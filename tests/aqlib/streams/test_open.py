# SPDX-License-Identifier: GPL-3.0-or-later
"""Open streams that wait for their takers keep no ordinary call from running, and go on in any order."""

import operator
from random import Random

import pytest
from twisted.internet.defer import gatherResults

from aqlib import AsyncWorker, ProcessWorker, TaskQueue, ThreadWorker
from aqlib.testing import Watcher

from .. import faultjobs, jobs

WORKERS = {"async": AsyncWorker, "thread": ThreadWorker, "process": ProcessWorker}
MEGABYTE = 1_000_000


@pytest.fixture(params=WORKERS)
def worker(request):
    return WORKERS[request.param]()


@pytest.fixture
def queue(worker, reactor, wait):
    queue = TaskQueue(worker, reactor=reactor)
    yield queue
    wait(queue.shutdown(cancel=True))


def multiples(n):
    yield from range(0, 1000 * n, n)


async def merge(streams, rest):
    """The items of all streams in order: from which one the next is taken, the items decide."""
    heads = [(await anext(stream), i) for i, stream in enumerate(streams)]
    merged = []
    while heads:
        head = min(heads)
        heads.remove(head)
        merged.append(head[0])
        if len(merged) == rest:
            break
        heads += [(item, head[1]) for item in [await anext(streams[head[1]], None)] if item is not None]
    return merged


@pytest.mark.parametrize("k", [9, 100])
async def test_a_merge_of_many_streams_on_one_worker_goes_on(queue, k):
    streams = [await queue.call(multiples, n) for n in range(1, k + 1)]
    expected = sorted(item for n in range(1, k + 1) for item in range(0, 1000 * n, n))[:3000]
    assert await merge(streams, 3000) == expected


async def test_streams_are_taken_in_random_order_by_loops_that_look_ahead(queue):
    random, count = Random(5), 30
    streams = [await queue.call(multiples, n + 1) for n in range(count)]
    taken = [0] * count
    for _ in range(2000):
        n = random.randrange(count)
        assert await next(streams[n]) == taken[n] * (n + 1)
        taken[n] += 1


async def test_an_ordinary_call_runs_however_many_are_open(queue, worker):
    streams = [await queue.call(jobs.naturals) for _ in range(200)]
    assert await queue.call(len, "never measured before") == len("never measured before")
    assert await gatherResults([queue.call(operator.add, n, 1) for n in range(50)]) == list(range(1, 51))
    assert len(queue.running()) == 200
    assert [await anext(stream) for stream in streams] == [0] * 200


async def test_a_worker_that_is_to_be_recycled_goes_on_for_others_until_its_streams_have_ended(makeQueue):
    queue = makeQueue(1, maxTasksPerWorker=2)
    streams = [await queue.call(jobs.naturals) for _ in range(3)]
    first = await queue.call(jobs.pid)
    assert [await queue.call(jobs.pid) for _ in range(3)] == [first] * 3
    for stream in streams:
        stream.stop()
    while await queue.call(jobs.pid) == first:
        pass


class TestMemory:
    @pytest.fixture
    def queue(self, makeQueue):
        return makeQueue(1, streamMemory=20 * MEGABYTE)

    @pytest.fixture
    def watcher(self, queue):
        watcher = Watcher()
        queue.addObserver(watcher)
        return watcher

    def held(self, queue):
        return sum(len(task.source) for task in queue.running()) * MEGABYTE

    async def test_a_merge_of_large_items_goes_on_within_the_bound(self, queue, watcher):
        streams = [await queue.call(faultjobs.megabytes) for _ in range(4)]
        for _ in range(30):
            for stream in streams:
                assert len(await next(stream)) == MEGABYTE
                assert self.held(queue) <= 21 * MEGABYTE
        assert watcher.happened("streamsBlocked") == []

    async def test_at_the_bound_streams_wait_and_calls_run_and_an_event_says_so(self, queue, watcher):
        calls = [queue.call(faultjobs.megabytes) for _ in range(40)]
        await watcher.untilHappened("streamsBlocked")
        assert await queue.call(jobs.add, 1, 1) == 2
        assert 20 * MEGABYTE <= self.held(queue) <= 21 * MEGABYTE
        assert watcher.happened("streamsBlocked") == [(queue.workers(1),)]
        # Each that is stopped makes room for another one.
        for call in calls:
            stream = await call
            assert len(await anext(stream)) == MEGABYTE
            stream.stop()

    async def test_what_a_dead_worker_held_does_not_count_any_more(self, queue, watcher):
        streams = [queue.call(faultjobs.megabytes) for _ in range(30)]
        await watcher.untilHappened("streamsBlocked")
        await watcher.untilHappened("taskStarted", 30)
        queue.killWorker(1)
        for stream in streams:
            stream.addErrback(lambda _: None)
        await watcher.untilHappened("workerReplaced")
        worker = queue.workers(1)
        assert worker.memory.held == 0
        assert len(await anext(await queue.call(faultjobs.megabytes))) == MEGABYTE

    @pytest.mark.parametrize("wrong", [0, -1, 1.5, "20"])
    def test_a_bound_that_is_none_is_refused(self, makeQueue, wrong):
        with pytest.raises(ValueError, match="streamMemory"):
            makeQueue(1, streamMemory=wrong)
