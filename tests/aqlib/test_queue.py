# SPDX-License-Identifier: GPL-3.0-or-later
"""The public face of a queue, with workers in memory and a clock stepped by hand."""

import operator
from typing import Any

import pytest
from twisted.internet.defer import CancelledError
from twisted.internet.interfaces import IConsumer
from twisted.internet.task import Clock
from zope.interface import implementer

from aqlib import ImplementationError, ListConsumer, QueueRunError, TaskQueue, TaskState, WorkerError
from aqlib.testing import MemoryWorker, outcomeOf


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def queue(clock):
    return TaskQueue(reactor=clock)


@pytest.fixture
def worker(queue):
    theWorker = MemoryWorker()
    queue.attachWorker(theWorker)
    return theWorker


class TestPause:
    def test_no_task_begins_until_resume(self, queue, worker):
        queue.pause()
        task = queue.submit(len, "")
        assert worker.task is None
        queue.resume()
        assert worker.task is task


class TestUpdate:
    def test_it_gives_the_results_of_the_present_workers(self, queue, worker):
        assert outcomeOf(queue.update(operator.add, 1, 2)) == [[3]]

    def test_later_workers_make_the_same_calls_in_order(self, queue):
        queue.update(len, "a")
        queue.update(len, "b", ephemeral=True)
        queue.update(len, "c", replaces="key")
        queue.update(len, "d", replaces="key")
        late = MemoryWorker()
        queue.attachWorker(late)
        assert [call.args for call in late.updates] == [("a",), ("d",)]

    def test_a_consumer_is_refused(self, queue):
        with pytest.raises(ValueError, match="no consumer"):
            queue.update(len, consumer=ListConsumer())


class TestWorkers:
    def test_what_is_no_worker_is_refused(self, queue):
        [failure] = outcomeOf(queue.attachWorker(object()))
        assert failure.check(ImplementationError)
        assert "IWorker" in failure.getErrorMessage()

    def test_a_detached_one_finishes_its_task(self, queue, worker):
        outcome = outcomeOf(queue.call(len, "ab"))
        left = outcomeOf(queue.detachWorker(worker))
        assert left == []
        worker.step()
        assert (outcome, left) == ([2], [[]])
        assert len(queue) == 0

    def test_a_crashed_ones_task_is_put_back_where_it_was(self, queue, worker):
        first, second = queue.submit(len, "a"), queue.submit(len, "b")
        left = outcomeOf(queue.detachWorker(worker, reassign=True, crash=True))
        assert left == [[first]]
        assert list(queue.schedule) == [first, second]

    def test_so_is_a_call_that_was_sent_ahead_and_has_begun_without_a_word(self, queue):
        class Silent(MemoryWorker):
            def takeBack(self):
                """All that was sent has begun."""

            def crash(self):
                return [*super().crash(), *self.sent]

        queue.attachWorker(Silent(ahead=1))
        first, second, third = (queue.submit(len, text) for text in "abc")
        assert outcomeOf(queue.detachWorker(1, reassign=True, crash=True)) == [[first, second]]
        assert list(queue.schedule) == [first, second, third]
        queue.attachWorker(MemoryWorker(ahead=1))
        assert (first.isRunning, second.sentTo) == (True, queue.workers(2))


class TestShutdown:
    def test_it_drains_the_queue_first(self, queue, worker):
        outcomes = [outcomeOf(queue.call(len, text)) for text in ("a", "bc")]
        done = outcomeOf(queue.shutdown())
        worker.step()
        assert done == []
        worker.step()
        assert (outcomes, done) == ([[1], [2]], [None])

    def test_with_cancel_it_cancels_what_waits_and_runs(self, queue, worker):
        outcomes = [outcomeOf(queue.call(len, text)) for text in ("a", "bc")]
        assert outcomeOf(queue.shutdown(cancel=True)) == [None]
        assert all(outcome[0].check(CancelledError) for outcome in outcomes)

    def test_it_leaves_no_call_at_the_clock(self, queue, worker, clock):
        queue.attachWorker(MemoryWorker())
        waiting = outcomeOf(queue.call(len, "", series="special"))
        queue.qualifyWorker(worker, "other")
        assert clock.getDelayedCalls() != []  # an idle worker may take what was sent to another one
        assert outcomeOf(queue.shutdown()) == [None]
        assert (waiting[0].type, clock.getDelayedCalls()) == (QueueRunError, [])

    def test_a_call_after_it_errbacks(self, queue, worker):
        queue.shutdown()
        assert outcomeOf(queue.call(len, ""))[0].check(QueueRunError)

    def test_it_may_cancel_what_waits_alone(self, queue, worker):
        running, waiting = [outcomeOf(queue.call(len, text)) for text in ("a", "bc")]
        done = outcomeOf(queue.shutdown(cancelWaiting=True))
        assert waiting[0].check(CancelledError)
        worker.step()
        assert (running, done) == ([1], [None])

    def test_a_crash_ends_workers_at_once(self, queue, worker):
        running, waiting = [outcomeOf(queue.call(len, text)) for text in ("a", "bc")]
        assert outcomeOf(queue.shutdown(crash=True)) == [None]
        assert running[0].check(WorkerError)
        assert waiting[0].check(CancelledError)

    def test_a_crash_ends_those_too_that_are_leaving(self, queue, worker):
        running = outcomeOf(queue.call(len, "a"))
        left = outcomeOf(queue.detachWorker(worker))
        assert outcomeOf(queue.shutdown(crash=True)) == [None]
        assert running[0].check(WorkerError)
        assert len(left) == 1

    def test_a_paused_queue_drains_too(self, queue, worker):
        queue.pause()
        outcome = outcomeOf(queue.call(len, "ab"))
        done = outcomeOf(queue.shutdown())
        worker.step()
        assert (outcome, done) == ([2], [None])

    def test_one_that_cancels_begins_nothing_of_a_paused_queue(self, queue, worker):
        queue.pause()
        task = queue.submit(len, "")
        outcomeOf(task.deferred)
        queue.shutdown(cancelWaiting=True)
        assert task.state is TaskState.CANCELLED

    def test_whenShutDown_fires_at_its_end_and_asks_for_nothing(self, queue, worker):
        ended = outcomeOf(queue.whenShutDown())
        assert ended == []
        queue.shutdown()
        assert (ended, outcomeOf(queue.whenShutDown())) == ([None], [None])

    def test_what_no_worker_serves_fails_and_does_not_keep_it(self, queue, worker):
        outcome = outcomeOf(queue.call(len, "", series="nobody's"))
        assert outcomeOf(queue.shutdown()) == [None]
        assert outcome[0].check(QueueRunError)
        assert "nobody's" in outcome[0].getErrorMessage()

    def test_no_worker_comes_after_it(self, queue):
        queue.shutdown()
        assert outcomeOf(queue.attachWorker(MemoryWorker()))[0].check(QueueRunError)

    def test_a_second_one_fires_too(self, queue, worker):
        queue.call(len, "")
        first, second = outcomeOf(queue.shutdown()), outcomeOf(queue.shutdown())
        worker.step()
        assert (first, second) == ([None], [None])
        assert outcomeOf(queue.shutdown()) == [None]


class TestOptions:
    def test_those_of_submit_are_those_of_call(self, queue):
        task = queue.submit(len, "", niceness=3, series="s", timeout=5, name="a name", group="a group")
        assert (task.niceness, task.series, task.options.timeout) == (3, "s", 5)
        assert (task.name, task.group) == ("a name", "a group")

    def test_using_keeps_them_for_many_calls(self, queue):
        urgent = queue.using(niceness=-5, group="all")
        tasks = [urgent.submit(len, "") for _ in range(2)]
        assert [(task.niceness, task.group) for task in tasks] == [(-5, "all")] * 2

    def test_the_queues_own_time_out_holds_for_calls_without_one(self, clock):
        queue = TaskQueue(reactor=clock, timeout=7)
        timeouts = [
            queue.submit(len, "").options.timeout,
            queue.using(niceness=1).submit(len, "").options.timeout,
            queue.using(timeout=3).submit(len, "").options.timeout,
        ]
        assert timeouts == [7, 7, 3]

    @pytest.mark.parametrize(
        ("options", "complaint"),
        [({"doNext": True, "doLast": True}, "both"), ({"timeout": 0}, "above 0"), ({"timeout": -1}, "above 0")],
    )
    def test_those_that_make_no_sense_are_ValueErrors(self, queue, options, complaint):
        with pytest.raises(ValueError, match=complaint):
            queue.call(len, "", **options)
        with pytest.raises(ValueError, match=complaint):
            queue.submit(len, "", **options)

    def test_what_never_was_an_option_of_a_queue_is_a_TypeError(self, clock):
        with pytest.raises(TypeError, match="no option 'colour'"):
            TaskQueue(reactor=clock, colour="red")

    def test_retry_queues_the_same_call_as_a_new_task(self, queue, worker):
        task = queue.submit(operator.truediv, 1, 0, niceness=4, name="division")
        failure = outcomeOf(task.deferred)
        worker.step()
        assert failure[0].check(ZeroDivisionError)
        again = queue.retry(task)
        assert again is not task
        assert (again.niceness, again.name, again.call.args) == (4, "division", (1, 0))
        outcome = outcomeOf(again.deferred)
        worker.step()
        assert outcome[0].check(ZeroDivisionError)


class TestSteering:
    def test_a_running_task_only_notes_another_niceness(self, queue, worker):
        task = queue.submit(len, "")
        task.setNiceness(7)
        assert task.niceness == 7
        assert task.isRunning

    def test_a_niceness_that_is_none_changes_nothing(self, queue):
        tasks = [queue.submit(len, "") for _ in range(2)]
        with pytest.raises(ValueError, match="from -20"):
            queue.setNiceness(tasks, 21)
        assert [task.niceness for task in tasks] == [0, 0]

    def test_cancelAll_leaves_what_runs(self, queue, worker):
        running, waiting = queue.submit(len, "ab"), queue.submit(len, "")
        outcome = outcomeOf(waiting.deferred)
        queue.cancelAll()
        assert outcome[0].check(CancelledError)
        assert running.isRunning

    def test_what_is_moved_before_a_task_sent_ahead_runs_before_it(self, queue):
        worker = MemoryWorker(ahead=2)
        queue.attachWorker(worker)
        _, first, second, third = [queue.submit(len, "") for _ in range(4)]
        queue.move([third], before=first)
        assert list(queue.schedule) == [third, first, second]
        assert worker.sent == [third, first]

    def test_a_thousand_tasks_keep_their_order_when_they_are_moved_together(self, queue):
        tasks = [queue.submit(len, "") for _ in range(3000)]
        queue.move(tasks[2000:], before=tasks[500])
        assert list(queue.schedule) == [*tasks[:500], *tasks[2000:], *tasks[500:2000]]


class TestDegraded:
    def test_all_that_waits_fails_with_the_reason_and_what_runs_goes_on(self, queue, worker, loggedErrors):
        running, waiting = queue.submit(len, "ab"), queue.submit(len, "")
        done, failed = outcomeOf(running.deferred), outcomeOf(waiting.deferred)
        queue.degrade("no kernel")
        assert failed[0].check(QueueRunError)
        assert failed[0].getErrorMessage() == "no kernel"
        worker.step()
        assert done == [2]
        assert (queue.isDegraded, queue.degradedReason) == (True, "no kernel")
        loggedErrors.flush()

    def test_calls_fail_until_it_recovers(self, queue, worker, loggedErrors):
        queue.degrade("no kernel")
        assert outcomeOf(queue.call(len, ""))[0].check(QueueRunError)
        queue.recover()
        outcome = outcomeOf(queue.call(len, "ab"))
        worker.step()
        assert outcome == [2]
        loggedErrors.flush()


@implementer(IConsumer)
class Display:
    """Shows the load."""

    def __init__(self):
        self.shown = []
        self.producer: Any = None

    def registerProducer(self, producer, streaming):
        assert streaming
        self.producer = producer

    def unregisterProducer(self):
        self.producer = None

    def write(self, data):
        self.shown.append(data)


class TestSubscribe:
    def test_the_number_of_calls_queued_or_running_is_written_at_every_change(self, queue, worker):
        display = Display()
        queue.subscribe(display)
        tasks = [queue.submit(len, "") for _ in range(3)]
        worker.step()
        outcomeOf(tasks[2].deferred)
        tasks[2].cancel()
        worker.step()
        assert display.shown == [1, 2, 3, 2, 1, 0]

    def test_moving_and_starting_change_nothing(self, queue, worker):
        queue.submit(len, "")
        tasks = [queue.submit(len, "") for _ in range(2)]
        display = Display()
        queue.subscribe(display)
        queue.move(tasks[1:], before=tasks[0])
        worker.step()
        assert display.shown == [2]

    def test_a_paused_consumer_gets_the_last_number_when_it_goes_on(self, queue):
        display = Display()
        queue.subscribe(display)
        display.producer.pauseProducing()
        for _ in range(3):
            queue.submit(len, "")
        assert display.shown == []
        display.producer.resumeProducing()
        assert display.shown == [3]

    def test_a_consumer_that_stops_gets_no_more(self, queue):
        display = Display()
        queue.subscribe(display)
        display.producer.stopProducing()
        queue.submit(len, "")
        assert display.shown == []
        assert queue.observers.all == ()

    def test_it_ends_with_the_queue(self, queue, worker):
        display = Display()
        queue.subscribe(display)
        queue.shutdown()
        assert display.producer is None


class TestQualify:
    def test_from_now_on_the_worker_serves_that_series_too(self, queue, worker):
        task = queue.submit(len, "", series="special")
        assert worker.task is None
        queue.qualifyWorker(worker, "special")
        assert worker.task is task

    def test_by_its_id_and_twice_is_as_well(self, queue, worker):
        queue.qualifyWorker(worker.ID, "special")
        queue.qualifyWorker(worker.ID, "special")
        assert worker.iQualified == ["special"]

    def test_one_that_is_not_attached_is_a_ValueError(self, queue):
        with pytest.raises(ValueError, match="no worker of this queue"):
            queue.qualifyWorker(7, "special")


def test_workers_are_counted_by_the_series_that_they_serve():
    only = MemoryWorker()
    only.cQualified = ["commands"]
    pictures = MemoryWorker()
    pictures.iQualified = ["pictures"]
    queue = TaskQueue(MemoryWorker(), pictures, only, reactor=Clock())
    counts = {series: queue.countWorkers(series) for series in (None, "pictures", "commands", "nobody")}
    assert counts == {None: 2, "pictures": 1, "commands": 1, "nobody": 0}
    assert queue.countWorkers() == 2
