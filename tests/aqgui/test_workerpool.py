# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from twisted.internet.defer import fail

from aqgui.workerpool import WorkerPool
from aqlib import ProcessQueue, WorkerState


@pytest.fixture
def queue(reactor, wait):
    queue = ProcessQueue(2, reactor=reactor)
    yield queue
    wait(queue.shutdown(cancel=True))


@pytest.fixture
def said():
    return []


@pytest.fixture
def pool(queue, said):
    return WorkerPool(queue, said.append)


async def test_workers_are_added_and_removed(queue, pool):
    pool.add()
    assert (pool.number, [worker.ID for worker in queue.workers()]) == (3, [1, 2, 3])
    pool.setNumber(1)
    assert pool.number == 1
    assert await queue.call(abs, -1) == 1


async def test_the_last_one_stays(pool):
    pool.setNumber(1)
    pool.remove()
    assert pool.number == 1


async def test_an_idle_one_goes_first(queue, pool):
    await queue.call(abs, -1)
    for worker in queue.workers():
        worker.state = WorkerState.IDLE
    busy = queue.workers()[-1]
    busy.state = WorkerState.BUSY
    pool.remove()
    assert [worker.ID for worker in queue.workers()] == [busy.ID]
    busy.state = WorkerState.IDLE


@pytest.mark.parametrize("how", ["raised", "errback"])
async def test_a_system_that_starts_no_more_processes_is_told(queue, pool, said, monkeypatch, how):
    def refuse(_):
        error = OSError(11, "Resource temporarily unavailable")
        if how == "raised":
            raise error
        return fail(error)

    monkeypatch.setattr(queue, "addWorkers", refuse)
    pool.add()
    [text] = said
    assert "Resource temporarily unavailable" in text
    assert "2 are running" in text
