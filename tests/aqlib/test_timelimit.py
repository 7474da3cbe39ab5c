# SPDX-License-Identifier: GPL-3.0-or-later
"""The two time-outs of a task: the soft one asks it to end, the hard one ends it."""

import operator
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from aqlib import AsyncWorker, TaskQueue, ThreadQueue, TimeoutError, cancelled
from aqlib.testing import MemoryWorker, NullQueue, SteppedClock, outcomeOf

from . import jobs


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def queue(clock):
    return TaskQueue(MemoryWorker(), reactor=clock)


@pytest.fixture
def worker(queue):
    return queue.workers(1)


class TestSoft:
    def test_the_task_is_asked_and_its_result_counts(self, queue, worker, clock):
        task = queue.submit(operator.add, 1, 2, softTimeout=5)
        clock.advance(4.9)
        assert worker.asked == []
        clock.advance(0.2)
        assert (worker.asked, worker.aborted) == ([task], [])
        worker.step()
        assert outcomeOf(task.deferred) == [3]

    def test_the_hard_one_ends_it_later(self, queue, worker, clock):
        task = queue.submit(len, "", softTimeout=5, timeout=7)
        outcome = outcomeOf(task.deferred)
        clock.pump([5, 1.9])
        assert (worker.asked, outcome) == ([task], [])
        clock.advance(0.2)
        assert worker.aborted == [task]
        assert outcome[0].check(TimeoutError)

    def test_it_stands_still_while_a_stream_is_suspended(self, queue, worker, clock):
        task = queue.submit(iter, [], softTimeout=5, timeout=7)
        clock.advance(3)
        worker.reporter.suspended(task)
        clock.advance(100)
        worker.reporter.resumed(task)
        clock.advance(1.9)
        assert worker.asked == []
        clock.advance(0.2)
        assert worker.asked == [task]
        worker.reporter.suspended(task)
        clock.advance(100)
        worker.reporter.resumed(task)
        clock.advance(1.8)
        assert worker.aborted == []
        clock.advance(0.2)
        assert worker.aborted == [task]
        task.deferred.addErrback(lambda _: None)

    def test_a_task_that_ends_in_time_leaves_no_timer(self, queue, worker, clock):
        queue.call(len, "", softTimeout=5, timeout=7)
        worker.step()
        assert clock.getDelayedCalls() == []

    def test_a_worker_that_cannot_ask_goes_on(self, clock):
        worker: Any = MemoryWorker()
        worker.ask = None
        queue = TaskQueue(worker, reactor=clock)
        outcome = outcomeOf(queue.call(len, "ab", softTimeout=5))
        clock.advance(6)
        worker.step()
        assert outcome == [2]

    @pytest.mark.parametrize(
        "options", [{"softTimeout": 0}, {"softTimeout": 5, "timeout": 5}, {"softTimeout": 6, "timeout": 5}]
    )
    def test_it_is_above_0_and_below_the_hard_one(self, queue, options):
        with pytest.raises(ValueError, match="softTimeout"):
            queue.call(len, "", **options)

    def test_the_queues_own_time_out_counts_as_the_hard_one(self, clock):
        with pytest.raises(ValueError, match="softTimeout"):
            TaskQueue(reactor=clock, timeout=5).call(len, "", softTimeout=5)


class TestEachKindOfWorker:
    def test_one_in_the_reactors_thread(self):
        clock = SteppedClock()
        queue = TaskQueue(AsyncWorker(), reactor=clock)
        waiting: Deferred[None] = Deferred()

        async def looks():
            before = cancelled()
            await waiting
            return before, cancelled()

        outcome = outcomeOf(queue.call(looks, softTimeout=5))
        after = outcomeOf(queue.call(cancelled))
        clock.pump([0, 5])
        waiting.callback(None)
        clock.advance(0)
        assert (outcome, after) == ([(False, True)], [False])

    async def test_a_thread(self, reactor):
        queue = ThreadQueue(1, reactor=reactor)
        assert await queue.call(jobs.untilAsked, softTimeout=0.05) == "was asked"
        assert await queue.call(cancelled) is False
        await queue.shutdown()

    async def test_a_process(self, makeQueue):
        queue = makeQueue(1)
        pid = await queue.call(jobs.pid)
        assert await queue.call(jobs.untilAsked, softTimeout=0.05) == "was asked"
        assert (await queue.call(cancelled), await queue.call(jobs.pid)) == (False, pid)

    async def test_a_stream_of_a_process(self, makeQueue):
        items = await makeQueue(1).call(jobs.itemsUntilAsked, softTimeout=0.1)
        assert [item async for item in items][-1] == "was asked"

    def test_a_null_queue(self):
        null = NullQueue()
        [items] = outcomeOf(null.call(jobs.itemsUntilAsked, softTimeout=5))
        assert outcomeOf(next(items)) == ["was not asked"]
        null.reactor.advance(5)
        assert [outcomeOf(item) for item in items][-1] == ["was asked"]
