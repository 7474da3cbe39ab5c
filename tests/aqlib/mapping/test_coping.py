# SPDX-License-Identifier: GPL-3.0-or-later
"""A map that goes on after errors: `returnExceptions` and `retries`."""

import random
from collections import Counter
from functools import partial
from operator import truediv
from typing import Any

import pytest
from twisted.internet.task import Clock

from aqlib import AsyncWorker, TaskQueue, WorkerLost

from .. import jobs
from ..faults.helpers import outcome


class Failing:
    """Fails for each input as often as it is told to, and counts the calls."""

    def __init__(self, failures):
        self.failures = failures
        self.calls: Counter[int] = Counter()

    def __call__(self, x):
        self.calls[x] += 1
        if self.calls[x] <= self.failures.get(x, 0):
            raise KeyError(x)
        return 10 * x


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def queue(clock):
    return TaskQueue(AsyncWorker(), AsyncWorker(), reactor=clock)


def run(clock, deferred):
    """What comes of a map, given all the time that it needs."""
    results: list[Any] = []
    deferred.addBoth(results.append)
    for _ in range(10_000):
        if results:
            return results[0]
        clock.advance(0.5)
    raise AssertionError("The map does not end.")


def shape(result):
    return repr(result) if isinstance(result, Exception) else result


@pytest.mark.parametrize("seed", range(30))
def test_results_and_errors_stand_at_their_places_and_each_input_is_called_as_often_as_it_says(clock, queue, seed):
    chance = random.Random(seed)
    count, retries = chance.randrange(0, 60), chance.randrange(0, 4)
    f = Failing({x: chance.randrange(1, 6) for x in range(count) if chance.random() < 0.3})
    chunksize = chance.choice([None, 1, 2, 7])
    mapped = queue.map(f, range(count), retries=retries, backoff=0.1, returnExceptions=True, chunksize=chunksize)
    expected = [repr(KeyError(x)) if f.failures.get(x, 0) > retries else 10 * x for x in range(count)]
    assert [shape(result) for result in run(clock, mapped.toList())] == expected
    assert f.calls == {x: min(f.failures.get(x, 0), retries) + 1 for x in range(count)}


def test_without_order_there_are_the_same_results(clock, queue):
    f = Failing({3: 9, 8: 1, 20: 9})
    results = run(clock, queue.map(f, range(30), retries=1, returnExceptions=True, ordered=False, chunksize=4).toList())
    assert sorted(map(str, map(shape, results))) == sorted(
        repr(KeyError(x)) if x in (3, 20) else str(10 * x) for x in range(30)
    )


def test_an_input_that_fails_too_often_ends_a_map_that_gives_no_errors(clock, queue):
    f = Failing({5: 3})
    failure = run(clock, queue.map(f, range(10), retries=2, backoff=0, chunksize=3).toList())
    assert failure.check(KeyError)
    assert f.calls[5] == 3
    assert "It came from input 5 of a map" in failure.value.__notes__[0]


def test_attempts_wait_for_the_backoff_and_the_rest_goes_on(clock, queue):
    f = Failing({0: 2})
    results: list[Any] = []
    queue.map(f, range(6), retries=2, backoff=8.0, chunksize=2).toList().addCallback(results.append)
    clock.advance(1)
    assert f.calls == {0: 1, **dict.fromkeys(range(1, 6), 1)}
    clock.advance(6.5)
    assert f.calls[0] == 1
    clock.advance(2)
    assert f.calls[0] == 2
    clock.advance(14)
    assert (f.calls[0], results) == (2, [])
    clock.advance(3)
    assert results == [[0, 10, 20, 30, 40, 50]]


def test_only_errors_that_are_named_are_tried_again(clock, queue):
    f = Failing({1: 1})
    results = run(clock, queue.map(f, range(3), retries=3, retryOn=ValueError, returnExceptions=True).toList())
    assert [shape(result) for result in results] == [0, repr(KeyError(1)), 20]


def test_a_map_that_is_stopped_while_an_attempt_waits_makes_no_more_calls(clock, queue):
    f = Failing({0: 5})
    mapped = queue.map(f, range(2), retries=5, backoff=10.0, chunksize=1)
    clock.advance(1)
    mapped.stop()
    clock.advance(100)
    assert f.calls[0] == 1
    assert queue.countWaiting() == 0


@pytest.mark.parametrize("options", [{"retries": -1}, {"retries": 1.5}, {"retries": 1, "backoff": -1}])
def test_numbers_that_are_none_are_refused(queue, options):
    with pytest.raises(ValueError, match=r"whole number|number of seconds"):
        queue.map(abs, [1], **options)


def test_a_constant_goes_by_a_partial_function_and_the_map_has_its_name(clock, queue):
    names = []
    mapped = queue.map(partial(truediv, 12), [1, 2, 3])
    names += [task.name for task in queue.running()]
    assert run(clock, mapped.toList()) == [12, 6, 4]
    assert set(names) <= {"truediv"}


async def test_errors_come_from_processes_as_they_are(makeQueue):
    results = await makeQueue(1).map(truediv, [1, 1, 1], [1, 0, 2], returnExceptions=True).toList()
    assert [shape(result) for result in results] == [1.0, "ZeroDivisionError('division by zero')", 0.5]


async def test_a_worker_that_dies_costs_the_inputs_of_its_chunk(makeQueue):
    results = await makeQueue(1).map(jobs.exitUnless, [0, 1, 0], chunksize=1, returnExceptions=True).toList()
    assert [type(result) for result in results] == [int, WorkerLost, int]


async def test_what_cannot_be_pickled_is_the_error_of_its_input(makeQueue):
    results = await makeQueue(1).map(type, [1, 2, 3, (x for x in "a")], returnExceptions=True).toList()
    assert results[0] is results[2] is int
    error = await outcome(makeQueue(1).call(type, (x for x in "a")))
    assert type(results[3]) is type(error)
