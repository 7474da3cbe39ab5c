# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever is told something of a worker may do anything to it, while more of what it has said is still to be told."""

import operator
import time
from typing import Any

import pytest
from twisted.internet.defer import DeferredList

from aqlib import CancelledError, ListConsumer, Observer, TaskState
from aqlib.testing import Watcher

from .. import jobs

# What somebody may do to a queue, its tasks and one of its workers.
DEEDS: dict[str, Any] = {
    "cancel": lambda queue, tasks, worker: queue.cancel(tasks),
    "call": lambda queue, tasks, worker: [queue.call(operator.add, 0, i, doNext=True) for i in range(3)],
    "move": lambda queue, tasks, worker: queue.move(tasks[::-1]),
    "setNiceness": lambda queue, tasks, worker: queue.setNiceness(tasks, -5),
    "pause the queue": lambda queue, tasks, worker: (queue.pause(), queue.resume()),
    "pause a task": lambda queue, tasks, worker: [(task.pause(), task.resume()) for task in tasks],
    "update": lambda queue, tasks, worker: queue.update(operator.add, 1, 1),
    "restart": lambda queue, tasks, worker: queue.restartWorker(worker),
    "kill": lambda queue, tasks, worker: queue.killWorker(worker),
    "detach": lambda queue, tasks, worker: queue.detachWorker(worker, reassign=True, crash=True),
    "add a worker": lambda queue, tasks, worker: queue.addWorkers(),
    "shutdown": lambda queue, tasks, worker: queue.shutdown(),
    "shutdown that cancels": lambda queue, tasks, worker: queue.shutdown(cancel=True),
    "shutdown that crashes": lambda queue, tasks, worker: queue.shutdown(crash=True),
}


class At(Observer):
    """Does something at every event of one kind."""

    def __init__(self, event, do):
        setattr(self, event, do)


async def test_a_stream_that_gave_way_goes_on_before_calls_of_its_own_niceness(queue, watcher):
    await queue.call(operator.add, 1, 1)
    stream = queue.submit(jobs.naturals, consumer=ListConsumer())
    await watcher.until(lambda: stream.items > 100_000)  # by then its credit is so wide that it never runs out
    # It takes so long that the stream is seen to have given way.
    later = await queue.call(time.sleep, 0.05, doNext=True).addCallback(lambda _: [queue.submit(operator.add, 1, 1)])
    assert later[0].isWaiting
    await watcher.untilHappened("taskResumed")
    stream.cancel()
    with pytest.raises(CancelledError):
        await stream.deferred
    assert await later[0].deferred == 2


async def test_the_items_of_a_stream_keep_their_order_when_an_observer_pauses_a_task(queue, watcher):
    await queue.call(operator.add, 1, 1)
    consumer = ListConsumer()
    other = queue.submit(jobs.naturals, niceness=1)
    await watcher.untilHappened("taskItems")

    def pauseForAMoment(*_):
        if other.pause():
            queue.reactor.callLater(0.001, other.resume)

    queue.addObserver(At("taskItems", pauseForAMoment))
    stream = queue.submit(jobs.count, 100_000, consumer=consumer)
    await stream.deferred
    (await other.deferred).stop()
    assert stream.state is TaskState.DONE
    assert await consumer() == list(range(100_000))


@pytest.mark.parametrize("event", ["taskFinished", "taskStarted"])
@pytest.mark.parametrize("deed", DEEDS)
async def test_every_task_is_told_its_end_once_whatever_is_done_in_the_middle(makeQueue, event, deed):
    queue, started = makeQueue(2), Watcher()
    queue.addObserver(started)
    await started.untilHappened("workerStarted", 2)
    await queue.call(operator.add, 1, 1)  # now it is known to be short
    worker = queue.workers()[0]
    told: list[Any] = []
    tasks: list[Any] = []
    done = False

    def do(*_):
        nonlocal done
        if not done and len(told) >= 10:
            done = True
            DEEDS[deed](queue, tasks, worker)

    for i in range(100):
        task = queue.submit(operator.add, i, 0)
        task.deferred.addBoth(told.append)
        tasks.append(task)
    queue.addObserver(At(event, do))
    await DeferredList([task.deferred for task in tasks])
    assert done
    assert len(told) == 100
    await queue.shutdown()
