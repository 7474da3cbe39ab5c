# SPDX-License-Identifier: GPL-3.0-or-later
import gmpy2
import numpy as np
import pytest

from mandelbrot_view.orbits.derivative import Derivative

from .direct import E14, E112, orbit

# Period 3's nucleus, cut: its orbit comes back to 0 every third time within 1e-16, 1e-40.
NEAR_3 = ("-1.7548776662466927", "0")
NEARER_3 = ("-1.7548776662466927600495088963585286918946", "1e-45")


def follow(points, block):
    """log2|d| of all points but the first, taken in blocks."""
    return follow_into(Derivative(), points, block)


def follow_into(derivative, points, block=512):
    z = np.array([complex(z) for z, _ in points[:-1]])
    with np.errstate(divide="ignore"):
        sizes = np.log2(np.abs(z))
    found = [derivative.follow(z[k : k + block], sizes[k : k + block]) for k in range(0, len(z), block)]
    assert derivative.size == found[-1][-1]
    return np.concatenate(found)


@pytest.mark.parametrize("block", [1, 7, 512])
@pytest.mark.parametrize(
    ("re", "im"),
    [E14[:2], E112[:2], NEAR_3, NEARER_3, ("-2", "0"), ("0.1", "0.2"), ("-0.75", "0.01"), ("0", "0"), ("-1", "0")],
    ids=["e14", "e112", "near 3", "nearer 3", "needle", "inside", "valley", "zero", "period 2"],
)
def test_the_derivative_is_that_of_the_orbit(re, im, block):
    points = orbit(re, im, 500, 300)
    found = follow(points, block)
    expected = np.array([float(gmpy2.log2(abs(d))) for _, d in points[1:]])
    assert np.isfinite(expected).all()
    assert found == pytest.approx(expected, abs=1e-5)


def test_a_z_below_the_range_of_doubles_counts_by_its_size():
    # d_1 = 1, d_2 = 2 * 2**40 + 1, ..., then a fall by 2**1999 and rises again: as if z had gone on.
    z = np.array([0, *[2.0**40] * 60, 1.0, *[2.0**30] * 3], complex)
    sizes = np.array([-np.inf, *[40.0] * 60, -2000.0, *[30.0] * 3])
    found = Derivative().follow(z, sizes)
    assert found[60] == pytest.approx(60 * 41)
    assert found[61] == pytest.approx(60 * 41 - 1999)
    assert found[64] == pytest.approx(60 * 41 - 1999 + 3 * 31)


def test_a_derivative_that_falls_below_the_range_of_doubles_is_one_again():
    z = np.array([0, 2.0**60, 1.0, 2.0**10], complex)
    found = Derivative().follow(z, np.array([-np.inf, 60.0, -2000.0, 10.0]))
    assert found == pytest.approx([0, 61, 0, 11], abs=1e-3)


def test_a_z_that_stands_with_a_direction_only_is_small_all_the_same():
    # Between what a double holds and 2**-1000, beside a small d.
    z = np.array([0, 1.5j, 1.0], complex)
    found = Derivative().follow(z, np.array([-np.inf, -950.0, 0.0]))
    assert found.tolist() == [0.0, 0.0, pytest.approx(np.log2(3))]


def test_it_has_a_direction():
    derivative = Derivative()
    assert derivative.direction == 0
    points = orbit(*E112[:2], 500, 1000)
    follow_into(derivative, points)
    d = points[-1][1]
    with gmpy2.context(precision=500):
        assert derivative.direction == pytest.approx(complex(d / abs(d)), abs=1e-6)
