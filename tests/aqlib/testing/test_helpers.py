# SPDX-License-Identifier: GPL-3.0-or-later
"""The helpers that users' tests can take, and the worker that is stepped by hand."""

import pytest
from twisted.internet.defer import CancelledError, Deferred, fail
from twisted.python.failure import Failure

from aqlib import ListConsumer, TaskQueue, TaskState, WorkerError
from aqlib.testing import MemoryWorker, SteppedClock, Watcher, outcomeOf


@pytest.fixture
def worker():
    return MemoryWorker(series=["special"])


@pytest.fixture
def queue(worker):
    return TaskQueue(worker, reactor=SteppedClock())


def test_outcomeOf_shows_the_result_when_it_is_there():
    deferred: Deferred[int] = Deferred()
    outcome = outcomeOf(deferred)
    assert outcome == []
    deferred.callback(3)
    assert outcome == [3]


def test_outcomeOf_handles_an_error():
    assert outcomeOf(fail(OSError()))[0].check(OSError)


def test_a_watcher_fires_when_what_is_waited_for_has_happened(queue, worker):
    watcher = Watcher()
    queue.addObserver(watcher)
    twice = outcomeOf(watcher.untilHappened("taskFinished", 2))
    for _ in range(2):
        assert twice == []
        queue.call(len, "")
        worker.step()
    assert twice == [None]
    assert len(watcher.happened("taskQueued")) == 2


def test_a_memory_worker_does_nothing_until_it_is_stepped(queue, worker):
    outcome = outcomeOf(queue.call(len, "abc", series="special"))
    assert (outcome, worker.taskNow.call.args) == ([], ("abc",))
    worker.step()
    assert outcome == [3]


def test_it_succeeds_and_fails_and_streams_as_the_test_says(queue, worker):
    consumer = ListConsumer()
    outcomes = [outcomeOf(queue.call(len, "")), outcomeOf(queue.call(len, "", consumer=consumer))]
    worker.succeed(42)
    source = worker.stream()
    source.feed([1, 2])
    worker.succeed()
    assert outcomes == [[42], [consumer]]
    assert outcomeOf(consumer()) == [[1, 2]]


def test_it_fails_with_an_exception_or_a_failure(queue, worker):
    outcomes = [outcomeOf(queue.call(len, "")), outcomeOf(queue.call(len, ""))]
    worker.fail(OSError("full"))
    worker.fail(Failure(OSError("full")))
    assert all(outcome[0].check(OSError) for outcome in outcomes)


def test_without_a_task_it_says_so(queue, worker):
    with pytest.raises(AssertionError, match="has no task"):
        worker.step()


def test_its_task_can_be_paused_and_does_nothing_until_it_is_resumed(queue, worker):
    task, other = queue.submit(len, "ab", timeout=5), queue.submit(len, "")
    assert task.pause()
    assert (task.state, worker.paused) == (TaskState.PAUSED, task)
    with pytest.raises(AssertionError, match="paused"):
        worker.step()
    queue.reactor.advance(100)
    task.resume()
    assert (task.state, worker.paused) == (TaskState.RUNNING, None)
    worker.step()
    assert (outcomeOf(task.deferred), worker.task) == ([2], other)


@pytest.mark.parametrize("end", ["cancel", "crash", "shutdown"])
def test_a_paused_task_can_be_ended(queue, worker, end):
    task = queue.submit(len, "ab")
    outcome = outcomeOf(task.deferred)
    assert task.pause()
    if end == "cancel":
        task.cancel()
        assert (outcome[0].type, queue.submit(len, "").isRunning) == (CancelledError, True)
    elif end == "crash":
        queue.detachWorker(worker, crash=True)
        assert outcome[0].type is WorkerError
    else:
        ended = outcomeOf(queue.shutdown())
        worker.step()
        assert (outcome, ended) == ([2], [None])


def test_what_was_sent_behind_a_paused_task_is_given_back():
    worker = MemoryWorker(ahead=2)
    queue = TaskQueue(worker, reactor=SteppedClock())
    task, behind = queue.submit(len, "ab"), queue.submit(len, "")
    assert worker.sent == [behind]
    assert task.pause()
    assert worker.sent == []
    assert not behind.pause()
    task.resume()
    assert worker.sent == [behind]
