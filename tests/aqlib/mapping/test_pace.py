# SPDX-License-Identifier: GPL-3.0-or-later
"""How many calls a chunk has."""

import pytest

from aqlib.mapping.pace import BYTES, GROWTH, MAKING, MAKING_ANY, WORK, WORK_IN_REACTOR, Pace


def grown(seconds, size=0, making=0.0, rounds=20):
    """A Pace that has seen chunks as it wanted them, each call of which cost that."""
    pace = Pace()
    for _ in range(rounds):
        count = pace.full
        pace.made(count, making * count + MAKING_ANY)
        pace.done(count, seconds * count, size * count)
    return pace


def test_the_first_chunk_is_one_call():
    assert Pace().full == 1


def test_it_grows_until_a_chunk_is_some_milliseconds_of_work():
    assert grown(0.0001).full == pytest.approx(WORK / 0.0001, abs=1)


def test_a_chunk_has_one_call_however_long_that_takes():
    assert grown(3.0).full == 1


def test_it_grows_step_by_step_for_few_calls_are_no_measure_of_many():
    pace = Pace()
    assert pace.isGrowing
    pace.done(1, 1e-7, 0)
    assert pace.full == GROWTH
    assert pace.isGrowing
    for _ in range(5):
        pace.done(pace.full, pace.full * 1e-7, 0)
    assert not pace.isGrowing


def test_it_shrinks_when_calls_get_longer():
    pace = grown(0.0001)
    for _ in range(10):
        pace.done(pace.full, pace.full * 0.001, 0)
    assert pace.full == pytest.approx(WORK / 0.001, abs=1)


def test_large_results_and_inputs_that_are_slow_to_make_keep_it_small():
    assert grown(1e-6, size=BYTES // 10).full == 10
    assert grown(1e-6, making=MAKING / 5).full == 5


def test_it_is_shorter_in_the_reactors_thread():
    pace = grown(0.0001)
    pace.work = WORK_IN_REACTOR
    assert pace.full == pytest.approx(WORK_IN_REACTOR / 0.0001, abs=1)


def test_towards_the_end_chunks_get_smaller_so_that_all_workers_end_together():
    pace, left, sizes = grown(0.001), 40, []
    while left:
        sizes.append(pace.next(left, workers=2))
        left -= sizes[-1]
    assert sizes == [6, 6, 6, 6, 4, 3, 3, 2, 1, 1, 1, 1]


def test_but_not_so_small_that_the_sending_costs_more_than_the_work():
    assert grown(1e-7).next(10, workers=2) >= 10


def test_a_size_that_was_told_stays():
    pace = Pace(7)
    pace.done(7, 70.0, 7 * BYTES)
    assert (pace.full, pace.next(3, 5), pace.isGrowing) == (7, 7, False)


def test_a_told_size_below_one_is_a_ValueError():
    with pytest.raises(ValueError, match="'chunksize' is a whole number, 1 or more"):
        Pace(0)
