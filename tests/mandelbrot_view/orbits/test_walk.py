# SPDX-License-Identifier: GPL-3.0-or-later
from math import inf

import gmpy2
import numpy as np
import pytest

from mandelbrot_view.orbits.nucleus import nucleus
from mandelbrot_view.orbits.numbers import fixed
from mandelbrot_view.orbits.walk import Walk

from .direct import E14, E112, orbit

NEVER = -1e9
NUCLEUS_3 = "-1.754877666246692760049508896358528691894606617772793143989283970646080655920"


def walk(re, im, bits, limit, near=NEVER):
    return Walk(fixed(re, bits), fixed(im, bits), bits, near, limit)


def blocks_of(walker, block=100):
    blocks = []
    while not walker.has_ended():
        blocks.append(walker.go(block))
    return [np.concatenate(parts) for parts in zip(*blocks, strict=True)]


def exact(z, exponent):
    return gmpy2.mpc(*z) * gmpy2.mpfr(2) ** int(exponent)


@pytest.mark.parametrize("bits", [160, 999, 1000, 1001, 1600])
@pytest.mark.parametrize(("re", "im"), [E14[:2], E112[:2]], ids=["e14", "e112"])
def test_points_are_those_of_the_orbit(re, im, bits):
    z, exponents, sizes, _ = blocks_of(walk(re, im, bits, 240))
    with gmpy2.context(precision=2000):
        for found, exponent, size, (expected, _) in zip(z, exponents, sizes, orbit(re, im, 2000, 240)[1:], strict=True):
            assert exponent == 0
            assert abs(exact(found, exponent) - expected) <= 2**-52 * abs(expected)
            assert size == pytest.approx(float(gmpy2.log2(abs(expected))), abs=1e-9)


@pytest.mark.parametrize("bits", [1000, 1700])
def test_points_below_the_range_of_doubles_have_exponents(bits):
    # Period 2: z_2, z_4 and so on are near to 0, by about the point's own distance from -1.
    re, im = "-1." + "0" * 281 + "1", "-1e-285"
    z, exponents, sizes, _ = blocks_of(walk(re, im, bits, 60), block=7)
    near = np.arange(1, 61) % 2 == 0
    assert (exponents[~near] == 0).all()
    assert (exponents[near] < -930).all()
    larger = np.abs(z[near]).max(axis=1)
    assert ((larger >= 1) & (larger < 2)).all()
    with gmpy2.context(precision=3000):
        for found, exponent, size, (expected, _) in zip(z, exponents, sizes, orbit(re, im, 3000, 60)[1:], strict=True):
            assert abs(exact(found, exponent) - expected) <= 2**-52 * abs(expected)
            assert size == pytest.approx(float(gmpy2.log2(abs(expected))), abs=1e-9)


def test_a_point_that_comes_back_to_0_exactly_has_a_plain_zero():
    walker = walk("-1", "0", 1500, 8)
    z, exponents, sizes, _ = blocks_of(walker)
    assert z.tolist() == [[-1.0, 0.0], [0.0, 0.0]]
    assert not exponents.any()
    assert sizes.tolist() == [0.0, -inf]
    assert walker.return_size == -inf


@pytest.mark.parametrize("bits", [80, 2000])
@pytest.mark.parametrize("re", ["0.26", "2", "-16"])
def test_an_orbit_that_escapes_ends_there(re, bits):
    walker = walk(re, "0", bits, 10_000)
    z, *_ = blocks_of(walker)
    assert walker.has_ended()
    assert walker.escaped
    assert len(z) == walker.steps < 50
    assert z[-1, 0] ** 2 > 1e6
    assert (z[:-1, 0] ** 2 <= 1e6).all()


def test_an_orbit_ends_at_a_return():
    walker = walk(NUCLEUS_3, "1e-40", 300, 1000, near=-120.0)
    z, *_ = blocks_of(walker)
    assert walker.has_ended()
    assert not walker.escaped
    assert walker.steps == len(z) == 3
    # The distance from the nucleus, for the derivative is what makes it z.
    assert walker.return_size == pytest.approx(np.log2(1e-40), abs=1e-6)


def test_an_orbit_passes_returns_that_are_not_near_enough():
    walker = walk(NUCLEUS_3, "1e-40", 300, 1000, near=-140.0)
    blocks_of(walker)
    assert walker.steps == 1000
    assert walker.return_size == inf


def test_a_return_counts_before_an_escape_in_the_same_block():
    # Both within some hundred steps: the place is outside, and escapes soon after it has returned.
    walker = walk(*E14[:2], 200, 5000, near=-45.0)
    walker.go(5000)
    assert walker.steps == 252
    assert walker.return_size < -45
    assert not walker.escaped


def test_the_cut_into_blocks_changes_nothing():
    *whole, nearness = blocks_of(walk(*E112[:2], 500, 2000), block=2000)
    for block in (1, 333):
        *parts, near = blocks_of(walk(*E112[:2], 500, 2000), block)
        for part, other in zip(parts, whole, strict=True):
            assert (part == other).all()
        assert near == pytest.approx(nearness, abs=1e-6)


@pytest.mark.parametrize("block", [1, 64, 512])
@pytest.mark.parametrize(("digits", "bits"), [(116, 460), (120, 500), (120, 1100)])
def test_digits_that_are_dropped_come_back_when_the_derivative_falls(digits, bits, block):
    """Near a nucleus it falls to almost nothing with every return, and grows again."""
    re, im = (part[:digits] for part in nucleus(*E112[:2], 1142, -375.0, -370.0).text())
    steps = 1142 * 3
    walker = walk(re, im, bits, steps)
    z, exponents, *_ = blocks_of(walker, block)
    with gmpy2.context(precision=3000):
        for found, exponent, (expected, d) in zip(z, exponents, orbit(re, im, 3000, steps)[1:], strict=True):
            error = abs(exact(found, exponent) - expected)
            assert error <= 2**-52 * abs(expected) + abs(d) * gmpy2.mpfr(2) ** (12 - bits)
