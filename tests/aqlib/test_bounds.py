# SPDX-License-Identifier: GPL-3.0-or-later
"""How many tasks may wait (`maxWaiting`), and waiting for room (`whenBelow`)."""

import pytest
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.task import Clock

from aqlib import ProcessQueue, QueueFull, QueueRunError, TaskQueue, ThreadQueue
from aqlib.testing import MemoryWorker, outcomeOf


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def makeQueue(clock):
    return lambda **options: TaskQueue(MemoryWorker(), reactor=clock, **options)


@pytest.fixture
def queue(makeQueue):
    """A queue in which one task runs and three wait."""
    theQueue = makeQueue()
    for _ in range(4):
        theQueue.submit(len, "").deferred.addErrback(lambda _: None)
    return theQueue


@pytest.fixture
def worker(queue):
    return queue.workers(1)


class TestMaxWaiting:
    def test_a_call_beyond_it_errbacks_at_once(self, makeQueue):
        queue = makeQueue(maxWaiting=3)
        for _ in range(4):  # one of them runs
            queue.call(len, "")
        outcome = outcomeOf(queue.call(len, ""))
        assert outcome[0].check(QueueFull)
        assert outcome[0].getErrorMessage().startswith("3 tasks wait already")
        assert len(queue.schedule) == 3

    def test_a_batch_of_as_many_fits_exactly(self, makeQueue):
        queue = makeQueue(maxWaiting=3)
        queue.pause()
        outcomes = [outcomeOf(queue.call(len, "")) for _ in range(4)]
        assert [bool(outcome) for outcome in outcomes] == [False, False, False, True]

    def test_there_is_room_when_one_has_begun_or_was_cancelled(self, makeQueue):
        queue = makeQueue(maxWaiting=1)
        _, waiting = [queue.submit(len, "") for _ in range(2)]
        outcomeOf(waiting.deferred)
        waiting.cancel()
        assert queue.submit(len, "").isWaiting
        queue.workers(1).step()
        assert queue.submit(len, "").isWaiting

    def test_held_tasks_count(self, makeQueue):
        queue = makeQueue(maxWaiting=1)
        running = queue.submit(len, "")
        held = queue.submit(len, "", after=[running])
        outcome = outcomeOf(queue.call(len, ""))
        assert outcome[0].check(QueueFull)
        queue.workers(1).step()
        assert held.isRunning

    def test_a_map_reads_on_though_others_fill_the_queue(self, makeQueue):
        queue = makeQueue(maxWaiting=2)
        whole = outcomeOf(queue.map(len, ["a", "bc", "def", "g"], chunksize=1).toList())
        for _ in range(12):
            if queue.countWaiting() < 2:
                queue.call(len, "")
            queue.workers(1).step()
        assert whole == [[1, 2, 3, 1]]

    def test_one_that_comes_too_late_is_refused_as_a_whole(self, makeQueue):
        queue = makeQueue(maxWaiting=1)
        for _ in range(2):
            queue.call(len, "")
        assert outcomeOf(queue.map(len, ["a"]).toList())[0].check(QueueFull)

    def test_after_the_shutdown_that_is_the_reason(self, makeQueue):
        queue = makeQueue(maxWaiting=1)
        for _ in range(2):
            queue.call(len, "")
        queue.shutdown()
        assert outcomeOf(queue.call(len, ""))[0].check(QueueRunError)

    def test_a_queue_that_recovers_has_its_bound_again(self, makeQueue, loggedErrors):
        queue = makeQueue(maxWaiting=1)
        queue.degrade("no kernel")
        queue.recover()
        for _ in range(2):
            queue.call(len, "")
        assert outcomeOf(queue.call(len, ""))[0].check(QueueFull)
        loggedErrors.flush()

    @pytest.mark.parametrize("most", [0, -1, 2.5, "many"])
    @pytest.mark.parametrize("kind", [TaskQueue, ThreadQueue, ProcessQueue])
    def test_what_is_no_bound_is_a_ValueError(self, clock, kind, most):
        with pytest.raises(ValueError, match="'maxWaiting' is a whole number"):
            kind(reactor=clock, maxWaiting=most)


class TestWhenBelow:
    def test_it_fires_at_once_when_it_is_so_already(self, queue):
        assert outcomeOf(queue.whenBelow(4)) == [None]

    def test_it_fires_when_one_has_begun(self, queue, worker):
        room = outcomeOf(queue.whenBelow(2))
        worker.step()
        assert room == []
        worker.step()
        assert room == [None]

    def test_or_was_cancelled(self, queue):
        room = outcomeOf(queue.whenBelow(3))
        queue.cancel([queue.schedule.at(1)])
        assert room == [None]

    def test_or_is_held_no_more_for_another_has_failed(self, queue):
        waiting = queue.schedule.at(2)
        queue.submit(len, "", after=[waiting]).deferred.addErrback(lambda _: None)
        room = outcomeOf(queue.whenBelow(3))
        waiting.cancel()
        assert room == [None]

    def test_of_many_that_wait_each_finds_the_room_that_those_before_it_left(self, queue, worker):
        made = []

        def produce(name):
            made.append(name)
            queue.call(len, name)

        for name in "abc":
            queue.whenBelow(3).addCallback(lambda _, name=name: produce(name))
        worker.step()
        assert made == ["a"]
        worker.step()
        assert made == ["a", "b"]

    def test_it_may_be_cancelled(self, queue, worker):
        room = queue.whenBelow(1)
        outcome = outcomeOf(room)
        room.cancel()
        assert outcome[0].check(CancelledError)
        while worker.task is not None:
            worker.step()

    def test_a_shutdown_ends_it(self, queue):
        room = outcomeOf(queue.whenBelow(1))
        queue.shutdown()
        assert room[0].check(QueueRunError)
        assert outcomeOf(queue.whenBelow(1))[0].check(QueueRunError)

    def test_when_nobody_waits_nobody_looks(self, queue, worker):
        outcomeOf(queue.whenBelow(4))
        room = outcomeOf(queue.whenBelow(3))
        assert len(queue.observers.all) == 1
        worker.step()
        assert (room, queue.observers.all) == ([None], ())

    @pytest.mark.parametrize("n", [0, 1.5])
    def test_what_is_no_number_is_a_ValueError(self, queue, n):
        with pytest.raises(ValueError, match="'n' is a whole number"):
            queue.whenBelow(n)

    def test_a_producer_that_waits_for_room_never_fills_the_queue(self, makeQueue):
        queue = makeQueue(maxWaiting=3)
        worker = queue.workers(1)
        results: list[int] = []

        async def produce():
            for n in range(20):
                await queue.whenBelow(3)
                queue.call(abs, -n).addCallback(results.append)

        done = outcomeOf(Deferred.fromCoroutine(produce()))
        while worker.task is not None:
            worker.step()
        assert (done, results) == ([None], list(range(20)))
