# SPDX-License-Identifier: GPL-3.0-or-later
"""A map on workers of this process: threads, and the reactor itself."""

import operator
import threading
import time

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater

from aqlib import AsyncWorker, TaskQueue, ThreadQueue


@pytest.fixture
def threads(reactor, wait):
    queue = ThreadQueue(2, reactor=reactor)
    yield queue
    wait(queue.shutdown(cancel=True))


@pytest.fixture
def inReactor(reactor, wait):
    queue = TaskQueue(AsyncWorker(), AsyncWorker(), reactor=reactor)
    yield queue
    wait(queue.shutdown(cancel=True))


def reciprocal(n):
    return 1 / n


async def doubled(n):
    return 2 * n


class TestThreads:
    async def test_it_gives_all_results_in_order(self, threads):
        assert await threads.map(operator.neg, range(1000)).toList() == [-n for n in range(1000)]

    async def test_results_need_not_be_picklable(self, threads):
        locks = await threads.map(lambda n: threading.Lock(), range(10)).toList()
        assert len(set(map(id, locks))) == 10

    async def test_an_error_tells_its_input(self, threads):
        with pytest.raises(ZeroDivisionError) as caught:
            await threads.map(reciprocal, [1, 0]).toList()
        assert caught.value.__notes__ == ["It came from input 1 of a map, reciprocal(0)."]

    async def test_a_coroutine_is_an_error_that_tells_what_to_do(self, threads):
        with pytest.raises(TypeError, match="series='async'"):
            await threads.map(doubled, range(3)).toList()

    async def test_a_cancelled_chunk_ends_between_two_calls(self, threads):
        calls = []

        def call(n):
            calls.append(n)
            time.sleep(0.005)

        deferator = threads.map(call, range(1000), chunksize=1000)
        deferator.stop()
        await threads.shutdown()
        assert len(calls) < 100


class TestInTheReactor:
    async def test_it_gives_all_results_in_order(self, inReactor):
        assert await inReactor.map(operator.neg, range(1000)).toList() == [-n for n in range(1000)]

    async def test_coroutines_and_deferreds_are_awaited(self, inReactor, reactor):
        assert await inReactor.map(doubled, range(100)).toList() == list(range(0, 200, 2))
        later = inReactor.map(lambda n: deferLater(reactor, 0.001, lambda: n), range(10))
        assert await later.toList() == list(range(10))

    async def test_as_many_are_under_way_as_there_are_workers(self, inReactor):
        started: list[Deferred[int]] = []

        def start(n):
            started.append(Deferred())
            return started[-1]

        whole = inReactor.map(start, range(3)).toList()
        while len(started) < 2:
            await deferLater(inReactor.reactor, 0, lambda: None)
        await deferLater(inReactor.reactor, 0, lambda: None)
        assert len(started) == 2
        for n in range(3):
            while len(started) <= n:
                await deferLater(inReactor.reactor, 0, lambda: None)
            started[n].callback(n)
        assert await whole == [0, 1, 2]

    async def test_those_that_turn_out_long_are_shared_out_again(self, inReactor, reactor):
        await inReactor.map(doubled, range(1000)).toList()
        under_way, most = 0, 0

        async def slow(n):
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            await deferLater(reactor, 0.005, lambda: None)
            under_way -= 1
            return n

        assert await inReactor.map(slow, range(10)).toList() == list(range(10))
        assert most == 2

    async def test_a_chunk_of_a_told_size_is_not_left_off(self, inReactor, reactor):
        numbers = inReactor.map(lambda n: deferLater(reactor, 0.003, lambda: n), range(8), chunksize=8)
        tasks = inReactor.running()
        assert await numbers.toList() == list(range(8))
        assert len(tasks) == 1

    async def test_an_error_of_a_coroutine_tells_its_input(self, inReactor):
        async def fail(n):
            raise ValueError(n)

        with pytest.raises(ValueError, match="0") as caught:
            await inReactor.map(fail, range(3)).toList()
        assert "input 0" in caught.value.__notes__[0]

    async def test_to_stop_it_cancels_what_is_awaited(self, inReactor):
        cancelled: list[Deferred[None]] = []
        deferator = inReactor.map(lambda n: Deferred(cancelled.append), range(3))
        while len(inReactor.running()) < 2:
            await deferLater(inReactor.reactor, 0, lambda: None)
        await deferLater(inReactor.reactor, 0, lambda: None)
        deferator.stop()
        assert len(cancelled) == 2

    async def test_the_reactor_has_its_turn_in_between(self, inReactor):
        turns = []

        def turn():
            turns.append(inReactor.reactor.callLater(0, turn))

        turn()
        await inReactor.map(lambda n: time.sleep(0.001), range(100)).toList()
        turns[-1].cancel()
        assert len(turns) > 10
