# SPDX-License-Identifier: GPL-3.0-or-later
"""Passes of a picture whose every sample costs the same, on a clock."""

import pytest
from twisted.internet.task import Clock

from mandelbrot_view.pictures.tiles import COARSEST
from mandelbrot_view.qt.pace import Pace

WORKERS = 2


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pace(clock):
    return Pace(clock.seconds)


def passes(pace, clock, work_of_a_pixel, number=8, busy=1.0):
    """The steps and bands of some passes; busy: how many times as long as on idle cores they take."""
    done = []
    for _ in range(number):
        step, bands = pace.begin(WORKERS)
        work = 1280 * 720 / step**2 * work_of_a_pixel
        clock.advance(work / bands * busy)
        pace.end(work)
        done.append((step, bands))
    return done


def test_where_pixels_are_cheap_passes_become_as_fine_as_the_picture(pace, clock):
    assert [step for step, _ in passes(pace, clock, 3e-9)] == [8, 4, 2, 1, 1, 1, 1, 1]


def test_where_they_are_dear_passes_become_coarser_and_there_is_an_end_to_it(pace, clock):
    steps = [step for step, _ in passes(pace, clock, 1e-5)]
    assert steps == [COARSEST] + 7 * [2 * COARSEST]


@pytest.mark.parametrize("work_of_a_pixel", [10**-8.5, 1e-8, 2e-8, 5e-8, 1e-7, 3e-7, 1e-6])
def test_it_settles(pace, clock, work_of_a_pixel):
    steps = [step for step, _ in passes(pace, clock, work_of_a_pixel)]
    assert len(set(steps[4:])) == 1


def test_when_the_machine_is_busy_they_become_coarser(pace, clock):
    alone = passes(pace, clock, 2e-8)[-1][0]
    assert passes(pace, clock, 2e-8, busy=10)[-1][0] > alone


def test_a_tiny_pass_is_done_by_one_worker(pace, clock):
    # As fine as it gets, and still tiny.
    assert passes(pace, clock, 1e-9)[-1] == (1, 1)
    assert passes(pace, clock, 4e-9)[-1] == (1, WORKERS)


def test_a_pass_that_was_cut_short_says_nothing(pace, clock):
    step, _ = pace.begin(WORKERS)
    clock.advance(10)
    pace.end(None)
    assert pace.begin(WORKERS)[0] == step
