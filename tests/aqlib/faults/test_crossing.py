# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages that cross: what was sent to a process before it had been heard what that went on with meanwhile.

Each test is named after its row of the fault catalogue. While a test waits by `untilThere`, nothing is read here.
"""

import operator

import pytest
from twisted.internet.task import deferLater

from aqlib import CancelledError, ListConsumer, TaskState, TimeoutError

from .. import jobs
from .helpers import PausedAtFirst


@pytest.fixture(autouse=True)
def everythingMeasuredIsShort(monkeypatch):
    """What has run once is sent ahead, however slow the machine was just then."""
    monkeypatch.setattr("aqlib.processes.worker.AHEAD", 60.0)


async def untilStreams(queue, task):
    """Wait until it has been heard here that the task gives a stream."""
    while task.source is None:
        await deferLater(queue.reactor, 0)


async def test_d50_a_stream_that_hangs_between_two_calls_is_ended_by_its_time_out(queue, watcher, tmp_path):
    await queue.call(operator.add, 1, 0)
    begun, consumer = str(tmp_path / "begun"), PausedAtFirst()
    hangs = queue.submit(jobs.giveAndHang, begun, 20, consumer=consumer, timeout=2)
    await watcher.until(lambda: hangs.state is TaskState.SUSPENDED)
    first = queue.submit(operator.add, 1, 1)
    consumer.producer.resumeProducing()
    second = queue.submit(operator.add, 1, 2)
    queue.pause()  # that takes it back, and sends all that has waited to be sent
    jobs.untilThere(begun)
    queue.resume()
    assert await first.deferred == 2
    await watcher.untilHappened("taskResumed")
    assert second.isWaiting
    assert hangs.state is TaskState.RUNNING
    with pytest.raises(TimeoutError):
        await hangs.deferred
    assert await second.deferred == 3


@pytest.mark.parametrize("end", ["time-out", "cancel"])
async def test_d50_a_stream_that_hangs_before_an_update_is_ended(queue, tmp_path, end):
    await queue.call(operator.add, 1, 1)
    begun = str(tmp_path / "begun")
    timeout = 2 if end == "time-out" else None
    hangs = queue.submit(jobs.giveAndHang, begun, 0, timeout=timeout, consumer=ListConsumer())
    jobs.untilThere(begun)
    updated = queue.update(operator.add, 1, 1)
    await untilStreams(queue, hangs)
    assert hangs.state is TaskState.RUNNING
    if end == "cancel":
        hangs.cancel()
    with pytest.raises(CancelledError if end == "cancel" else TimeoutError):
        await hangs.deferred
    assert await updated == [2]


async def test_c49_an_update_is_made_between_two_items_of_a_stream_though_it_came_before_that_was_known(
    queue, tmp_path
):
    await queue.call(operator.add, 1, 1)
    begun, gate, updated = (str(tmp_path / name) for name in ("begun", "gate", "updated"))
    consumer = ListConsumer()
    stream = queue.submit(jobs.waitForEach, begun, gate, updated, consumer=consumer)
    jobs.untilThere(begun)
    update = queue.update(jobs.touch, updated)  # the stream waits for it
    await untilStreams(queue, stream)
    jobs.touch(gate)
    await update
    await stream.deferred
    assert await consumer() == [begun, gate, updated]


async def test_c49_so_is_a_call_and_its_time_out_runs_as_soon_as_it_has_begun(queue, watcher, tmp_path):
    await queue.call(jobs.call, operator.add, 1, 0)
    begun, gate = str(tmp_path / "begun"), str(tmp_path / "gate")
    stream = queue.submit(jobs.call, jobs.waitForEach, begun, gate)
    jobs.untilThere(begun)
    hangs = queue.submit(jobs.call, jobs.forEver, timeout=2)
    deferator = await stream.deferred
    assert hangs.isWaiting
    jobs.touch(gate)
    await watcher.until(lambda: hangs.state is TaskState.RUNNING)
    assert stream.state is TaskState.SUSPENDED
    with pytest.raises(TimeoutError):
        await hangs.deferred
    deferator.stop()
