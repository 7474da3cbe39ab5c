# SPDX-License-Identifier: GPL-3.0-or-later
"""The flow of tasks through queue, dispatcher and workers, with workers in memory and a clock stepped by hand."""

import operator

import pytest
from twisted.internet.defer import CancelledError
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from aqlib import Deferator, ListConsumer, TaskQueue, TaskState, TimeoutError
from aqlib.interfaces import Taking
from aqlib.testing import MemoryWorker, Watcher, outcomeOf


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


class TestCall:
    def test_its_deferred_fires_with_the_result(self, queue, worker, clock):
        outcome = outcomeOf(queue.call(operator.add, 1, 2))
        assert outcome == []
        worker.step()
        assert outcome == [3]

    def test_an_error_is_an_errback_and_the_queue_goes_on(self, queue, worker):
        outcome = outcomeOf(queue.call(operator.truediv, 1, 0))
        worker.step()
        assert outcome[0].check(ZeroDivisionError)
        after = outcomeOf(queue.call(operator.add, 1, 2))
        worker.step()
        assert after == [3]

    def test_options_and_arguments_of_one_name_are_told_apart_by_using(self, queue, worker):
        outcome = outcomeOf(queue.using(niceness=3).call(dict, niceness=7))
        assert worker.task.niceness == 3
        worker.step()
        assert outcome == [{"niceness": 7}]

    @pytest.mark.parametrize("niceness", [-21, 21, "urgent"])
    def test_a_niceness_out_of_range_is_a_ValueError(self, queue, niceness):
        with pytest.raises(ValueError, match="from -20"):
            queue.call(len, "", niceness=niceness)

    def test_times_are_those_of_the_clock(self, queue, worker, clock):
        queue.submit(len, "first")
        task = queue.submit(len, "second")
        clock.advance(2)
        worker.step()
        clock.advance(3)
        worker.step()
        assert (task.queuedAt, task.startedAt, task.finishedAt) == (0, 2, 5)

    def test_a_call_from_inside_a_callback_is_queued(self, queue, worker):
        outcome = outcomeOf(queue.call(len, "a").addCallback(lambda n: queue.call(operator.add, n, 10)))
        worker.step()
        worker.step()
        assert outcome == [11]

    def test_a_task_waits_for_a_worker_of_its_series(self, queue, worker):
        task = queue.submit(len, "", series="special")
        assert task.isWaiting
        special = MemoryWorker(series=["special"])
        queue.attachWorker(special)
        assert special.task is task

    def test_legacy_options_are_taken_with_a_warning(self, queue, worker):
        with pytest.warns(DeprecationWarning, match="returnFailure"):
            outcome = outcomeOf(queue.call(len, "ab", returnFailure=True))
        worker.step()
        assert outcome == [2]


class TestOrder:
    def test_the_most_urgent_goes_to_the_first_free_worker(self, queue, worker):
        queue.call(len, "now")
        later, urgent = queue.submit(len, "later"), queue.submit(len, "urgent", niceness=-5)
        worker.step()
        assert (worker.task, later.state) == (urgent, TaskState.WAITING)

    def test_a_move_by_hand_tells_observers(self, queue, worker):
        queue.call(len, "now")
        tasks = [queue.submit(len, "") for _ in range(3)]
        watcher = Watcher()
        queue.addObserver(watcher)
        queue.move([tasks[2]], before=tasks[0])
        assert list(queue.schedule) == [tasks[2], tasks[0], tasks[1]]
        assert watcher.events == [("tasksMoved", ([tasks[2]],))]

    def test_restore_undoes_a_move(self, queue, worker):
        queue.call(len, "now")
        tasks = [queue.submit(len, "") for _ in range(3)]
        position = queue.positionOf(tasks[2])
        queue.move([tasks[2]], before=tasks[0])
        queue.restore(tasks[2], position)
        assert list(queue.schedule) == tasks


class TestSentAhead:
    @pytest.fixture
    def eager(self, queue):
        theWorker = MemoryWorker(ahead=2)
        queue.attachWorker(theWorker)
        return theWorker

    def test_calls_sent_ahead_still_wait(self, queue, eager):
        running, *sent, left = [queue.submit(len, "") for _ in range(4)]
        assert (eager.task, eager.sent) == (running, sent)
        assert list(queue.schedule) == [*sent, left]
        assert all(task.isWaiting for task in sent)

    def test_a_cancelled_one_is_taken_back_and_the_others_are_sent_again(self, queue, eager):
        _, first, second = [queue.submit(len, "") for _ in range(3)]
        outcome = outcomeOf(first.deferred)
        first.cancel()
        assert outcome[0].check(CancelledError)
        queue.submit(len, "")
        assert eager.sent[0] is second

    def test_one_that_is_re_niced_goes_to_its_new_place(self, queue, eager):
        _, first, second, third = [queue.submit(len, "") for _ in range(4)]
        first.setNiceness(5)
        assert list(queue.schedule) == [second, third, first]
        assert eager.sent == [second, third]

    def test_they_go_to_a_worker_that_comes(self, queue, eager):
        _, first, second = [queue.submit(len, "") for _ in range(3)]
        queue.pause()
        assert eager.sent == []
        other = MemoryWorker()
        queue.attachWorker(other)
        queue.resume()
        assert other.task is first
        assert eager.sent == [second]


class TestOffers:
    """A task behind one that no worker takes is not offered; everything else is, at once."""

    class Choosy(MemoryWorker):
        """Takes what is urgent, whatever it is at, and else one task at a time."""

        def __init__(self, **options):
            super().__init__(**options)
            self.offered = []

        def takes(self, task):
            self.offered.append(task)
            return Taking.AHEAD if task.niceness < 0 and self.task is not None else super().takes(task)

    @pytest.fixture
    def choosy(self, queue):
        theWorker = self.Choosy()
        queue.attachWorker(theWorker)
        return theWorker

    def test_one_behind_a_refused_one_is_not_offered(self, queue, choosy):
        _, refused, behind = [queue.submit(len, "") for _ in range(3)]
        assert refused in choosy.offered
        assert behind not in choosy.offered

    def test_one_before_a_refused_one_is(self, queue, choosy):
        queue.submit(len, "")
        queue.submit(len, "")
        urgent = queue.submit(len, "", niceness=-1)
        assert choosy.sent == [urgent]

    def test_so_is_one_that_came_behind_when_the_refused_one_is_cancelled(self, queue, choosy):
        _, refused = queue.submit(len, ""), queue.submit(len, "", doNext=True)
        refused.deferred.addErrback(lambda failure: failure.trap(CancelledError))
        refused.cancel()
        urgent = queue.submit(len, "", niceness=-1)
        assert choosy.sent == [urgent]

    def test_when_the_queue_has_run_empty_the_next_one_is_offered(self, queue, choosy):
        for _ in range(2):
            queue.submit(len, "")
        choosy.step()
        choosy.step()
        task = queue.submit(len, "")
        assert choosy.task is task

    def test_each_worker_is_offered_what_it_serves(self, queue, choosy):
        for _ in range(3):
            queue.submit(len, "")
        special = MemoryWorker(series=["special"])
        special.cQualified = []
        queue.attachWorker(special)
        queue.submit(len, "")
        task = queue.submit(len, "", series="special", niceness=20)
        assert special.task is task

    def test_one_that_cannot_be_sent_fails_and_leaves_the_queue(self, queue):
        class Broken(MemoryWorker):
            def run(self, task):
                if self.task is None:
                    super().run(task)
                else:
                    self.reporter.failed(task, Failure(ZeroDivisionError()))

        worker = Broken(ahead=1)
        queue.attachWorker(worker)
        queue.submit(len, "")
        outcome = outcomeOf(queue.call(len, ""))
        assert outcome[0].check(ZeroDivisionError)
        assert len(queue.schedule) == 0


class TestCancel:
    def test_a_waiting_task_leaves_the_queue(self, queue, worker):
        queue.call(len, "now")
        task = queue.submit(len, "")
        outcome = outcomeOf(task.deferred)
        task.deferred.cancel()
        assert outcome[0].check(CancelledError)
        assert task.state is TaskState.CANCELLED
        assert len(queue.schedule) == 0

    def test_a_running_task_ends_at_once_and_its_worker_is_told(self, queue, worker):
        task = queue.submit(len, "")
        outcome = outcomeOf(task.deferred)
        task.cancel()
        assert outcome[0].check(CancelledError)
        assert worker.aborted == [task]

    def test_a_finished_task_stays_as_it_is(self, queue, worker):
        task = queue.submit(len, "ab")
        outcome = outcomeOf(task.deferred)
        worker.step()
        task.cancel()
        assert (outcome, task.state) == ([2], TaskState.DONE)

    def test_cancelSeries_takes_only_that_series(self, queue):
        a, b = queue.submit(len, "", series="a"), queue.submit(len, "", series="b")
        outcome = outcomeOf(a.deferred)
        queue.cancelSeries("a")
        assert outcome[0].check(CancelledError)
        assert list(queue.schedule) == [b]


class TestTimeout:
    def test_it_counts_from_the_start(self, queue, worker, clock):
        queue.call(len, "now")
        task = queue.submit(len, "", timeout=5)
        outcome = outcomeOf(task.deferred)
        clock.advance(100)
        worker.step()
        clock.advance(4.9)
        assert outcome == []
        clock.advance(0.2)
        assert outcome[0].check(TimeoutError)
        assert worker.aborted == [task]

    def test_a_task_that_ends_in_time_leaves_no_timer(self, queue, worker, clock):
        queue.call(len, "", timeout=5)
        worker.step()
        assert clock.getDelayedCalls() == []

    def test_it_stands_still_while_a_stream_is_suspended(self, queue, worker, clock):
        task = queue.submit(iter, [], timeout=5)
        outcome = outcomeOf(task.deferred)
        clock.advance(3)
        worker.reporter.suspended(task)
        clock.advance(100)
        worker.reporter.resumed(task)
        clock.advance(1.9)
        assert outcome == []
        clock.advance(0.2)
        assert outcome[0].check(TimeoutError)


class TestStream:
    def test_without_a_consumer_it_comes_as_a_Deferator(self, queue, worker):
        outcome = outcomeOf(queue.call(iter, []))
        source = worker.stream()
        assert outcome == []
        source.feed([1, 2])
        [deferator] = outcome
        assert isinstance(deferator, Deferator)
        whole = outcomeOf(deferator.d)
        assert outcomeOf(next(deferator)) == [1]
        last = outcomeOf(next(deferator))
        assert last == []
        worker.succeed()
        assert last == [2]
        assert whole == [True]
        assert list(deferator) == []

    def test_an_empty_one_has_no_round_of_a_loop(self, queue, worker):
        outcome = outcomeOf(queue.call(iter, []))
        worker.stream()
        worker.succeed()
        [deferator] = outcome
        assert list(deferator) == []
        assert outcomeOf(deferator.d) == [True]

    def test_one_that_fails_at_its_first_item_errbacks_that(self, queue, worker):
        outcome = outcomeOf(queue.call(iter, []))
        worker.stream()
        worker.fail(Failure(ZeroDivisionError()))
        [item] = outcome[0]
        assert outcomeOf(item)[0].check(ZeroDivisionError)

    def test_one_that_is_cancelled_before_its_first_item_errbacks_the_call(self, queue, worker):
        task = queue.submit(iter, [])
        worker.stream()
        task.cancel()
        assert outcomeOf(task.deferred)[0].check(CancelledError)

    def test_with_a_consumer_its_deferred_fires_with_it_at_the_end(self, queue, worker):
        consumer = ListConsumer()
        items = outcomeOf(consumer())
        outcome = outcomeOf(queue.call(iter, [], consumer=consumer))
        worker.stream().feed([1, 2, 3])
        assert outcome == []
        worker.succeed()
        assert outcome == [consumer]
        assert items == [[1, 2, 3]]

    def test_items_before_an_error_arrive_before_it(self, queue, worker):
        consumer = ListConsumer()
        outcome = outcomeOf(queue.call(iter, [], consumer=consumer))
        worker.stream().feed([1])
        worker.fail(Failure(ZeroDivisionError()))
        assert outcomeOf(consumer()) == [[1]]
        assert outcome[0].check(ZeroDivisionError)

    def test_a_cancelled_one_errbacks_the_next_item(self, queue, worker):
        task = queue.submit(iter, [])
        worker.stream().feed([1])
        [deferator] = outcomeOf(task.deferred)
        item = outcomeOf(next(deferator))
        task.cancel()
        assert item[0].check(CancelledError)
        assert list(deferator) == []
