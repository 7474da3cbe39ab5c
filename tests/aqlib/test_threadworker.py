# SPDX-License-Identifier: GPL-3.0-or-later
"""A ThreadWorker: calls in a thread of its own."""

import operator
import threading

import pytest
from twisted.internet.defer import CancelledError, gatherResults
from twisted.internet.task import deferLater

import aqlib
from aqlib import ListConsumer, TaskState, ThreadQueue, WorkerState, threadworker
from aqlib.testing import Watcher


@pytest.fixture
def makeQueue(reactor, wait):
    queues = []

    def make(n=1, **options):
        queue = ThreadQueue(n, reactor=reactor, **options)
        queues.append(queue)
        return queue

    yield make
    for queue in queues:
        wait(queue.shutdown(cancel=True))


@pytest.fixture
def queue(makeQueue):
    return makeQueue()


@pytest.fixture
def watcher(queue):
    watcher = Watcher()
    queue.addObserver(watcher)
    return watcher


@pytest.fixture
def gate():
    gate = threading.Event()
    yield gate
    gate.set()


def fail():
    raise ZeroDivisionError


def failing(n):
    yield from range(n)
    raise ZeroDivisionError


class TestCalls:
    async def test_a_call_runs_in_one_other_thread(self, queue):
        names = await gatherResults([queue.call(threading.get_ident) for _ in range(5)])
        assert len(set(names)) == 1
        assert names[0] != threading.get_ident()

    async def test_several_threads_work_side_by_side(self, makeQueue):
        queue = makeQueue(2)
        meeting = threading.Barrier(2)
        await gatherResults([queue.call(meeting.wait, 20) for _ in range(2)])

    async def test_an_error_is_an_errback(self, queue):
        with pytest.raises(ZeroDivisionError):
            await queue.call(fail)
        assert await queue.call(operator.add, 1, 1) == 2

    @pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt])
    async def test_what_would_end_a_program_ends_no_thread(self, queue, error):
        def end():
            raise error

        ident = await queue.call(threading.get_ident)
        with pytest.raises(error):
            await queue.call(end)
        assert await queue.call(threading.get_ident) == ident

    async def test_results_and_arguments_are_the_objects_themselves(self, queue):
        thing = object()
        assert await queue.call(lambda x: x, thing) is thing

    async def test_progress_is_told_in_the_reactors_thread(self, queue, watcher):
        def report():
            aqlib.progress(1, 2, "half")

        task = queue.submit(report)
        await task.deferred
        assert task.progress == (1, 2, "half")
        assert watcher.happened("taskProgress") == [(task,)]

    @pytest.mark.parametrize("n", [0, -1])
    def test_a_queue_without_threads_is_refused(self, reactor, n):
        with pytest.raises(ValueError, match="'n' is a whole number, 1 or more"):
            ThreadQueue(n, reactor=reactor)


class TestCancel:
    async def test_a_task_is_asked_to_end(self, queue, watcher):
        begun, ended = threading.Event(), threading.Event()

        def untilCancelled():
            begun.set()
            while not aqlib.cancelled():
                pass
            ended.set()

        task = queue.submit(untilCancelled)
        begun.wait(20)
        task.cancel()
        with pytest.raises(CancelledError):
            await task.deferred
        assert queue.workers(1).state is WorkerState.STOPPING
        await watcher.untilHappened("workerFreed")
        assert ended.is_set()
        assert queue.workers(1).state is WorkerState.IDLE

    async def test_one_that_does_not_listen_is_abandoned_with_its_thread(self, queue, watcher, gate, monkeypatch):
        monkeypatch.setattr(threadworker, "GRACE", 0.01)
        task = queue.submit(gate.wait, 60)
        task.cancel()
        with pytest.raises(CancelledError):
            await task.deferred
        assert await queue.call(operator.add, 1, 1) == 2
        assert not gate.is_set()

    async def test_under_a_cap_of_abandoned_threads(self, queue, watcher, gate, monkeypatch, reactor):
        monkeypatch.setattr(threadworker, "GRACE", 0.01)
        monkeypatch.setattr(threadworker, "MOST_ABANDONED", 0)
        task = queue.submit(gate.wait, 60)
        task.cancel()
        with pytest.raises(CancelledError):
            await task.deferred
        following = queue.call(operator.add, 1, 1)
        reactor.callLater(0.05, gate.set)
        assert await following == 2
        assert gate.is_set()

    async def test_updates_that_wait_behind_it_are_made_in_the_thread_that_takes_its_place(
        self, queue, gate, monkeypatch
    ):
        monkeypatch.setattr(threadworker, "GRACE", 0.01)
        task = queue.submit(gate.wait, 60)
        updated = queue.update(threading.get_ident)
        task.cancel()
        with pytest.raises(CancelledError):
            await task.deferred
        assert await updated == [await queue.call(threading.get_ident)]

    async def test_one_that_was_cancelled_is_not_reassigned_when_its_worker_is_ended(self, queue, gate):
        task = queue.submit(gate.wait, 60)
        task.cancel()
        with pytest.raises(CancelledError):
            await task.deferred
        assert await queue.detachWorker(1, reassign=True, crash=True) == []

    async def test_a_time_out_ends_a_task_the_same_way(self, queue, gate, monkeypatch):
        monkeypatch.setattr(threadworker, "GRACE", 0.01)
        with pytest.raises(aqlib.TimeoutError):
            await queue.using(timeout=0.01).call(gate.wait, 60)


class TestAsynQueuesNames:
    async def test_deferToThread_goes_before_all_that_waits(self, queue, gate):
        begun = [queue.submit(gate.wait, 60), *(queue.submit(int) for _ in range(3))]
        urgent = queue.deferToThread(lambda: [task.isFinished for task in begun])
        gate.set()
        assert await urgent == [True, False, False, False]
        await gatherResults([task.deferred for task in begun])

    def test_what_has_no_effect_is_said(self, reactor, wait):
        with pytest.warns(DeprecationWarning, match="no effect"):
            queue = aqlib.ThreadQueue(reactor=reactor, verbose=True)
        wait(queue.shutdown())


class TestStreams:
    async def test_an_iterator_comes_as_a_deferator(self, queue):
        assert [item async for item in await queue.call(iter, [1, 2, 3])] == [1, 2, 3]

    async def test_a_consumer_gets_all_items_however_many(self, queue):
        consumer = await queue.call(lambda: iter(range(5000)), consumer=ListConsumer())
        assert await consumer() == list(range(5000))

    async def test_items_before_an_error_arrive_before_it(self, queue):
        consumer = ListConsumer()
        with pytest.raises(ZeroDivisionError):
            await queue.call(failing, 300, consumer=consumer)
        assert await consumer() == list(range(300))

    async def test_one_that_is_stopped_or_cancelled_is_closed_and_its_thread_is_free(self, queue, watcher):
        closed = []

        def numbers():
            try:
                while True:
                    yield 0
            finally:
                closed.append(threading.get_ident())

        stream = await queue.call(numbers)
        stream.stop()
        await watcher.untilHappened("taskFinished")
        task = queue.submit(numbers, consumer=ListConsumer())
        await watcher.until(lambda: bool(task.items))
        task.cancel()
        with pytest.raises(CancelledError):
            await task.deferred
        assert await queue.call(threading.get_ident) == closed[0] == closed[1]
        assert watcher.happened("taskFinished")[0][0].state is TaskState.DONE

    async def test_its_time_out_stands_still_while_nobody_takes_its_items(self, queue, watcher, reactor):
        task = queue.submit(lambda: iter(int, 1), timeout=0.05)
        stream = await task.deferred
        await watcher.untilHappened("taskSuspended")
        await deferLater(reactor, 0.1)
        assert task.state is TaskState.SUSPENDED
        stream.stop()
        await watcher.untilHappened("taskFinished")
        assert task.isFinished

    async def test_raw_gives_the_iterator_itself(self, makeQueue):
        iterator = iter([1])
        assert await makeQueue(raw=True).call(lambda: iterator) is iterator


class TestEnd:
    async def test_it_drains(self, queue):
        calls = [queue.call(operator.add, i, 0) for i in range(50)]
        await queue.shutdown()
        assert await gatherResults(calls) == list(range(50))

    async def test_a_crash_fails_its_task_and_abandons_the_thread(self, queue, gate):
        task = queue.submit(gate.wait, 60)
        unfinished = await queue.detachWorker(1, crash=True)
        assert unfinished == [task]
        with pytest.raises(aqlib.WorkerError):
            await task.deferred

    async def test_an_update_runs_in_the_thread_and_its_error_is_told(self, queue):
        assert await queue.update(threading.get_ident) == [await queue.call(threading.get_ident)]
        with pytest.raises(ZeroDivisionError):
            await queue.update(fail, ephemeral=True)
