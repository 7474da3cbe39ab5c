# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever is told something may at once do something to the queue: every task is told of its end once all the same."""

from typing import Any

import pytest
from twisted.internet.defer import CancelledError
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from aqlib import ListConsumer, Observer, QueueRunError, TaskQueue, TaskState, WorkerError
from aqlib.testing import MemoryWorker, outcomeOf


@pytest.fixture
def worker():
    return MemoryWorker()


@pytest.fixture
def queue(worker):
    return TaskQueue(worker, reactor=Clock())


class When(Observer):
    """Does something whenever it is told an event, but not while it does it."""

    def __init__(self, event: str, do: Any) -> None:
        self._isDoing = False

        def told(*arguments: Any) -> None:
            if not self._isDoing:
                self._isDoing = True
                do(*arguments)
                self._isDoing = False

        setattr(self, event, told)


class TestObservers:
    def test_one_that_cancels_a_task_whose_result_is_at_hand_ends_it_first(self, queue, worker):
        # A worker that was sent calls ahead tells that the next has begun before it tells the result of the last.
        task = queue.submit(len, "")
        outcome = outcomeOf(task.deferred)
        queue.cancel([task])
        queue.dispatcher.succeeded(task, 0, None, None)
        queue.dispatcher.failed(task, Failure(ValueError()))
        assert (len(outcome), outcome[0].type, task.state) == (1, CancelledError, TaskState.CANCELLED)

    def test_one_that_cancels_a_task_whose_stream_begins_leaves_no_stream(self, queue, worker):
        task = queue.submit(iter, [], consumer=ListConsumer())
        outcome = outcomeOf(task.deferred)
        queue.cancel([task])
        worker.task = task
        worker.stream()
        assert (len(outcome), outcome[0].type, task.source) == (1, CancelledError, None)

    @pytest.mark.parametrize("event", ["taskQueued", "taskStarted", "taskFinished"])
    @pytest.mark.parametrize("deed", ["cancel", "call", "move", "setNiceness", "pause", "shutdown"])
    def test_one_may_do_anything_at_any_event(self, queue, worker, event, deed):
        def do(task):
            {
                "cancel": lambda: queue.cancel([task]),
                "call": lambda: outcomes.append(outcomeOf(queue.call(len, "inner"))),
                "move": lambda: queue.move([task, *queue.schedule]),
                "setNiceness": lambda: queue.setNiceness([task, *queue.schedule], 5),
                "pause": lambda: (queue.pause(), queue.resume()),
                "shutdown": queue.shutdown,
            }[deed]()

        queue.addObserver(When(event, do))
        outcomes: list[list[Any]] = []
        outcomes += [outcomeOf(queue.call(len, text)) for text in ("a", "bc", "def")]
        ended = outcomeOf(queue.shutdown())
        while worker.task is not None:
            worker.step()
        assert ended == [None]
        assert [len(outcome) for outcome in outcomes] == [1] * len(outcomes)

    def test_one_that_sends_the_worker_away_as_a_task_starts_keeps_the_task(self, queue, worker):
        observer = When("taskStarted", lambda task: queue.detachWorker(worker))
        queue.addObserver(observer)
        outcome = outcomeOf(queue.call(len, "ab"))
        assert len(queue.schedule) == 1
        queue.removeObserver(observer)
        other = MemoryWorker()
        queue.attachWorker(other)
        other.step()
        assert outcome == [2]

    def test_one_that_crashes_the_queue_as_a_task_starts_ends_all_tasks(self, queue, worker):
        queue.addObserver(When("taskStarted", lambda task: queue.shutdown(crash=True)))
        outcomes = [outcomeOf(queue.call(len, "")) for _ in range(3)]
        assert [outcome[0].type for outcome in outcomes] == [WorkerError, QueueRunError, QueueRunError]


class TestCallbacks:
    def test_a_callback_may_shut_the_queue_down(self, queue, worker):
        ended: list[Any] = []
        first, second = queue.call(len, "a"), outcomeOf(queue.call(len, "bc"))
        first.addCallback(lambda _: queue.shutdown(cancel=True).addCallback(ended.append) and None)
        worker.step()
        assert (ended, second[0].type) == ([None], CancelledError)

    def test_a_callback_that_raises_harms_nobody_else(self, queue, worker):
        first = outcomeOf(queue.call(len, "a").addCallback(lambda _: 1 / 0))
        second = outcomeOf(queue.call(len, "bc"))
        worker.step()
        worker.step()
        assert (first[0].type, second) == (ZeroDivisionError, [2])
