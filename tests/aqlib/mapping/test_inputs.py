# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what a map calls its function with."""

import itertools
import time

import pytest

from aqlib.mapping.inputs import LONGEST_READ, Inputs


def takeAll(inputs, most):
    """The columns that each taking gives, until the end."""
    taken = []
    while not inputs.isOver:
        taken.append([list(column) for column in inputs.take(most)])
    return [columns for columns in taken if columns]


def test_one_iterable_is_read_in_pieces_up_to_its_end():
    inputs = Inputs([range(5)])
    assert takeAll(inputs, 2) == [[[0, 1]], [[2, 3]], [[4]]]
    assert (inputs.isOver, inputs.read, inputs.failure) == (True, 5, None)


def test_no_more_is_read_than_was_asked_for():
    numbers = itertools.count()
    Inputs([numbers]).take(3)
    assert next(numbers) == 3


def test_of_several_the_shortest_ends_them():
    inputs = Inputs([range(5), "abc"])
    assert takeAll(inputs, 10) == [[[0, 1, 2], ["a", "b", "c"]]]
    assert inputs.take(10) == ()


def test_an_iterator_loses_nothing_to_a_shorter_list():
    numbers = iter(range(10))
    inputs = Inputs(["ab", numbers])
    assert inputs.take(5) == (["a", "b"], [0, 1])
    assert next(numbers) == 2


def test_a_range_stays_one():
    assert Inputs([range(10), [1, 2, 3, 4]]).take(3) == (range(3), [1, 2, 3])


def test_a_list_of_a_class_of_its_own_is_iterated():
    class Doubled(list):
        def __iter__(self):
            return (2 * item for item in list.__iter__(self))

    assert Inputs([Doubled([1, 2])]).take(5) == ([2, 4],)


def test_two_that_are_one_iterator_are_read_row_by_row():
    numbers = iter(range(6))
    assert Inputs([numbers, numbers]).take(10) == ((0, 2, 4), (1, 3, 5))


@pytest.mark.parametrize("others", [[], [range(9)], [iter(range(9))]], ids=["alone", "with a range", "with two"])
def test_what_came_before_an_error_is_given_with_it(others):
    def breaks():
        yield from range(3)
        raise OSError("the disk is full")

    inputs = Inputs([breaks(), *others])
    assert all(list(column) == [0, 1, 2] for column in inputs.take(10))
    assert inputs.isOver
    assert inputs.failure is not None
    assert inputs.failure.check(OSError)


def test_a_slow_iterable_is_left_after_a_short_time():
    def slow():
        for i in range(1000):
            begin = time.perf_counter()
            while time.perf_counter() - begin < LONGEST_READ / 2:
                pass
            yield i

    for inputs in (Inputs([slow()]), Inputs([range(1000), slow()])):
        columns = inputs.take(1000)
        assert 1 <= len(columns[-1]) < 20
        assert not inputs.isOver
        assert list(inputs.take(1)[-1]) == [len(columns[-1])]


@pytest.mark.parametrize(
    ("iterables", "left"),
    [
        ([[1, 2, 3]], 3),
        ([iter(range(4))], 4),
        ([itertools.count(), "ab"], 2),
        ([itertools.count()], None),
        ([itertools.repeat(1)], None),
        ([(n for n in range(3))], None),
    ],
)
def test_how_many_are_left_is_known_where_the_iterables_tell(iterables, left):
    assert Inputs(iterables).left == left


def test_a_length_that_is_wrong_or_raises_costs_nothing():
    class Odd:
        def __len__(self):
            raise OSError

        def __iter__(self):
            return iter("ab")

    class Short(Odd):
        def __len__(self):
            return 1

    for odd in (Odd(), Short()):
        assert list(itertools.chain(*(column for [column] in takeAll(Inputs([odd]), 5) if column))) == ["a", "b"]


def test_what_cannot_be_iterated_is_a_TypeError():
    with pytest.raises(TypeError, match="not iterable"):
        Inputs([3])  # type: ignore[list-item]  # that is the test
    with pytest.raises(TypeError, match="needs an iterable"):
        Inputs([])
