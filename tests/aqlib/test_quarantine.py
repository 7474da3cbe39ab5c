# SPDX-License-Identifier: GPL-3.0-or-later
"""A task that costs one process after the other its life is run no more by itself."""

import pytest
from twisted.python.failure import Failure

from aqlib import TaskQueue, WorkerLost
from aqlib.quarantine import MOST_DEATHS
from aqlib.testing import MemoryWorker, SteppedClock, Watcher, outcomeOf


@pytest.fixture
def clock():
    return SteppedClock()


@pytest.fixture
def worker():
    return MemoryWorker(ahead=2)


@pytest.fixture
def queue(worker, clock):
    return TaskQueue(worker, reactor=clock)


@pytest.fixture
def watcher(queue):
    watcher = Watcher()
    queue.addObserver(watcher)
    return watcher


def killing(queue, retries=100):
    return queue.submit(len, "", retries=retries, backoff=0.0, retryOn=WorkerLost, name="poison")


def die(worker, clock):
    """End the process of the worker while it runs its task."""
    worker.fail(WorkerLost(42, 9))
    clock.advance(0)


def test_after_three_deaths_it_fails_and_is_listed(queue, worker, clock, watcher):
    task = killing(queue)
    for _ in range(MOST_DEATHS - 1):
        die(worker, clock)
        assert queue.quarantined == []
        assert worker.task is task
    die(worker, clock)
    assert queue.quarantined == [task]
    assert watcher.happened("taskQuarantined") == [(task,)]
    [failure] = outcomeOf(task.deferred)
    assert isinstance(failure, Failure)
    assert failure.check(WorkerLost)
    assert worker.task is None


def test_it_can_be_run_again_by_hand(queue, worker, clock):
    task = killing(queue)
    for _ in range(MOST_DEATHS):
        die(worker, clock)
    outcomeOf(task.deferred)
    again = queue.retry(task)
    worker.step()
    assert outcomeOf(again.deferred) == [0]


def test_each_task_has_a_count_of_its_own_and_other_failures_do_not_count(queue, worker, clock):
    first = killing(queue, retries=MOST_DEATHS - 1)
    for _ in range(MOST_DEATHS - 1):
        die(worker, clock)
    worker.step()
    assert outcomeOf(first.deferred) == [0]
    second = queue.submit(len, "", retries=5, backoff=0.0)
    for _ in range(5):
        worker.fail(ValueError())
        clock.advance(0)
    worker.step()
    assert outcomeOf(second.deferred) == [0]
    assert queue.quarantined == []
    assert queue.dispatcher.quarantine.counts == {}


@pytest.mark.parametrize("isSuspect", [False, True])
def test_one_that_is_cancelled_when_the_death_is_told_is_not_remembered(queue, worker, isSuspect):
    task = queue.submit(len, "")
    outcomeOf(task.deferred)
    task.cancel()
    if isSuspect:
        worker.reporter.takenBack([task], WorkerLost(42, 9))
    else:
        worker.reporter.failed(task, Failure(WorkerLost(42, 9)))
    assert queue.dispatcher.quarantine.counts == {}


def test_one_whose_mere_arrival_kills_is_found_before_the_queue_degrades(queue, worker):
    running = queue.submit(len, "a")
    suspect, other = queue.submit(len, "b"), queue.submit(len, "c")
    for _ in range(MOST_DEATHS):
        assert suspect.isWaiting
        worker.sent.clear()
        worker.reporter.takenBack([suspect, other], WorkerLost(42, 9))
    assert queue.quarantined == [suspect]
    [failure] = outcomeOf(suspect.deferred)
    assert isinstance(failure, Failure)
    assert other.isWaiting
    assert running.isRunning
