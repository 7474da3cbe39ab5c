# SPDX-License-Identifier: GPL-3.0-or-later
"""The deep kernels against direct iteration in many digits: see tests/mandelbrot_view/truths."""

from decimal import Decimal, localcontext
from math import hypot, log2

import numpy as np
import pytest

from mandelbrot_view.kernels.compiler import machine_code
from mandelbrot_view.kernels.deeptable import Grid
from mandelbrot_view.kernels.deepwork import DeepKernel
from mandelbrot_view.kernels.plaindeep import PlainDeepWork
from mandelbrot_view.orbits.reference import Reference, compute, spacing_of

from ..truths.judging import SIZE, judge, load

# Every deep place whose picture takes no more than some seconds.
TRUTHS = {truth.name: truth for truth in load() if spacing_of(truth.place.zoom, SIZE)[1] < -30}
SLOW = {"dinosaur_fossils", "e227", "e1086"}


def grid(zoom: str, rows: slice = slice(0, SIZE[1]), columns: slice = slice(0, SIZE[0]), step: int = 1) -> Grid:
    """Pixels of the picture around the reference's own point."""
    mantissa, exponent = spacing_of(zoom, SIZE)
    left, top = columns.start - (SIZE[0] - 1) / 2, (SIZE[1] - 1) / 2 - rows.start
    height, width = len(range(rows.start, rows.stop, step)), len(range(columns.start, columns.stop, step))
    reach = log2(hypot(*SIZE) * mantissa) + exponent
    return Grid(height, width, left * mantissa, top * mantissa, step * mantissa, exponent, reach)


def done(work) -> np.ndarray:
    while not work.is_done:
        work.run(0.005)
    return work.counts


def reference_of(truth) -> Reference:
    place = truth.place
    return compute(place.re, place.im, place.zoom, SIZE, truth.limit)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else []) for name in TRUTHS]
)
def test_a_whole_picture_agrees_with_direct_iteration(name, deep):
    truth = TRUTHS[name]
    counts = done(deep(grid(truth.place.zoom), reference_of(truth), truth.limit))
    assert judge(truth, [float(counts[pixel.row, pixel.column]) for pixel in truth.pixels]) == []


@pytest.mark.parametrize("name", ["e14", "e50", "e1000"])
def test_passes_from_coarse_to_fine_agree_with_direct_iteration(name, deep):
    truth, columns, rows = TRUTHS[name], slice(0, 512), slice(0, 256)
    reference, known = reference_of(truth), None
    for step in (8, 4, 2, 1):
        known = done(deep(grid(truth.place.zoom, rows, columns, step), reference, truth.limit, known))
    whole = done(deep(grid(truth.place.zoom), reference, truth.limit))
    counts = whole.copy()
    counts[:256, :512] = known
    assert judge(truth, [float(counts[pixel.row, pixel.column]) for pixel in truth.pixels]) == []
    # What the coarse passes knew has been taken over.
    assert np.median(np.abs(known - whole[:256, :512])) < 1e-2


def test_a_part_of_the_picture_is_the_same_by_itself(deep):
    truth = TRUTHS["e113"]
    reference = reference_of(truth)
    middle = done(deep(grid(truth.place.zoom), reference, truth.limit))
    part = grid(truth.place.zoom, slice(100, 164), slice(700, 828))
    assert np.median(np.abs(done(deep(part, reference, truth.limit)) - middle[100:164, 700:828])) < 1e-2


@pytest.mark.parametrize("shape", [(4, 4), pytest.param((2, 6), marks=pytest.mark.slow)])
def test_any_width_of_vectors_agrees_with_direct_iteration(shape):
    kernel = DeepKernel(machine_code("deep", shape))
    for name in ("e113", "e1000"):
        truth = TRUTHS[name]
        counts = done(kernel(grid(truth.place.zoom), reference_of(truth), truth.limit))
        assert judge(truth, [float(counts[pixel.row, pixel.column]) for pixel in truth.pixels]) == []


class TestInside:
    """A minibrot's inside: its points return for ever, and are told from those that take long."""

    RE, IM, ZOOM = "-1.7548776662466927600495088963585286918946066177727931439", "0", "1e25"

    def test_it_is_found_without_following_it_to_the_limit(self, deep):
        # The centre of the largest minibrot, of period 3: everything within 1e-25 of it is inside.
        reference = compute(self.RE, self.IM, self.ZOOM, SIZE, 10**9)
        counts = done(deep(grid(self.ZOOM), reference, 10**9))
        assert (counts == -1 - 3).all()

    def test_where_doubles_end_as_well(self, deep):
        reference = compute(nucleus_of_period_3(), self.IM, "1e400", SIZE, 10**9)
        assert (done(deep(grid("1e400"), reference, 10**9)) == -1 - 3).all()


def nucleus_of_period_3() -> str:
    """The root near -1.75 of (c^2 + c)^2 + c, divided by c, by Newton's method."""
    with localcontext(prec=500):
        c = Decimal("-1.7548776662466927")
        for _ in range(8):
            c -= (c**3 + 2 * c**2 + c + 1) / (3 * c**2 + 4 * c + 1)
        return str(c)


class TestThePlainOne:
    @pytest.mark.parametrize("name", ["e14", "e1000"])
    def test_it_agrees_with_the_compiled_one(self, name, deep):
        truth = TRUTHS[name]
        part = grid(truth.place.zoom, slice(300, 420, 12), slice(200, 1000, 80), 40)
        reference = reference_of(truth)
        compiled = done(deep(part, reference, truth.limit))
        plain = done(PlainDeepWork(part, reference, truth.limit))
        assert compiled.shape == plain.shape
        assert np.median(np.abs(compiled - plain)) < 1e-2


class TestBadPlaces:
    @pytest.mark.parametrize(("re", "im"), [("3", "0"), ("-2.5", "4"), ("16", "-16")])
    def test_far_outside_it_returns_at_once(self, re, im, deep):
        reference = compute(re, im, "1e40", SIZE, 10**9)
        counts = done(deep(grid("1e40"), reference, 10**9))
        assert (counts >= 0).all()
        assert counts.max() < 10

    def test_a_limit_of_one_leaves_all_inside(self, deep):
        truth = TRUTHS["e50"]
        reference = compute(truth.place.re, truth.place.im, truth.place.zoom, SIZE, 1)
        assert (done(deep(grid(truth.place.zoom), reference, 1)) == -1).all()

    def test_an_empty_grid_is_done(self, deep):
        truth = TRUTHS["e50"]
        none = grid(truth.place.zoom)._replace(rows=0)
        assert deep(none, reference_of(truth), truth.limit).is_done
