# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes that leak, take too much memory, or stand still. Tests are named after their rows of the catalogue."""

import operator
import os
import signal
import sys
import time
from collections.abc import Iterator

import pytest
from twisted.internet.defer import gatherResults
from twisted.internet.task import deferLater

from aqlib import CancelledError, ListConsumer, MemoryLimitExceeded, ProcessQueue, Task, WorkerLost
from aqlib.processes.cores import Cores
from aqlib.processes.procfs import sample

from .. import jobs
from .helpers import queueSees

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of processes in /proc")

MEGABYTE = 1_000_000
_leaked: list[bytes] = []


def leak(megabytes: int) -> int:
    """Keep so much memory for ever. Returns the process."""
    _leaked.append(b"x" * (megabytes * MEGABYTE))
    return os.getpid()


def takeAndStay(megabytes: int, begun: str) -> None:
    """Take so much memory, and run for ever."""
    taken = b"x" * (megabytes * MEGABYTE)
    jobs.forEver(begun)
    len(taken)


def takeInSteps(megabytes: int) -> Iterator[int]:
    """A stream that takes a megabyte with each item, until somebody ends it."""
    taken = []
    for i in range(megabytes):
        taken.append(b"x" * MEGABYTE)
        yield i
        time.sleep(0.001)


def killUnless(antidote: str) -> str:
    """End this process, unless a file is there."""
    if not jobs.isThere(antidote):
        jobs.killSelf()
    return antidote


def memoryOf(pid: int) -> int:
    found = sample(pid)
    assert found is not None
    return found.memory


async def cancelled(task: Task) -> None:
    task.cancel()
    with pytest.raises(CancelledError):
        await task.deferred


class TestLeaks:
    async def test_a10_after_so_many_tasks_a_worker_goes_on_in_a_new_process(self, makeQueue):
        queue = makeQueue(1, maxTasksPerWorker=3)
        pids = [await queue.call(os.getpid) for _ in range(9)]
        assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [3, 3, 3]

    async def test_a10_short_calls_that_are_sent_ahead_count(self, makeQueue):
        queue = makeQueue(1, maxTasksPerWorker=10)
        pids = await gatherResults([queue.call(os.getpid) for _ in range(60)])
        assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [10] * 6

    async def test_a10_a_process_that_has_grown_is_replaced_between_two_tasks(self, makeQueue):
        queue = makeQueue(1, maxWorkerMemory=150 * MEGABYTE)
        assert await queue.call(leak, 1) == await queue.call(os.getpid)
        pid = await queue.call(leak, 200)
        while await queue.call(os.getpid) == pid:  # between short tasks it is looked at ten times a second
            pass

    async def test_a12_recycling_with_a_backlog_stalls_nothing(self, makeQueue):
        queue = makeQueue(2, maxTasksPerWorker=7)
        assert await gatherResults([queue.call(operator.add, i, 1) for i in range(150)]) == list(range(1, 151))

    async def test_c48_recycling_waits_for_the_end_of_a_stream(self, makeQueue):
        queue = makeQueue(1, maxTasksPerWorker=2)
        pid = await queue.call(os.getpid)
        items = [item async for item in await queue.call(jobs.count, 500)]
        assert items == list(range(500))
        assert await queue.call(os.getpid) != pid

    @pytest.mark.parametrize("option", ["maxTasksPerWorker", "maxWorkerMemory", "memoryLimit"])
    def test_a_limit_of_nothing_is_refused(self, reactor, option):
        with pytest.raises(ValueError, match=f"'{option}' is a whole number.*, 1 or more, not 0"):
            ProcessQueue(1, reactor=reactor, **{option: 0})  # type: ignore[arg-type]


class TestPoison:
    async def test_a16_a_task_that_kills_three_workers_is_quarantined_and_can_be_run_again_by_hand(
        self, makeQueue, tmp_path
    ):
        queue = makeQueue(2)
        antidote = str(tmp_path / "antidote")
        poison = queue.submit(killUnless, antidote, retries=10, backoff=0.0, retryOn=WorkerLost)
        others = [queue.submit(operator.add, i, 1) for i in range(50)]
        with pytest.raises(WorkerLost, match="while it ran killUnless"):
            await poison.deferred
        assert poison.attempts == 3
        assert queue.quarantined == [poison]
        assert not queue.isDegraded
        assert await gatherResults([other.deferred for other in others]) == list(range(1, 51))
        jobs.touch(antidote)
        assert await queue.retry(poison).deferred == antidote


class TestMemoryLimit:
    async def test_a11_a_task_over_its_limit_is_ended_and_told_so(self, makeQueue, tmp_path):
        queue = makeQueue(1, memoryLimit=150 * MEGABYTE)
        with pytest.raises(MemoryLimitExceeded, match=r"by SIGKILL while it ran takeAndStay.*\n.*the limit is 150 MB"):
            await queue.call(takeAndStay, 200, str(tmp_path / "begun"))
        assert await queue.call(operator.add, 1, 1) == 2

    async def test_a11_a_task_may_have_a_limit_of_its_own(self, makeQueue, tmp_path):
        queue = makeQueue(1)
        taking = queue.using(memoryLimit=150 * MEGABYTE).call(takeAndStay, 200, str(tmp_path / "begun"))
        with pytest.raises(MemoryLimitExceeded):
            await taking
        with pytest.raises(ValueError, match="'memoryLimit' is a whole number of bytes, 1 or more, not 0"):
            queue.call(len, "", memoryLimit=0)

    async def test_a11_so_is_a_stream_after_the_items_before(self, makeQueue):
        queue = makeQueue(1, memoryLimit=100 * MEGABYTE)
        taken = ListConsumer()
        with pytest.raises(MemoryLimitExceeded):
            await queue.call(takeInSteps, 100_000, consumer=taken)
        items = await taken()
        assert items == list(range(len(items)))

    async def test_a11_a_task_below_it_runs_on(self, makeQueue, tmp_path):
        queue = makeQueue(1, memoryLimit=500 * MEGABYTE)
        begun = str(tmp_path / "begun")
        task = queue.submit(takeAndStay, 50, begun)
        await queueSees(queue, begun)
        assert task.isRunning
        assert memoryOf(task.worker.pid) > 50 * MEGABYTE
        await cancelled(task)

    async def test_its_error_is_a_lost_worker_for_those_who_ask_no_more(self):
        assert issubclass(MemoryLimitExceeded, WorkerLost)


class TestSamples:
    def test_this_process_runs_and_has_memory(self):
        found = sample(os.getpid())
        assert found is not None
        assert found.state == "R"
        assert found.memory > MEGABYTE
        assert found.cpuSeconds > 0

    def test_of_what_is_not_there_nothing_is_known(self):
        assert sample(None) is None

    async def test_a19_a_stopped_process_is_told_from_a_busy_one(self, queue, tmp_path):
        begun = str(tmp_path / "begun")
        task = queue.submit(jobs.holdTheGIL, begun)
        await queueSees(queue, begun)
        pid = task.worker.pid
        assert sample(pid).state in "RS"  # type: ignore[union-attr]
        os.kill(pid, signal.SIGSTOP)
        while sample(pid).state != "T":  # type: ignore[union-attr]
            pass
        os.kill(pid, signal.SIGCONT)
        await cancelled(task)


async def test_a19_a_worker_that_a_signal_has_stopped_is_left_alone_until_the_time_out(queue, tmp_path):
    """Its call is not ended, and it goes on when somebody lets it."""
    begun, gate = str(tmp_path / "begun"), str(tmp_path / "gate")
    task = queue.submit(jobs.beginThenWait, begun, gate, timeout=60)
    await queueSees(queue, begun)
    pid = task.worker.pid
    os.kill(pid, signal.SIGSTOP)
    jobs.touch(gate)
    await deferLater(queue.reactor, 0.3)
    assert task.isRunning
    os.kill(pid, signal.SIGCONT)
    assert await task.deferred == gate
    assert await queue.call(os.getpid) == pid


class TestCores:
    def test_each_core_gets_its_turn(self):
        cores = Cores([4, 7])
        assert [cores.take() for _ in range(4)] == [4, 7, 4, 7]
        cores.release(7)
        assert cores.take() == 7

    async def test_each_process_stays_on_its_core(self, makeQueue):
        queue = makeQueue(2, pinned=True)
        available = os.sched_getaffinity(0)
        await gatherResults([queue.call(os.getpid, niceness=i) for i in range(2)])
        found = [os.sched_getaffinity(worker.pid) for worker in queue.workers()]
        assert all(len(cores) == 1 and cores <= available for cores in found)
        assert len(set.union(*found)) == min(2, len(available))

    async def test_a_process_that_takes_the_place_of_another_is_on_its_core(self, makeQueue):
        queue = makeQueue(1, pinned=True)
        pid = await queue.call(os.getpid)
        before = os.sched_getaffinity(pid)
        queue.killWorker(1)
        assert os.sched_getaffinity(await queue.call(os.getpid)) == before


async def test_a11_what_the_queue_has_lent_does_not_count(makeQueue):
    """Large arguments lie in memory that the queue's process owns."""
    queue = makeQueue(1, memoryLimit=100 * MEGABYTE, maxWorkerMemory=100 * MEGABYTE)
    pid = await queue.call(os.getpid)
    for _ in range(4):
        assert await queue.call(len, bytes(30 * MEGABYTE)) == 30 * MEGABYTE
    assert await queue.call(os.getpid) == pid
