# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that are run again when they fail: `retries`, `backoff`, `retryOn`."""

import builtins

import pytest
from twisted.internet.defer import CancelledError, Deferred

from aqlib import (
    AsyncWorker,
    EncodingError,
    ListConsumer,
    QueueRunError,
    TaskError,
    TaskQueue,
    TaskState,
    TimeoutError,
    WorkerError,
    WorkerLost,
    cancelled,
)
from aqlib.retrying import LONGEST_BACKOFF
from aqlib.testing import MemoryWorker, NullQueue, SteppedClock, Watcher, outcomeOf


@pytest.fixture
def clock():
    return SteppedClock()


@pytest.fixture
def queue(clock):
    return TaskQueue(reactor=clock)


@pytest.fixture
def worker(queue):
    theWorker = MemoryWorker()
    queue.attachWorker(theWorker)
    return theWorker


class TestAttempts:
    def test_a_task_that_fails_runs_again_and_its_deferred_fires_once(self, queue, worker, clock):
        task = queue.submit(len, "ab", retries=2)
        outcome = outcomeOf(task.deferred)
        assert task.attempts == 1
        worker.fail(OSError("not yet"))
        assert (task.state, task.attempts, task.worker, outcome) == (TaskState.HELD, 1, None, [])
        clock.advance(1)
        assert (task.isRunning, task.attempts) == (True, 2)
        worker.step()
        assert (outcome, task.state, task.failure, task.attempts) == ([2], TaskState.DONE, None, 2)

    def test_the_last_error_counts(self, queue, worker, clock):
        task = queue.submit(len, "", retries=2)
        outcome = outcomeOf(task.deferred)
        for number in range(3):
            worker.fail(OSError(number))
            clock.advance(10)
        assert outcome[0].value.args == (2,)
        assert (task.state, task.attempts) == (TaskState.FAILED, 3)

    def test_a_task_that_waits_has_had_none(self, queue):
        assert queue.submit(len, "", retries=3).attempts == 0

    def test_without_retries_it_fails_at_once(self, queue, worker):
        outcome = outcomeOf(queue.call(len, ""))
        worker.fail(OSError())
        assert outcome[0].check(OSError)

    def test_others_run_while_it_waits_for_its_next_attempt(self, queue, worker, clock):
        task, other = queue.submit(len, "", retries=1), queue.submit(len, "")
        worker.fail(OSError())
        assert (worker.task, queue.held()) == (other, [task])
        clock.advance(1)
        assert (task.isWaiting, queue.held()) == (True, [])

    def test_it_queues_again_by_the_ordinary_rules(self, queue, worker, clock):
        task, moved = queue.submit(len, "", retries=1), queue.submit(len, "")
        queue.move([moved])
        worker.fail(OSError())
        worker.step()
        queue.pause()
        nice, ordinary = queue.submit(len, "", niceness=5), queue.submit(len, "")
        clock.advance(1)
        assert list(queue.schedule) == [ordinary, task, nice]

    def test_those_that_wait_for_it_wait_for_its_last_attempt(self, queue, worker, clock):
        task = queue.submit(len, "", retries=1)
        after = queue.submit(len, "", after=[task])
        worker.fail(OSError())
        assert after.isHeld
        clock.advance(1)
        worker.step()
        assert after.isRunning


class TestBackoff:
    def delays(self, queue, worker, clock):
        """How long the task was held each time."""
        told: list[float] = []
        while worker.task is not None:
            worker.fail(OSError())
            before = clock.seconds()
            while queue.held():
                [call] = clock.getDelayedCalls()
                clock.advance(call.getTime() - clock.seconds())
            told.append(clock.seconds() - before)
        return told[:-1]

    def test_it_doubles_up_to_a_bound(self, queue, worker, clock):
        queue.call(len, "", retries=9).addErrback(lambda _: None)
        assert self.delays(queue, worker, clock) == [1, 2, 4, 8, 16, 32, LONGEST_BACKOFF, LONGEST_BACKOFF, 60]

    def test_a_longer_one_stays_as_it_is(self, queue, worker, clock):
        queue.call(len, "", retries=2, backoff=100).addErrback(lambda _: None)
        assert self.delays(queue, worker, clock) == [100, 100]

    def test_it_may_be_none_and_then_it_is_the_next_turn(self, queue, worker, clock):
        task = queue.submit(len, "", retries=5000, backoff=0)
        for _ in range(2000):
            worker.fail(OSError())
            assert task.isHeld
            clock.advance(0)
        assert task.attempts == 2001


class TestWhich:
    @pytest.mark.parametrize("error", [OSError(), ValueError(), builtins.TimeoutError(), TaskError("text")])
    def test_the_tasks_own_exceptions(self, queue, worker, error):
        task = queue.submit(len, "", retries=1)
        worker.fail(error)
        assert task.isHeld

    @pytest.mark.parametrize(
        "error", [WorkerLost(1), TimeoutError(), EncodingError(), QueueRunError(), SystemExit(), KeyboardInterrupt()]
    )
    def test_and_no_others_unless_they_are_asked_for(self, queue, worker, error):
        task = queue.submit(len, "", retries=1)
        outcome = outcomeOf(task.deferred)
        worker.fail(error)
        assert outcome[0].value is error
        asking = queue.submit(len, "", retries=1, retryOn=(type(error), ZeroDivisionError))
        worker.fail(error)
        assert asking.isHeld

    def test_what_is_not_named_is_no_reason(self, queue, worker):
        outcome = outcomeOf(queue.call(len, "", retries=1, retryOn=OSError))
        worker.fail(ValueError())
        assert outcome[0].check(ValueError)

    def test_an_error_as_result_counts_too(self, clock):
        queue = TaskQueue(AsyncWorker(), reactor=clock)
        tries: list[int] = []

        async def third():
            tries.append(1)
            if len(tries) < 3:
                raise OSError
            return "well"

        outcome = outcomeOf(queue.call(third, retries=5))
        clock.pump([0, 1, 0, 2, 0])
        assert (outcome, len(tries)) == (["well"], 3)

    def test_a_cancelled_task_is_not_run_again(self, queue, worker, clock):
        task = queue.submit(len, "", retries=1, retryOn=BaseException)
        outcome = outcomeOf(task.deferred)
        task.cancel()
        assert outcome[0].check(CancelledError)
        assert task.state is TaskState.CANCELLED

    def test_nor_is_one_that_is_cancelled_while_it_waits_for_its_next_attempt(self, queue, worker, clock):
        task = queue.submit(len, "", retries=1)
        outcome = outcomeOf(task.deferred)
        worker.fail(OSError())
        task.cancel()
        clock.advance(10)
        assert outcome[0].check(CancelledError)
        assert (worker.task, clock.getDelayedCalls()) == (None, [])

    def test_nor_one_whose_worker_was_ended_at_once(self, queue, worker):
        outcome = outcomeOf(queue.call(len, "", retries=1))
        queue.detachWorker(worker, crash=True)
        assert outcome[0].check(WorkerError)

    @pytest.mark.parametrize(
        "options",
        [{"retries": -1}, {"retries": 1.5}, {"retries": 1, "backoff": -1}, {"retries": 1, "backoff": float("nan")}],
    )
    def test_numbers_that_make_no_sense_are_ValueErrors(self, queue, options):
        with pytest.raises(ValueError, match=r"'retries'|'backoff'"):
            queue.call(len, "", **options)

    @pytest.mark.parametrize("retryOn", [OSError(), "OSError", (OSError, int)])
    def test_what_is_no_class_of_exceptions_is_a_TypeError(self, queue, retryOn):
        with pytest.raises(TypeError, match="'retryOn'"):
            queue.call(len, "", retryOn=retryOn)

    @pytest.mark.parametrize("option", [{"softTimeout": 1}, {"notBefore": 1}])
    def test_a_map_takes_none_of_them(self, queue, option):
        with pytest.raises(TypeError, match="map takes no option"):
            queue.map(len, [], **option)


class TestTimeOut:
    def test_it_is_run_again_when_that_is_asked_for(self, queue, worker, clock):
        task = queue.submit(len, "ab", timeout=5, retries=1, retryOn=TimeoutError)
        outcome = outcomeOf(task.deferred)
        clock.advance(5)
        assert (worker.aborted, task.state, outcome) == ([task], TaskState.HELD, [])
        clock.advance(1)
        clock.advance(4.9)
        worker.step()
        assert outcome == [2]

    def test_each_attempt_has_its_whole_time(self, queue, worker, clock):
        task = queue.submit(len, "", timeout=5, retries=1, retryOn=TimeoutError)
        outcome = outcomeOf(task.deferred)
        clock.pump([5, 1, 4.9])
        assert outcome == []
        clock.advance(0.2)
        assert outcome[0].check(TimeoutError)
        assert (task.attempts, clock.getDelayedCalls()) == (2, [])

    def test_an_attempt_that_did_not_end_is_none_of_the_next_ones_business(self, clock):
        queue = TaskQueue(AsyncWorker(), reactor=clock)
        seen: list[tuple[int, bool]] = []
        waiting: list[Deferred[None]] = []

        async def stubborn():
            waiting.append(Deferred())
            number = len(waiting)
            try:
                await waiting[-1]
            except CancelledError:
                waiting.append(Deferred())
                await waiting[-1]
            seen.append((number, cancelled()))
            return number

        outcome = outcomeOf(queue.call(stubborn, timeout=5, retries=1, retryOn=TimeoutError))
        clock.pump([0, 5, 1, 0])
        waiting[1].callback(None)
        assert (seen, outcome) == ([(1, True)], [])
        waiting[2].callback(None)
        assert (seen, outcome) == ([(1, True), (3, False)], [3])


class TestStreams:
    def test_one_that_fails_before_its_first_item_is_run_again(self, queue, worker, clock):
        task = queue.submit(iter, [], retries=1)
        outcome = outcomeOf(task.deferred)
        worker.stream()
        worker.fail(OSError())
        assert (task.isHeld, outcome) == (True, [])
        clock.advance(1)
        worker.stream().feed([7])
        worker.succeed()
        [deferator] = outcome
        assert [outcomeOf(item) for item in deferator] == [[7]]

    def test_one_that_fails_later_is_not(self, queue, worker):
        task = queue.submit(iter, [], retries=1)
        worker.stream().feed([7])
        worker.fail(OSError())
        [deferator] = outcomeOf(task.deferred)
        assert outcomeOf(next(deferator)) == [7]
        assert outcomeOf(next(deferator))[0].check(OSError)
        assert task.state is TaskState.FAILED

    def test_a_consumer_does_not_hear_of_an_attempt_without_items(self, queue, worker, clock):
        consumer = ListConsumer()
        items, outcome = outcomeOf(consumer()), outcomeOf(queue.call(iter, [], consumer=consumer, retries=1))
        worker.stream()
        worker.fail(OSError())
        assert (items, outcome) == ([], [])
        clock.advance(1)
        worker.stream().feed([7])
        worker.succeed()
        assert (items, outcome) == ([[7]], [consumer])

    @pytest.mark.parametrize("retries", [1, 2])
    def test_a_consumer_gets_an_empty_stream_and_an_error_too(self, queue, worker, clock, retries):
        outcome = outcomeOf(queue.call(iter, [], consumer=ListConsumer(), retries=retries))
        for _ in range(retries):
            worker.stream()
            worker.fail(OSError())
            clock.advance(5)
        worker.stream()
        worker.fail(OSError())
        assert outcome[0].check(OSError)
        empty = ListConsumer()
        outcome = outcomeOf(queue.call(iter, [], consumer=empty, retries=retries))
        worker.stream()
        worker.succeed()
        assert outcome == [empty]

    def test_one_that_is_cancelled_before_its_first_item_ends(self, queue, worker):
        task = queue.submit(iter, [], consumer=ListConsumer(), retries=1)
        worker.stream()
        task.cancel()
        assert outcomeOf(task.deferred)[0].check(CancelledError)


class TestTheQueue:
    def test_observers_are_told(self, queue, worker, clock):
        watcher = Watcher()
        queue.addObserver(watcher)
        task = queue.submit(len, "", retries=1)
        worker.fail(OSError())
        clock.advance(1)
        worker.step()
        assert [name for name, _ in watcher.events] == [
            "taskQueued", "taskStarted", "taskRetried", "taskHeld", "taskQueued", "taskStarted", "taskFinished",
        ]  # fmt: skip
        [(told, failure)] = watcher.happened("taskRetried")
        assert told is task
        assert failure.check(OSError)

    def test_a_shutdown_waits_for_the_next_attempt(self, queue, worker, clock):
        outcome = outcomeOf(queue.call(len, "ab", retries=1))
        done = outcomeOf(queue.shutdown())
        worker.fail(OSError())
        assert (outcome, done) == ([], [])
        clock.advance(1)
        worker.step()
        assert (outcome, done) == ([2], [None])

    def test_one_that_cancels_what_waits_has_no_next_attempt(self, queue, worker):
        outcome = outcomeOf(queue.call(len, "", retries=1))
        done = outcomeOf(queue.shutdown(cancelWaiting=True))
        worker.fail(OSError())
        assert outcome[0].check(OSError)
        assert done == [None]

    def test_nor_has_a_degraded_queue_until_it_recovers(self, queue, worker, loggedErrors):
        outcome = outcomeOf(queue.call(len, "", retries=1))
        queue.degrade("no kernel")
        worker.fail(OSError())
        assert outcome[0].check(OSError)
        queue.recover()
        task = queue.submit(len, "", retries=1)
        worker.fail(OSError())
        assert task.isHeld
        loggedErrors.flush()

    def test_a_null_queue_makes_the_call_again_when_it_is_time(self):
        null = NullQueue()
        tries: list[int] = []

        def second():
            tries.append(1)
            return 1 / (len(tries) - 1)

        outcome = outcomeOf(null.call(second, retries=1))
        assert outcome == []
        null.reactor.advance(1)
        assert outcome == [1]
