# SPDX-License-Identifier: GPL-3.0-or-later
"""The typed form of a call: type checkers know what its Deferred fires with. mypy reads the assertions of types."""

from collections.abc import Iterator
from typing import assert_type

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from aqlib import AsyncWorker, Deferator, Task, TaskQueue
from aqlib.testing import outcomeOf


def half(n: int, text: str = "") -> float:
    return n / 2


def upTo(n: int) -> Iterator[int]:
    yield from range(n)


async def later(text: str) -> str:
    return text


def fired(n: int) -> "Deferred[bytes]":
    deferred: Deferred[bytes] = Deferred()
    deferred.callback(bytes(n))
    return deferred


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queue(clock: Clock) -> TaskQueue:
    return TaskQueue(AsyncWorker(), reactor=clock)


def test_a_function_gives_its_result(queue: TaskQueue, clock: Clock) -> None:
    deferred = queue.using(niceness=1).call(half, 3, text="x")
    assert_type(deferred, Deferred[float])
    clock.advance(0)
    assert outcomeOf(deferred) == [1.5]


def test_a_generator_gives_a_deferator_of_its_items(queue: TaskQueue, clock: Clock) -> None:
    deferred = queue.using().call(upTo, 2)
    assert_type(deferred, Deferred[Deferator[int]])
    clock.pump([0, 0])
    [deferator] = outcomeOf(deferred)
    assert [outcomeOf(item) for item in deferator] == [[0], [1]]


def test_a_coroutine_and_a_deferred_give_what_they_fire_with(queue: TaskQueue, clock: Clock) -> None:
    text, data = queue.using().call(later, "x"), queue.using().call(fired, 2)
    assert_type(text, Deferred[str])
    assert_type(data, Deferred[bytes])
    clock.pump([0, 0])
    assert (outcomeOf(text), outcomeOf(data)) == (["x"], [b"\0\0"])


def test_submit_gives_the_task(queue: TaskQueue) -> None:
    assert_type(queue.using().submit(half, 3), Task)


def test_arguments_that_do_not_fit_are_errors_of_types(queue: TaskQueue) -> None:
    calling = queue.using()
    # mypy says so when one of these is no error.
    tasks = [
        calling.submit(half, "three"),  # type: ignore[arg-type]
        calling.submit(half, 3, other=1),  # type: ignore[call-arg]
    ]
    for task in tasks:
        task.cancel()
        outcomeOf(task.deferred)


class TestChoices:
    def test_tasks_that_are_queued_alike_share_their_options(self, queue):
        first, second = (queue.submit(len, "", niceness=3, series=None, timeout=5) for _ in range(2))
        assert first.options is second.options
        assert (first.options.niceness, first.options.timeout) == (3, 5)

    def test_what_is_one_tasks_own_is_not_kept(self, queue):
        first, second = (queue.submit(len, "", name="a name") for _ in range(2))
        assert first.options == second.options
        assert first.options is not second.options

    @pytest.mark.parametrize(("option", "number"), [("niceness", 0), ("niceness", 3), ("retries", 3)])
    def test_a_number_that_equals_a_whole_one_and_is_none_is_refused_each_time(self, queue, option, number):
        queue.submit(len, "", **{option: number})
        with pytest.raises(ValueError, match=f"not {number}.0"):
            queue.submit(len, "", **{option: float(number)})

    def test_options_that_cannot_be_keys_are_options_like_others(self, queue):
        with pytest.raises(TypeError, match="unhashable"):
            queue.submit(len, "", series=[])

    def test_of_those_the_error_says_what_should_stand_there_when_it_can(self, queue):
        with pytest.raises(TypeError, match="'retryOn' takes a class of exceptions or a tuple"):
            queue.submit(len, "", retries=1, retryOn=[OSError])

    def test_however_many_choices_there_are_few_are_kept(self, queue):
        for seconds in range(1, 1000):
            queue.submit(len, "", timeout=seconds)
        assert len(queue._choices._known) <= 256
