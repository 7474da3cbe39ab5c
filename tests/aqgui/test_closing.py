# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from twisted.internet.task import Clock

from aqgui.closing import PATIENCE, Closing
from aqlib import CancelledError, TaskQueue
from aqlib.testing import MemoryWorker


@pytest.fixture
def worker():
    return MemoryWorker()


@pytest.fixture
def queue(worker):
    return TaskQueue(worker, reactor=Clock())


@pytest.fixture
def steps():
    return []


def make(queue, steps, failing=""):
    def step(name):
        def do():
            steps.append(name)
            if name == failing:
                raise OSError(name)

        return do

    return Closing(queue, *map(step, ("stop taking", "save", "end commands", "destroy", "stop")))


def test_the_order_is_stop_taking_save_end_the_workers_destroy_stop(queue, steps, worker):
    task = queue.submit(str, 1)
    task.deferred.addErrback(lambda failure: failure.trap(CancelledError))
    closing = make(queue, steps)
    closing.begin()
    assert task.isFinished
    assert worker.stopped
    assert steps == ["stop taking", "save", "end commands", "destroy", "stop"]
    assert queue.reactor.getDelayedCalls() == []


def test_it_is_done_once(queue, steps):
    closing = make(queue, steps)
    closing.prepare()
    assert steps == ["stop taking", "save"]
    closing.begin()
    closing.begin()
    assert len(steps) == 5


def test_a_step_that_fails_does_not_keep_the_others_from_being_done(queue, steps, loggedErrors):
    make(queue, steps, failing="save").begin()
    assert steps == ["stop taking", "save", "end commands", "destroy", "stop"]
    assert len(loggedErrors.flush(OSError)) == 1


def test_workers_that_do_not_end_are_ended(steps):
    class Stubborn(MemoryWorker):
        def abort(self, task):
            """It goes on."""

    queue = TaskQueue(Stubborn(), reactor=Clock())
    queue.submit(str, 1).deferred.addErrback(lambda failure: failure.trap(CancelledError))
    make(queue, steps).begin()
    assert steps == ["stop taking", "save"]
    queue.reactor.advance(PATIENCE)
    assert steps == ["stop taking", "save", "end commands", "destroy", "stop"]


def test_a_queue_that_is_shut_down_by_a_signal_ends_the_application(queue, steps):
    make(queue, steps)
    queue.shutdown()
    assert steps == ["stop taking", "save", "end commands", "destroy", "stop"]
