# SPDX-License-Identifier: GPL-3.0-or-later
"""Every change that the panels show is told to observers."""

import pytest
from twisted.internet.defer import CancelledError
from twisted.internet.task import Clock

from aqlib import Observer, TaskQueue, TaskState, WorkerLost, WorkerState
from aqlib.observers import Observers
from aqlib.testing import MemoryWorker, Watcher

from . import jobs
from .faults.helpers import queueSees


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def watched(clock):
    """A queue with a worker in memory, and what is told of it."""
    queue = TaskQueue(MemoryWorker(), reactor=clock)
    watcher = Watcher()
    queue.addObserver(watcher)
    return queue, queue.workers(1), watcher


def names(watcher):
    return [name for name, _ in watcher.events]


class TestTasks:
    def test_a_call_is_queued_started_and_finished(self, watched):
        queue, worker, watcher = watched
        task = queue.submit(len, "")
        worker.progress(1, 2, "half")
        worker.step()
        assert watcher.events == [
            ("taskQueued", (task,)),
            ("taskStarted", (task,)),
            ("taskProgress", (task,)),
            ("taskFinished", (task,)),
        ]

    def test_at_each_event_the_task_is_in_its_new_state(self, watched):
        queue, worker, _ = watched
        states = []

        class States(Observer):
            def taskQueued(self, task):
                states.append(task.state)

            taskStarted = taskStopping = taskFinished = taskQueued

        queue.addObserver(States())
        task = queue.submit(iter, [])
        worker.stream().stop()
        worker.succeed()
        assert task.state is TaskState.DONE
        assert states == [TaskState.WAITING, TaskState.RUNNING, TaskState.STOPPING, TaskState.DONE]

    def test_a_stream_tells_its_items_that_it_gives_way_and_goes_on_and_that_it_is_stopped(self, watched):
        queue, worker, watcher = watched
        task = queue.submit(iter, [])
        source = worker.stream()
        worker.reporter.streamed(task, 3)
        worker.reporter.suspended(task)
        worker.reporter.resumed(task)
        source.stop()
        worker.succeed()
        assert watcher.events[2:] == [
            ("taskItems", (task, 3)),
            ("taskSuspended", (task,)),
            ("taskResumed", (task,)),
            ("taskStopping", (task,)),
            ("taskFinished", (task,)),
        ]

    def test_output_is_told_with_its_task_its_worker_and_its_stream(self, watched):
        queue, worker, watcher = watched
        task = queue.submit(len, "")
        worker.reporter.wrote(worker, task, "stdout", "hello")
        assert watcher.happened("taskOutput") == [(task, worker, "stdout", "hello")]

    def test_one_event_tells_all_tasks_that_were_moved_or_re_niced_together(self, watched):
        queue, _, watcher = watched
        queue.pause()
        tasks = [queue.submit(len, "") for _ in range(4)]
        queue.move(tasks[2:], before=tasks[0])
        queue.setNiceness(tasks[:2], 3)
        assert watcher.happened("tasksMoved") == [(tasks[2:],), (tasks[:2],)]

    def test_a_cancelled_task_is_finished_before_its_deferred_fires(self, watched):
        queue, _, watcher = watched
        task = queue.submit(len, "")
        task.deferred.addErrback(lambda failure: watcher.events.append(("fired", (failure.type,))))
        task.cancel()
        assert watcher.events[-2:] == [("taskFinished", (task,)), ("fired", (CancelledError,))]


class TestObserversThatAct:
    def test_a_task_that_one_cancels_as_it_starts_never_reaches_its_worker(self, watched):
        queue, worker, _ = watched

        class Canceller(Observer):
            def taskStarted(self, task):
                if task.name == "len":
                    task.cancel()

        queue.addObserver(Canceller())
        queue.call(len, "").addErrback(lambda failure: failure.trap(CancelledError))
        other = queue.submit(abs, -1)
        assert worker.task is other
        worker.step()
        assert other.state is TaskState.DONE

    def test_one_may_pause_the_queue_as_a_task_starts(self, watched):
        queue, worker, _ = watched
        other = MemoryWorker()
        queue.attachWorker(other)

        class Pauser(Observer):
            def taskStarted(self, task):
                queue.pause()

        queue.addObserver(Pauser())
        queue.pause()
        for _ in range(2):
            queue.submit(len, "")
        queue.resume()
        assert (worker.task is None, other.task is None) == (False, True)


class TestWorkers:
    def test_one_comes_and_goes(self, watched):
        queue, _, watcher = watched
        worker = MemoryWorker()
        queue.attachWorker(worker)
        queue.detachWorker(worker)
        assert watcher.events == [("workerAttached", (worker,)), ("workerGone", (worker,))]

    def test_what_becomes_of_its_process_is_told(self, watched):
        _, worker, watcher = watched
        error = WorkerLost(1)
        worker.reporter.lost(worker, error)
        worker.reporter.replaced(worker)
        worker.reporter.started(worker)
        assert names(watcher) == ["workerLost", "workerReplaced", "workerStarted"]
        assert watcher.happened("workerLost") == [(worker, error)]

    async def test_one_that_was_stopping_is_told_to_be_free_again(self, reactor, makeQueue, tmp_path):
        queue = makeQueue(1)
        watcher = Watcher()
        queue.addObserver(watcher)
        begun, ended = str(tmp_path / "begun"), str(tmp_path / "ended")
        task = queue.submit(jobs.untilCancelled, begun, ended)
        await queueSees(queue, begun)
        task.deferred.addErrback(lambda failure: failure.trap(CancelledError))
        task.cancel()
        assert queue.workers(1).state is WorkerState.STOPPING
        await watcher.untilHappened("workerFreed")
        assert queue.workers(1).state is WorkerState.IDLE


class TestQueue:
    def test_its_changes_are_told_once_each(self, watched, loggedErrors):
        queue, _, _ = watched
        states = []

        class States(Observer):
            def queueChanged(self, changed):
                assert changed is queue
                states.append((queue.isPaused, queue.isDegraded, queue.isRunning()))

        queue.addObserver(States())
        for change in (queue.pause, queue.pause, queue.resume, queue.resume, queue.recover):
            change()
        queue.degrade("no luck")
        queue.recover()
        queue.shutdown()
        assert states == [
            (True, False, True),
            (False, False, True),
            (False, True, True),
            (False, False, True),
            (False, False, False),
        ]
        loggedErrors.flush()


class TestObservers:
    def test_adding_one_twice_is_adding_it_once(self):
        observers, watcher = Observers(), Watcher()
        observers.add(watcher)
        observers.add(watcher)
        observers.tell(Observer.queueChanged, None)
        assert len(watcher.events) == 1

    def test_one_that_was_removed_is_told_no_more(self):
        observers, watcher = Observers(), Watcher()
        observers.add(watcher)
        observers.remove(watcher)
        observers.remove(watcher)
        observers.tell(Observer.queueChanged, None)
        assert watcher.events == []
        assert observers.all == ()

    def test_one_may_remove_itself_while_it_is_told(self):
        observers, last = Observers(), Watcher()

        class Once(Observer):
            def queueChanged(self, queue):
                observers.remove(self)

        observers.add(Once())
        observers.add(last)
        observers.tell(Observer.queueChanged, None)
        assert len(last.events) == 1

    def test_one_that_raises_is_dropped_and_the_others_are_told(self, loggedErrors):
        observers, watcher = Observers(), Watcher()

        class Bad(Observer):
            def queueChanged(self, queue):
                raise ZeroDivisionError

        observers.add(Bad())
        observers.add(watcher)
        observers.tell(Observer.queueChanged, None)
        observers.tell(Observer.queueChanged, None)
        assert len(watcher.events) == 2
        [event] = loggedErrors.flush(ZeroDivisionError)
        assert "told no more" in event["log_format"]
