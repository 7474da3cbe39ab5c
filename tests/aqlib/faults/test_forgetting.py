# SPDX-License-Identifier: GPL-3.0-or-later
"""A program forgets its queue. Named after the row of the fault catalogue."""

import gc
import operator
import os
import weakref
from typing import Any

from twisted.internet.task import deferLater

from aqlib import Observer, ProcessQueue

from .. import jobs
from .helpers import ended


async def collected(reactor):
    """Let the garbage collector run, when no call is on the way that would still know the queue."""
    await deferLater(reactor, 0)
    gc.collect()


async def test_d54_the_workers_of_a_queue_that_nobody_has_any_more_end(reactor):
    forgotten = ProcessQueue(2, reactor=reactor)
    pids = await forgotten.update(os.getpid)
    assert await forgotten.call(operator.add, 1, 1) == 2
    del forgotten
    await collected(reactor)
    for pid in pids:
        assert await ended(reactor, pid)


async def test_d54_a_queue_that_nobody_has_any_more_ends_its_tasks_before(reactor, queue, tmp_path):
    gate = str(tmp_path / "gate")
    forgotten = ProcessQueue(1, reactor=reactor)
    [pid] = await forgotten.update(os.getpid)
    running = forgotten.call(jobs.untilThere, gate)
    waiting = [forgotten.call(operator.add, i, 1) for i in range(10)]
    del forgotten
    await queue.call(jobs.touch, gate)
    assert await running == gate
    assert [await one for one in waiting] == list(range(1, 11))
    await collected(reactor)
    assert await ended(reactor, pid)


async def test_d54_a_queue_that_has_been_shut_down_is_collected(reactor):
    queue = ProcessQueue(1, reactor=reactor)
    observer: Any = Observer()
    observer.queue = queue
    queue.addObserver(observer)
    assert await queue.call(operator.add, 1, 1) == 2
    await queue.shutdown()
    remembered = weakref.ref(queue)
    del queue, observer
    await collected(reactor)
    assert remembered() is None


async def test_d54_a_queue_that_nobody_has_any_more_makes_its_update_before(reactor):
    update = ProcessQueue(1, reactor=reactor).update(os.getpid)
    await collected(reactor)
    [pid] = await update
    del update
    await collected(reactor)
    assert await ended(reactor, pid)
