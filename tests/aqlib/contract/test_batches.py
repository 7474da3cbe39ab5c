# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever is told something of a worker may do anything to it, while more of what it has said is still to be told."""

import operator

import pytest

from aqlib import CancelledError, ListConsumer, Observer, TaskState

from .. import jobs


class At(Observer):
    """Does something at every event of one kind."""

    def __init__(self, event, do):
        setattr(self, event, do)


async def test_a_stream_that_gave_way_goes_on_before_calls_of_its_own_niceness(queue, watcher):
    await queue.call(operator.add, 1, 1)
    stream = queue.submit(jobs.naturals, consumer=ListConsumer())
    await watcher.untilHappened("taskItems")
    later = await queue.call(operator.add, 1, 1, doNext=True).addCallback(lambda _: [queue.submit(operator.add, 1, 1)])
    assert later[0].isWaiting
    await watcher.untilHappened("taskResumed")
    stream.cancel()
    with pytest.raises(CancelledError):
        await stream.deferred
    assert await later[0].deferred == 2


async def test_the_items_of_a_stream_keep_their_order_when_an_observer_pauses_a_task(queue, watcher):
    await queue.call(operator.add, 1, 1)
    worker = queue.workers()[0]
    consumer = ListConsumer()
    other = queue.submit(jobs.naturals, niceness=1)
    await watcher.untilHappened("taskItems")
    queue.addObserver(At("taskItems", lambda *_: worker.pause(other)))
    stream = queue.submit(jobs.count, 100_000, consumer=consumer)
    await stream.deferred
    (await other.deferred).stop()
    assert stream.state is TaskState.DONE
    assert await consumer() == list(range(100_000))
