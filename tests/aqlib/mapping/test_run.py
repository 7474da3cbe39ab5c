# SPDX-License-Identifier: GPL-3.0-or-later
"""What a map promises, with workers in memory that are stepped by hand."""

import itertools
import operator

import pytest
from twisted.internet.defer import CancelledError
from twisted.internet.task import Clock

from aqlib import Deferator, ListConsumer, MapDeferator, NotReadyError, QueueRunError, TaskQueue, WorkerError
from aqlib.iteration import IterationProducer
from aqlib.testing import MemoryWorker, outcomeOf


@pytest.fixture
def workers():
    return [MemoryWorker(), MemoryWorker()]


@pytest.fixture
def queue(workers):
    return TaskQueue(*workers, reactor=Clock())


def work(*workers):
    """Have the workers do what there is, in turn."""
    while any(worker.task for worker in workers):
        for worker in workers:
            if worker.task is not None:
                worker.step()


def reciprocal(n):
    return 1 / n


def taken(deferator, count):
    """The next items of a Deferator, as outcomes."""
    return [outcomeOf(next(deferator)) for _ in range(count)]


class TestResults:
    def test_toList_gives_all_in_order(self, queue, workers):
        outcome = outcomeOf(queue.map(operator.neg, range(100)).toList())
        work(*workers)
        assert outcome == [[-n for n in range(100)]]

    def test_the_callee_gets_an_argument_from_each_iterable(self, queue, workers):
        outcome = outcomeOf(queue.map(pow, range(10), itertools.repeat(2)).toList())
        work(*workers)
        assert outcome == [[n * n for n in range(10)]]

    def test_a_deferator_is_given_at_once(self, queue):
        deferator = queue.map(len, ["a"])
        assert isinstance(deferator, MapDeferator)
        assert isinstance(deferator, Deferator)

    def test_results_are_taken_one_by_one_as_those_of_any_stream(self, queue, workers):
        deferator = queue.map(operator.neg, range(3), chunksize=1)
        work(*workers)
        assert taken(deferator, 3) == [[0], [-1], [-2]]
        assert list(deferator) == []

    def test_a_consumer_gets_them_too(self, queue, workers):
        consumer = ListConsumer()
        IterationProducer(queue.map(operator.neg, range(30)), consumer).run()
        work(*workers)
        assert outcomeOf(consumer()) == [[-n for n in range(30)]]

    def test_no_inputs_give_an_empty_list(self, queue):
        assert outcomeOf(queue.map(len, []).toList()) == [[]]

    def test_ordered_ones_wait_for_those_before_them(self, queue, workers):
        deferator = queue.map(operator.neg, range(4), chunksize=1)
        first = outcomeOf(next(deferator))
        workers[1].step()
        workers[1].step()
        assert first == []
        workers[0].step()
        assert first == [0]

    def test_unordered_ones_come_as_chunks_end(self, queue, workers):
        outcome = outcomeOf(queue.map(operator.neg, range(3), chunksize=1, ordered=False).toList())
        workers[1].step()
        workers[1].step()
        workers[0].step()
        assert outcome == [[-1, -2, 0]]

    def test_two_cannot_take_them_all(self, queue, workers):
        deferator = queue.map(len, ["a"])
        outcomeOf(deferator.toList())
        with pytest.raises(NotReadyError):
            deferator.toList()
        work(*workers)


class TestReading:
    def test_an_endless_iterable_is_read_as_far_as_workers_need_it(self, queue, workers):
        numbers = itertools.count()
        deferator = queue.map(operator.neg, numbers, chunksize=5)
        assert len(queue.running()) + len(queue.schedule) == 4
        assert next(numbers) == 20
        deferator.stop()

    def test_and_no_further_while_nobody_takes(self, queue, workers):
        numbers = itertools.count()
        deferator = queue.map(operator.neg, numbers, chunksize=5)
        work(*workers)
        bound = next(numbers)
        assert bound == 2 * 8 * 5
        assert taken(deferator, 20)[-1] == [-19]
        work(*workers)
        assert next(numbers) > bound + 1
        deferator.stop()

    def test_one_long_chunk_does_not_stop_those_behind_it_at_once(self, queue, workers):
        deferator = queue.map(operator.neg, range(1000), chunksize=1)
        for _ in range(10):
            workers[1].step()
        assert workers[1].task is not None
        deferator.stop()

    def test_an_iterable_that_raises_is_an_errback_after_the_results_before_it(self, queue, workers):
        def inputs():
            yield from range(5)
            raise OSError("the disk is full")

        deferator = queue.map(operator.neg, inputs(), chunksize=3)
        work(*workers)
        *results, [failure] = taken(deferator, 6)
        assert results == [[0], [-1], [-2], [-3], [-4]]
        assert failure.check(OSError)

    @pytest.mark.parametrize("ordered", [True, False])
    def test_so_it_is_for_a_list(self, queue, workers, ordered):
        outcome = outcomeOf(queue.map(len, (["a"] * 3 if n == 2 else 1 / 0 for n in (2, 0)), ordered=ordered).toList())
        work(*workers)
        assert outcome[0].check(ZeroDivisionError)


class TestErrors:
    def test_results_before_it_come_first(self, queue, workers):
        deferator = queue.map(reciprocal, [1, 2, 0, 4], chunksize=4)
        work(*workers)
        one, half, [failure] = taken(deferator, 3)
        assert (one, half) == ([1.0], [0.5])
        assert failure.check(ZeroDivisionError)

    def test_it_tells_the_input_and_its_number(self, queue, workers):
        outcome = outcomeOf(queue.map(reciprocal, [1, 2, 0, 4], chunksize=2).toList())
        work(*workers)
        assert outcome[0].value.__notes__ == ["It came from input 2 of a map, reciprocal(0)."]

    def test_it_cancels_what_comes_after_it(self, queue, workers):
        numbers = iter(range(1000))
        outcome = outcomeOf(queue.map(reciprocal, numbers, chunksize=1).toList())
        workers[0].step()
        assert outcome[0].check(ZeroDivisionError)
        assert (list(queue.schedule), queue.running()) == ([], [])
        assert next(numbers) == 4

    def test_of_several_the_first_counts_whichever_comes_first(self, queue, workers):
        outcome = outcomeOf(queue.map(int, ["1", "a", "b"], chunksize=1).toList())
        workers[1].step()
        assert outcome == []
        workers[0].step()
        assert "'a'" in outcome[0].getErrorMessage()

    def test_those_before_it_are_waited_for_and_may_fail_themselves(self, queue, workers):
        outcome = outcomeOf(queue.map(int, ["a", "b"], chunksize=1).toList())
        workers[1].step()
        assert outcome == []
        workers[0].step()
        assert "'a'" in outcome[0].getErrorMessage()

    def test_unordered_the_one_that_comes_first_ends_it(self, queue, workers):
        outcome = outcomeOf(queue.map(int, ["a", "b"], chunksize=1, ordered=False).toList())
        workers[1].step()
        assert "'b'" in outcome[0].getErrorMessage()
        assert queue.running() == []

    def test_a_dead_workers_chunk_tells_which_inputs_it_had(self, queue, workers):
        outcome = outcomeOf(queue.map(operator.neg, range(10), chunksize=3).toList())
        queue.detachWorker(workers[0], crash=True)
        assert outcome[0].check(WorkerError)
        assert outcome[0].value.__notes__ == ["It came from inputs 0 to 2 of a map, the first of them neg(0)."]

    def test_a_function_that_raises_StopIteration_ends_nothing_early(self, queue, workers):
        outcome = outcomeOf(queue.map(next, [iter("a"), iter("")]).toList())
        work(*workers)
        assert outcome[0].check(StopIteration)
        assert "input 1" in outcome[0].value.__notes__[0]


class TestItsEnd:
    def test_stop_cancels_all_and_reads_no_more(self, queue, workers):
        numbers = itertools.count()
        deferator = queue.map(operator.neg, numbers, chunksize=1)
        deferator.stop()
        assert (list(queue.schedule), queue.running()) == ([], [])
        assert next(numbers) == 4
        assert outcomeOf(deferator.d) == [False]

    def test_to_cancel_its_list_is_to_stop_it(self, queue, workers):
        whole = queue.map(operator.neg, itertools.count()).toList()
        outcome = outcomeOf(whole)
        whole.cancel()
        assert outcome[0].check(CancelledError)
        assert queue.running() == []

    def test_to_stop_it_cancels_its_list(self, queue, workers):
        deferator = queue.map(operator.neg, itertools.count())
        outcome = outcomeOf(deferator.toList())
        deferator.stop()
        assert outcome[0].check(CancelledError)

    def test_to_cancel_one_chunk_is_to_end_it(self, queue, workers):
        outcome = outcomeOf(queue.map(operator.neg, range(100), chunksize=1).toList())
        queue.cancelAll()
        work(*workers)
        assert outcome[0].check(CancelledError)
        assert "It came from input 2" in outcome[0].value.__notes__[0]

    def test_a_shutdown_waits_for_all_of_it(self, queue, workers):
        outcome = outcomeOf(queue.map(operator.neg, range(100), chunksize=1).toList())
        done = outcomeOf(queue.shutdown())
        work(*workers)
        assert outcome == [[-n for n in range(100)]]
        assert done == [None]

    def test_a_shutdown_waits_for_one_whose_results_are_not_taken_yet(self, queue, workers):
        deferator = queue.map(operator.neg, range(100), chunksize=1)
        work(*workers)
        done = outcomeOf(queue.shutdown())
        assert done == []
        deferator.stop()
        assert done == [None]

    @pytest.mark.parametrize("how", ["cancel", "cancelWaiting", "crash"])
    def test_a_shutdown_in_haste_ends_it(self, queue, workers, how):
        deferator = queue.map(operator.neg, range(100), chunksize=1)
        work(*workers)
        outcome = outcomeOf(deferator.toList())
        done = outcomeOf(queue.shutdown(**{how: True}))
        assert outcome[0].check(CancelledError)
        assert done == [None]

    @pytest.mark.parametrize("inputs", [[], range(3)], ids=["none", "some"])
    def test_after_a_shutdown_it_errbacks(self, queue, inputs):
        queue.shutdown()
        assert outcomeOf(queue.map(operator.neg, inputs).toList())[0].check(QueueRunError)


class TestOptions:
    def test_all_chunks_have_them(self, queue, workers):
        deferator = queue.map(abs, range(9), chunksize=1, niceness=7, timeout=3, name="a name", group="all")
        for task in [*queue.running(), *queue.schedule]:
            assert (task.niceness, task.options.timeout, task.name, task.group) == (7, 3, "a name", "all")
        deferator.stop()

    def test_without_a_name_they_are_named_and_grouped_by_the_function(self, queue, workers):
        deferator = queue.map(reciprocal, range(9))
        [first, _] = queue.running()
        assert (first.name, first.group) == ("reciprocal", "map of reciprocal")
        assert "map of reciprocal" in first.call.describe()
        deferator.stop()

    @pytest.mark.parametrize("name", ["colour", "consumer", "raw"])
    def test_what_is_none_is_a_TypeError(self, queue, name):
        with pytest.raises(TypeError, match=f"no option '{name}'"):
            queue.map(len, [], **{name: 3})

    def test_its_sizes_are_known_when_the_same_function_is_mapped_again(self, queue, workers):
        for _ in range(2):
            deferator = queue.map(operator.neg, range(200))
            sizes = [len(task.call.args[0]) for task in queue.running()]
            outcomeOf(deferator.toList())
            work(*workers)
        assert sizes > [1, 1]
