# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for both kernels, the compiled one and the plain one."""

import time

import numpy as np
import pytest

from mandelbrot_view.kernels.compiler import machine_code, shape_for
from mandelbrot_view.kernels.machinecode import Kernel
from mandelbrot_view.kernels.plain import PlainWork

from .direct import axes, disagreement, smooth_counts

VIEWS = {
    "whole set": (-0.75, 0.0, 1.25, 300),
    "seahorse valley": (-0.743643887037151, 0.131825904205330, 1e-3, 1000),
    "minibrot": (-1.768778833, -0.001738996, 2e-2, 500),
    "far out": (0.3, 0.2, 10.0, 20),
}
NEVER = 60.0


@pytest.fixture(params=["compiled", "plain"])
def start(request):
    """What starts the work on a grid."""
    return PlainWork if request.param == "plain" else request.getfixturevalue("compiled")


def counts_of(work):
    while not work.is_done:
        work.run(0.005)
    return work.counts


def without_periods(counts):
    return np.maximum(counts, -1)


@pytest.mark.parametrize("view", VIEWS)
def test_counts_are_those_of_the_definition(start, view):
    re, im, radius, limit = VIEWS[view]
    columns, rows, spacing = axes(re, im, radius, 48, 36)
    expected = smooth_counts(columns, rows, limit)
    found = without_periods(counts_of(start(columns, rows, limit)))
    # Rounding moves the orbits of points near the border, in any order of computing: how many it may change is
    # judged by what a shift by a thousandth of a pixel does.
    shifted = smooth_counts(columns + spacing / 1000, rows, limit)
    assert np.isfinite(found).all()
    assert disagreement(found, expected) <= disagreement(shifted, expected)


def test_points_inside_tell_their_period(start):
    # Of the main cardioid, the disc at its left, the one at its top, and minibrots on the antenna.
    columns = np.array([0.0, -1.0, -1.7549, -1.3107, -1.6254])
    assert counts_of(start(columns, np.array([0.0]), 10_000)).tolist() == [[-2, -3, -4, -5, -6]]
    assert counts_of(start(np.array([-0.1226]), np.array([0.7449, -0.7449]), 10_000)).tolist() == [[-4], [-4]]


def test_the_period_is_known_but_for_a_rim_though_the_limit_is_low(compiled):
    # The disc of period 3. Towards its rim orbits come to their cycle ever more slowly.
    columns, rows, _ = axes(-0.1226, 0.7449, 0.1, 300, 300)
    x, y = np.meshgrid(columns + 0.1226, rows - 0.7449)
    inside = counts_of(compiled(columns, rows, 1000))[x * x + y * y < 0.09**2]
    assert np.mean(inside == -4) > 0.97
    assert np.isin(inside, (-4, -1)).all()


def test_points_that_are_followed_to_the_limit_have_the_count_minus_1(start):
    assert counts_of(start(np.array([-1.85, 0.251]), np.array([0.0]), 30)).tolist() == [[-1, -1]]


@pytest.mark.parametrize("limit", [1, 2, 7, 8, 9, 100])
def test_the_limit_is_exact_whatever_the_blocks(start, limit):
    columns, rows, _ = axes(-0.6, 0.3, 2.0, 40, 30)
    expected = smooth_counts(columns, rows, limit)
    assert ((counts_of(start(columns, rows, limit)) < 0) == (expected < 0)).all()


def test_points_far_outside_and_such_as_are_none_return_at_once(start):
    # Had they to be followed, so many steps would never end.
    columns = np.array([2.5, 1e3, 1e200, np.inf, -np.inf, np.nan])
    found = counts_of(start(columns, np.array([0.0, 1e300, np.nan]), 10**9))
    assert (found >= 0).all()
    assert (found < 8).all()


def test_cycles_are_recognised_long_before_the_limit(start):
    # In the disc of period 3, and in minibrots of periods 4 and 5: with 10^9 steps each this would take minutes.
    columns = np.array([-0.12256, -0.1226, -1.3107, -1.6254])
    assert (counts_of(start(columns, np.array([0.0, 0.7449]), 10**9))[0, 2:] < 0).all()
    assert (counts_of(start(columns, np.array([0.7449]), 10**9))[0, :2] < 0).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 1), (33, 47), (8, 8)])
def test_known_counts_are_taken_over_and_the_rest_is_the_same_to_the_bit(start, shape):
    columns, rows, _ = axes(-0.7436, 0.1318, 1e-3, shape[1], shape[0])
    direct = counts_of(start(columns, rows, 500))
    known = counts_of(start(columns[::2], rows[::2], 500))
    assert (counts_of(start(columns, rows, 500, known)) == direct).all()
    marked = counts_of(start(columns, rows, 500, np.full_like(known, 77)))
    assert (marked[::2, ::2] == 77).all()


def test_a_grid_without_points_is_done(start):
    nothing, something = np.empty(0), np.zeros(3)
    assert start(nothing, something, 10).is_done
    assert start(something, nothing, 10).is_done


def test_a_single_hard_point_can_be_left_in_the_middle(start):
    # On the antenna of the set: a chaotic orbit, in no short cycle.
    work = start(np.array([-1.85]), np.array([0.0]), 10**9)
    begin = time.perf_counter()
    for _ in range(3):
        work.run(0.005)
    assert time.perf_counter() - begin < NEVER
    assert not work.is_done


def test_rows_are_whole_from_the_top_on_while_the_rest_is_computed(start):
    columns, rows, _ = axes(-0.743643887037151, 0.131825904205330, 1e-4, 120, 90)
    whole = counts_of(start(columns, rows, 3000))
    work = start(columns, rows, 3000)
    work.budget = 1
    seen = set()
    while not work.is_done:
        work.run(1e-6)
        seen.add(work.whole_rows)
        assert (work.counts[: work.whole_rows] == whole[: work.whole_rows]).all()
    assert len(seen) > 2


@pytest.mark.parametrize("shape", [(4, 4), (2, 6), (8, 2)])
def test_any_width_of_vectors_gives_the_same_picture(compiled, shape):
    columns, rows, _ = axes(-0.75, 0.0, 1.25, 60, 50)
    other = Kernel(machine_code("direct", shape))
    # Whether a cycle is found before the limit is a matter of when it is looked for.
    found, expected = (without_periods(counts_of(start(columns, rows, 300))) for start in (other, compiled))
    assert (found == expected).all()


@pytest.mark.parametrize(
    ("features", "shape"),
    [("+sse2,+avx,+avx2,+avx512f", (8, 6)), ("+sse2,+avx2,-avx512f", (4, 4)), ("+sse2", (2, 6)), ("+neon", (2, 6))],
)
def test_the_width_suits_the_processor(features, shape):
    assert shape_for(features) == shape
