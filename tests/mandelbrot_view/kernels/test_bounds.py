# SPDX-License-Identifier: GPL-3.0-or-later
"""Every point comes to an end, after work that is bounded by the limit."""

import random

import numpy as np
import pytest

from mandelbrot_view.kernels import escape
from mandelbrot_view.kernels.deepstate import lanes_in
from mandelbrot_view.kernels.deepwork import DeepWork
from mandelbrot_view.kernels.escape import MAX_LIMITS, KernelError, Work
from mandelbrot_view.kernels.plain import PlainWork, bailed_out
from mandelbrot_view.places.place import Place

from .nuclei import FIRST, LAST, ZOOMS, nuclei, place, works

SIZE = (9, 7)
POINTS = SIZE[0] * SIZE[1]


def marked(work: Work) -> Work:
    """The work with no steps anywhere, so that a point without an end is seen."""
    work.steps[:] = np.nan
    return work


def pending(work: DeepWork) -> list[int]:
    """The points of a deep work whose tiles are done that wait, or are in lanes: none may be there twice."""
    last, rest = work._last[0], work._pixels[0]
    return [
        *range(int(last["next"]), work.steps.size),
        *last["point"][lanes_in(last)].tolist(),
        *work._rest[rest["next"] : last["rest"]].tolist(),
        *rest["point"][lanes_in(rest)].tolist(),
    ]


def finish(work: Work) -> Work:
    while not work.is_done:
        work.run(0.005)
    return work


@pytest.mark.parametrize(
    "period", [pytest.param(period, marks=[pytest.mark.slow] if period % 9 != 2 else []) for period in range(1, 201)]
)
def test_work_is_bounded_by_the_limit_around_a_nucleus(period, compiled, deep):
    limit = 20 * period + 200
    zooms = [FIRST + (LAST - FIRST) * number // (ZOOMS - 1) for number in range(ZOOMS)]
    for zoom in zooms:
        for work in works(place(period - 1, zoom, limit), SIZE, compiled, deep):
            if isinstance(work, PlainWork) and zoom % 8:
                continue  # a numpy step of a few points costs as much as one of thousands
            finish(work)
            assert work.units <= MAX_LIMITS * POINTS * (limit + 64), (zoom, type(work).__name__)


@pytest.mark.parametrize("seed", range(10))
def test_every_point_waits_or_is_in_a_lane_or_is_done(seed, deep, compiled):
    chance = random.Random(seed)
    for _ in range(200):
        period = chance.randint(1, 200)
        limit = chance.choice([1, 7, 64, 500, 10 * period, 3000])
        centre = place(period - 1, 0, limit)
        zoom = chance.uniform(20, 50) if chance.random() < 0.8 else chance.uniform(50, 1000)
        shifted = place(period - 1, chance.randint(0, LAST), limit, chance.uniform(-0.6, 0.6))
        for here in (Place.make(centre.re, centre.im, repr(2.0**zoom), limit), shifted):
            work = marked(next(works(here, SIZE, compiled, deep)))
            if isinstance(work, DeepWork):
                check_partition(work, chance)
            else:
                assert not np.isnan(finish(work).steps).any()


def check_partition(work: DeepWork, chance: random.Random) -> None:
    while not work.is_done:
        work.budget = chance.randint(1, 40)
        work.run(1e-6)
        if not work._levels.isDone or work._nextWidePixel[0] < work.steps.size:
            continue
        waiting = pending(work)
        assert len(waiting) == len(set(waiting))
        # A point is done when its steps are set; the others are NaN still.
        assert np.flatnonzero(np.isnan(work.steps.ravel())).tolist() == sorted(waiting)
    assert not np.isnan(work.steps).any()


@pytest.mark.parametrize(
    ("re", "im", "zoom", "limit"),
    [
        ("0.001643721971153", "-0.822467633298876", "1e12", 7000),
        ("0.001643721971153", "-0.822467633298876", "4.9e10", 10_000),
        ("-0.74511857534642137518615", "0.1311863935365513784126", "5e10", 6000),
    ],
)
def test_pictures_with_a_reference_that_returns_soon_come_to_an_end(re, im, zoom, limit, compiled, deep):
    work = marked(next(works(Place.make(re, im, zoom, limit), (64, 36), compiled, deep)))
    assert (finish(work).counts <= limit + 1).all()
    assert not np.isnan(work.steps).any()


class Idle(Work):
    """A kernel at which nothing ends."""

    first_budget = 100
    max_lanes = 1

    def __init__(self, units: int) -> None:
        super().__init__((2, 3), 10, None)
        self.each = units

    def advance(self, budget: int) -> int:
        return self.each

    def position(self) -> tuple[int, ...]:
        return (0,)

    def first_pending(self) -> int:
        return 4

    def smooth(self, first: int, end: int) -> None:
        self.counts[first:end] = 0


@pytest.mark.parametrize("units", [0, 1, 1000])
def test_a_kernel_that_comes_to_no_end_raises(units):
    work = Idle(units)
    with pytest.raises(KernelError, match="point 4 of 3 x 2, limit 10"):
        finish(work)


def test_an_orbit_that_is_no_number_ends_within_the_steps_to_the_bail_out_radius():
    start = np.array([np.nan, 2.0 + 1e-15, 3.0]), np.zeros(3)
    steps, size2 = bailed_out(*start, np.array([0.0, -2.0 - 1e-15, 0.0]), np.zeros(3), np.zeros(3, np.int64))
    assert (steps <= escape.MAX_BAILOUT_STEPS).all()
    assert (size2 > escape.BAILOUT2).tolist() == [False, True, True]


def test_there_is_a_nucleus_of_each_period():
    assert [period for period, *_ in nuclei()] == list(range(1, 201))
