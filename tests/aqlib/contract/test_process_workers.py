# SPDX-License-Identifier: GPL-3.0-or-later
"""The workers of a ProcessQueue: how they come, how they are, and how they go, on every reactor."""

import operator
import os
import subprocess
import sys

import pytest
from twisted.internet.defer import gatherResults

from aqlib import CancelledError, ProcessQueue, QueueRunError
from aqlib.testing import Watcher

from .. import jobs


class TestWorkers:
    async def test_a_worker_imports_neither_twisted_nor_the_queue(self, queue):
        modules = await queue.call(jobs.modules)
        assert "aqlib.child.loop" in modules
        unwanted = ("twisted", "zope", "PyQt5", "numpy", "aqlib.queue", "aqlib.dispatcher", "aqlib.processes")
        assert [name for name in modules if name.startswith(unwanted)] == []

    async def test_they_run_at_the_operating_system_niceness_asked_for(self, makeQueue):
        own = os.nice(0)
        assert await makeQueue(1, osNiceness=3).call(jobs.niceness) == own + 3

    async def test_they_are_told_attached_started_and_gone(self, makeQueue):
        queue = makeQueue(1)
        watcher = Watcher()
        queue.addObserver(watcher)
        [ID] = await queue.addWorkers(1)
        await watcher.untilHappened("workerStarted", 2)
        await queue.detachWorker(ID)
        assert [name for name, _ in watcher.events if name in ("workerAttached", "workerGone")] == [
            "workerAttached",
            "workerGone",
        ]
        assert len(queue) == 1

    async def test_one_that_is_restarted_keeps_its_id_and_loses_no_task(self, queue, watcher):
        pid = await queue.call(jobs.pid)
        queue.restartWorker(1)
        assert await queue.call(jobs.pid) != pid
        assert [worker.ID for worker in queue.workers()] == [1]
        assert watcher.happened("workerLost") == []

    async def test_what_a_detached_worker_had_begun_can_be_reassigned(self, makeQueue, tmp_path):
        queue = makeQueue(2)
        gate = str(tmp_path / "gate")
        task = queue.submit(jobs.untilThere, gate)
        await queue.call(operator.add, 1, 1)
        unfinished = await queue.detachWorker(task.worker, reassign=True, crash=True)
        assert unfinished == [task]
        jobs.touch(gate)
        assert await task.deferred == gate

    @pytest.mark.parametrize("number", [0, -1])
    def test_a_queue_without_workers_is_refused(self, number):
        with pytest.raises(ValueError, match="'N' is a whole number, 1 or more"):
            ProcessQueue(number)

    async def test_they_know_how_long_they_were_busy(self, queue):
        await queue.call(sum, range(300_000))
        [worker] = queue.workers()
        assert 0 < worker.busySeconds() < 30
        assert worker.tasksDone == 1


class TestShutdown:
    async def test_it_drains(self, makeQueue):
        queue = makeQueue(1)
        calls = [queue.call(operator.add, i, 0) for i in range(100)]
        await queue.shutdown()
        assert await gatherResults(calls) == list(range(100))

    async def test_or_cancels_when_asked_to(self, makeQueue, tmp_path):
        queue = makeQueue(1)
        tasks = [queue.submit(jobs.forEver) for _ in range(3)]
        ended = queue.shutdown(cancel=True)
        for task in tasks:
            with pytest.raises(CancelledError):
                await task.deferred
        await ended

    async def test_a_call_after_it_errbacks(self, makeQueue):
        queue = makeQueue(1)
        await queue.shutdown()
        with pytest.raises(QueueRunError, match="has been shut down"):
            await queue.call(operator.add, 1, 1)

    async def test_no_process_is_left(self, makeQueue):
        queue = makeQueue(2)
        pids = [worker.pid for worker in queue.workers()]
        await queue.call(operator.add, 1, 1)
        await queue.shutdown()
        for pid in pids:
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)


def test_the_main_modules_top_level_must_not_make_queues(tmp_path):
    script = tmp_path / "unguarded.py"
    script.write_text(
        "from twisted.internet.task import react\n"
        "from aqlib import ProcessQueue\n"
        "def job():\n    return 1\n"
        "def main(reactor):\n    return ProcessQueue(1).call(job)\n"
        "react(main)\n"
    )
    done = subprocess.run([sys.executable, script], check=False, capture_output=True, text=True, timeout=60)
    assert 'under `if __name__ == "__main__":`' in done.stderr


class TestAsynQueuesNames:
    async def test_stats_are_the_times_of_each_call_here_and_in_its_process(self, makeQueue):
        queue = makeQueue(1, callStats=True)
        for _ in range(3):
            await queue.call(jobs.add, 1, 2)
        assert [item async for item in await queue.call(jobs.count, 5)] == [0, 1, 2, 3, 4]
        await queue.shutdown()
        assert len(queue.stats()) == 4
        assert all(here > there > 0 for here, there in queue.stats())

    async def test_there_are_none_unless_they_are_asked_for(self, queue):
        await queue.call(jobs.add, 1, 2)
        assert queue.stats() == []

    async def test_memUsage_is_that_of_the_process_in_kilobytes(self, queue):
        [worker] = queue.workers()
        await queue.call(jobs.put, "ballast", b"x" * 50_000_000)
        assert 50_000 < worker.memUsage() < 500_000
