# SPDX-License-Identifier: GPL-3.0-or-later
"""A running task is paused and resumed: its process, and what that has started, stands still meanwhile."""

import operator
import sys
from typing import Any

import pytest
from twisted.internet.defer import gatherResults
from twisted.internet.task import deferLater

from aqlib import CancelledError, ListConsumer, TaskQueue, TaskState, ThreadWorker, TimeoutError, WorkerLost
from aqlib.processes.procfs import sample

from .. import jobs
from ..faults.helpers import queueSees

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells in /proc that a process stands still")


def standsStill(task: Any) -> bool:
    found = sample(task.worker.pid)
    return found is not None and found.state == "T"


async def beginTask(queue, tmp_path, **options):
    begun, gate = str(tmp_path / "begun"), str(tmp_path / "gate")
    task = queue.submit(jobs.beginThenWait, begun, gate, **options)
    await queueSees(queue, begun)
    return task, gate


async def test_its_process_stands_still_until_it_is_resumed(queue, watcher, tmp_path):
    task, gate = await beginTask(queue, tmp_path)
    assert task.pause()
    assert task.state is TaskState.PAUSED
    while not standsStill(task):
        pass
    jobs.touch(gate)
    await deferLater(queue.reactor, 0.05)
    assert task.state is TaskState.PAUSED
    task.resume()
    assert await task.deferred == gate
    assert watcher.happened("taskPaused") == watcher.happened("taskResumed") == [(task,)]


async def test_what_was_sent_behind_it_runs_elsewhere_and_its_worker_takes_nothing(makeQueue, tmp_path):
    queue = makeQueue(2)
    await gatherResults([queue.call(operator.add, i, 1) for i in range(50)])
    task, _ = await beginTask(queue, tmp_path)
    assert task.pause()
    others = [queue.submit(operator.add, i, 1) for i in range(50)]
    assert await gatherResults([other.deferred for other in others]) == list(range(1, 51))
    assert {other.worker for other in others} == {*queue.workers()} - {task.worker}
    task.cancel()
    with pytest.raises(CancelledError):
        await task.deferred


async def test_its_time_out_stands_still_with_it(queue, tmp_path):
    task, _ = await beginTask(queue, tmp_path, timeout=0.3)
    assert task.pause()
    await deferLater(queue.reactor, 0.5)
    assert task.state is TaskState.PAUSED
    task.resume()
    with pytest.raises(TimeoutError):
        await task.deferred


@pytest.mark.parametrize("end", ["cancel", "kill", "shutdown"])
async def test_a_paused_task_can_be_ended(queue, tmp_path, end):
    task, gate = await beginTask(queue, tmp_path)
    assert task.pause()
    if end == "cancel":
        task.cancel()
        with pytest.raises(CancelledError):
            await task.deferred
    elif end == "kill":
        queue.killWorker(task.worker)
        with pytest.raises(WorkerLost):
            await task.deferred
    else:
        jobs.touch(gate)
        await queue.shutdown()
        assert await task.deferred == gate
        return
    assert await queue.call(operator.add, 1, 1) == 2


async def test_a_stream_stands_still_between_two_items_and_goes_on(queue):
    items, pauses = [], 0
    deferator = await queue.call(jobs.count, 100_000)
    [task] = queue.running()
    async for item in deferator:
        items.append(item)
        if item % 10_000 == 0 and task.pause():
            pauses += 1
            queue.reactor.callLater(0.01, task.resume)
    assert items == list(range(100_000))
    assert pauses > 0


async def test_a_paused_stream_that_nobody_wants_any_more_frees_its_worker(queue, watcher):
    deferator = await queue.call(jobs.naturals)
    [task] = queue.running()
    while not task.pause():  # it waits for its taker
        await next(deferator)
    deferator.stop()
    await watcher.untilHappened("taskFinished")
    assert await queue.call(operator.add, 1, 1) == 2


async def test_another_stream_that_gets_credit_meanwhile_does_not_wake_a_paused_one(queue, watcher, tmp_path):
    older = queue.submit(jobs.naturals, niceness=5, consumer=ListConsumer())
    await watcher.untilHappened("taskItems")
    younger = queue.submit(jobs.naturals)
    await watcher.until(lambda: younger.state is TaskState.SUSPENDED and older.state is TaskState.RUNNING)
    assert older.pause()
    deferator = await younger.deferred
    for _ in range(16):
        await deferator.__anext__()
    await deferLater(queue.reactor, 0.01)
    assert standsStill(older)
    older.resume()
    for i in range(100):
        assert await deferator.__anext__() == 16 + i
    deferator.stop()
    older.cancel()
    with pytest.raises(CancelledError):
        await older.deferred


async def test_what_does_not_run_on_a_process_is_not_paused(queue, reactor, wait, tmp_path):
    waiting = queue.submit(operator.add, 1, 1, series="nobody")
    assert not waiting.pause()
    waiting.cancel()
    with pytest.raises(CancelledError):
        await waiting.deferred
    done = queue.submit(operator.add, 1, 1)
    await done.deferred
    assert not done.pause()
    done.resume()
    threads = TaskQueue(ThreadWorker(), reactor=reactor)
    gate = str(tmp_path / "gate")
    task = threads.submit(jobs.untilThere, gate)
    assert not task.pause()
    jobs.touch(gate)
    assert await task.deferred == gate
    await threads.shutdown()
