# SPDX-License-Identifier: GPL-3.0-or-later
"""Updates that go wrong, and workers that share a queue but not a ProcessQueue."""

import threading

import pytest
from twisted.internet.defer import gatherResults

from aqlib import EncodingError, ProcessWorker, QueueRunError, TaskQueue

from .. import jobs


async def test_one_that_fails_on_a_worker_that_comes_later_is_a_failed_start(makeQueue, loggedErrors):
    queue = makeQueue(1)
    with pytest.raises(ValueError, match="not here"):
        await queue.update(jobs.fail, "not here")
    queue.detachWorker(1)
    added = queue.addWorkers(1)
    with pytest.raises(QueueRunError, match="not here"):
        await queue.call(jobs.pid)
    assert queue.isDegraded
    await added
    assert loggedErrors.flush() != []


async def test_one_that_cannot_be_pickled_is_told_and_asked_of_no_later_worker(makeQueue):
    queue = makeQueue(1)
    with pytest.raises(EncodingError):
        await queue.update(jobs.giveBack, threading.Lock())
    queue.killWorker(1)
    assert await queue.call(jobs.add, 1, 2) == 3


async def test_it_is_pickled_as_it_is_when_it_is_made_even_if_no_worker_is_there(makeQueue):
    queue = makeQueue(1)
    await queue.detachWorker(1)
    value = ["before"]
    assert await queue.update(jobs.put, "key", value) == []
    value.append("after")
    await queue.addWorkers(1)
    assert await queue.call(jobs.get, "key") == ["before"]


async def test_workers_made_by_hand_make_updates_and_know_residents_too(reactor):
    queue = TaskQueue(ProcessWorker(), ProcessWorker(), reactor=reactor)
    counter = jobs.Counter(5)
    assert await queue.update(counter.add, 1) == [6, 6]
    queue.attachWorker(ProcessWorker())
    calls = [queue.using(series=worker.ID).call(counter) for worker in queue.workers()]
    for worker in queue.workers():
        queue.qualifyWorker(worker, worker.ID)
    assert await gatherResults(calls) == [6, 6, 6]
    await queue.shutdown()


async def test_a_resident_that_cannot_be_rebuilt_is_the_error_of_each_call_with_it(queue):
    broken = jobs.BrokenResident()
    for _ in range(2):
        with pytest.raises(ValueError, match="cannot be unpickled"):
            await queue.call(jobs.giveBack, broken)
