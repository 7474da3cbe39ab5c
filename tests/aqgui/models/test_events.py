# SPDX-License-Identifier: GPL-3.0-or-later
import time

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QAbstractItemModelTester
from twisted.internet.task import Clock
from twisted.logger import Logger, LogLevel, LogPublisher
from twisted.python.failure import Failure

from aqgui.models.eventmodel import EventModel
from aqgui.models.events import MOST_KEPT, Event, EventLog, Severity
from aqlib import MemoryLimitExceeded, TaskQueue, WorkerLost
from aqlib.quarantine import MOST_DEATHS
from aqlib.testing import MemoryWorker


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def log(clock):
    return EventLog(clock.seconds)


@pytest.fixture
def worker():
    return MemoryWorker()


@pytest.fixture
def queue(clock, log, worker):
    queue = TaskQueue(reactor=clock)
    queue.addObserver(log)
    queue.attachWorker(worker)
    return queue


def texts(log):
    return [event.text for event in log.events]


def test_workers_that_come_die_and_go_are_told(queue, log, worker):
    log.workerLost(worker, WorkerLost(7, 9, begun="f()"))
    log.workerReplaced(worker)
    queue.detachWorker(worker)
    assert texts(log) == [
        "Worker 1 started.",
        "Worker process 7 ended by SIGKILL while it ran f().",
        "Worker 1 was replaced by a new process (None).",
        "Worker 1 stopped.",
    ]
    assert [event.severity for event in log.events][1] is Severity.WARNING


def test_a_task_that_failed_is_told_with_its_traceback_and_others_are_not(queue, log, worker):
    queue.call(str, 1)
    worker.step()
    queue.using(name="my task").call(int, "x").addErrback(lambda failure: failure.trap(ValueError))
    worker.step()
    [event] = list(log.events)[1:]
    assert event.text == "'my task' failed: ValueError: invalid literal for int() with base 10: 'x'"
    assert event.severity is Severity.ERROR
    assert "Traceback" in event.details


def test_an_attempt_that_failed_is_a_warning(queue, log, worker):
    queue.call(int, "x", name="my task", retries=1)
    worker.step()
    assert texts(log)[-1].startswith("'my task' failed and will be retried: ValueError")
    assert log.events[-1].severity is Severity.WARNING


def test_a_task_in_quarantine_is_one_entry_that_says_what_it_cost_and_what_can_be_done(queue, log, worker, clock):
    queue.call(str, 1, name="poison", retries=9, backoff=0.0, retryOn=WorkerLost).addErrback(lambda _: None)
    for _ in range(MOST_DEATHS):
        worker.fail(WorkerLost(7, 11))
        clock.advance(0)
    *attempts, event = list(log.events)[1:]
    assert len(attempts) == MOST_DEATHS - 1
    assert event.text == "'poison' killed 3 workers and is in quarantine. Use Retry to run it again."
    assert event.severity is Severity.ERROR
    assert "and retry it" in event.details
    assert "ended by SIGSEGV" in event.details
    queue.call(int, "x", name="another").addErrback(lambda _: None)
    worker.step()
    assert texts(log)[-1].startswith("'another' failed: ValueError")


def test_of_a_process_that_took_too_much_memory_it_is_told_how_much(queue, log, worker):
    error = MemoryLimitExceeded(7, 9, begun="f()", hint="It was ended. It had 512 MB of memory; the limit is 100 MB.")
    log.workerLost(worker, error)
    queue.call(str, 1, name="hog").addErrback(lambda _: None)
    worker.fail(error)
    said = "Worker process 7 was ended. It had 512 MB of memory; the limit is 100 MB."
    assert texts(log)[1:] == [said, f"'hog' failed: {said}"]
    assert "ended by SIGKILL while it ran f()" in log.events[-1].details


def test_what_a_worker_says_between_tasks_is_told(queue, log, worker):
    log.workerOutput(worker, "log", "WARNING x: slow\nbecause\n")
    log.workerOutput(worker, "stdout", "fine\n")
    log.workerOutput(worker, "stdout", "\n")
    log.taskOutput(queue.submit(str, 1), worker, "stdout", "the task's own")
    assert texts(log)[1:] == ["Output of memory 1: WARNING x: slow", "Output of memory 1: fine"]
    assert [(event.severity, event.details) for event in log.events][1:] == [
        (Severity.WARNING, "WARNING x: slow\nbecause"), (Severity.INFO, ""),
    ]  # fmt: skip


def test_what_the_queue_is_now_is_told(queue, log, loggedErrors):
    queue.pause()
    queue.resume()
    queue.degrade("They die.")
    assert texts(log)[1:] == [
        "The queue is paused.", "The queue was resumed.", "The queue gave up on its workers: They die.",
    ]  # fmt: skip
    loggedErrors.flush()


def test_warnings_and_errors_of_twisteds_log_are_events(log, clock):
    publisher = LogPublisher(log)
    logger = Logger(namespace="test", observer=publisher)
    clock.advance(5)
    logger.info("nothing to see")
    logger.emit(LogLevel.warn, "look: {what}", what="here")
    logger.failure("it broke", Failure(ValueError("odd")))
    assert [(event.time, event.severity, event.text) for event in log.events] == [
        (5, Severity.WARNING, "look: here"), (5, Severity.ERROR, "it broke"),
    ]  # fmt: skip
    assert "ValueError: odd" in log.events[-1].details


def test_whoever_wants_to_know_is_called(log):
    told: list[Event] = []
    log.added = told.append
    log.add(Severity.INFO, "a")
    assert [event.text for event in told] == ["a"]


class TestModel:
    @pytest.fixture
    def model(self, log, clock, qapp):
        model = EventModel(log, time.gmtime)
        tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
        yield model
        del tester

    def test_new_events_come_at_its_end(self, model, log, clock):
        log.add(Severity.INFO, "one")
        model.refresh()
        clock.advance(3661)
        log.add(Severity.ERROR, "two", "why")
        model.refresh()
        rows = [[model.index(row, column).data() for column in (0, 1)] for row in range(model.rowCount())]
        assert rows == [["00:00:00", "one"], ["01:01:01", "✕ two"]]
        assert (model.detailsOf(0), model.detailsOf(1)) == ("", "why")
        assert model.headerData(1, Qt.Horizontal) == "Event"

    def test_the_oldest_go_when_there_are_too_many(self, model, log):
        for i in range(MOST_KEPT + 10):
            log.add(Severity.INFO, str(i))
            if i % 500 == 0:
                model.refresh()
        model.refresh()
        assert model.rowCount() == MOST_KEPT
        assert model.index(0, 1).data() == "10"

    def test_a_cleared_log_is_empty(self, model, log):
        log.add(Severity.INFO, "one")
        model.refresh()
        log.clear()
        model.refresh()
        assert model.rowCount() == 0
