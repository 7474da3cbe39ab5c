# SPDX-License-Identifier: GPL-3.0-or-later
"""The nearest minibrot: where it is, its period, its size, and the picture that shows it.

A minibrot is about the whole set, turned and scaled by the number 1 / (b l^2) with l the product of 2 z_k and b the sum
of the 1 / (2 z_1 ... 2 z_k), over the nucleus' orbit from z_1 to z_(p-1) (Claude Heiland-Allen's size estimate, 2013).
As b l is dz_p/dc, it is 1 / (l dz_p/dc).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal
from math import hypot, inf, log2

import numpy as np

from ..wanted import check_wanted
from .nucleus import Nucleus, NucleusError, nucleus
from .numbers import difference
from .period import Return, returns
from .reference import Size, radius_of
from .shape import Shape
from .walk import BLOCK, Walk

# The set is about 2.25 wide and high, so that five times the scale of a minibrot is twice its height.
_HEIGHTS = Decimal("0.8")
# A nucleus is looked for to so many radii of the disc that it is thought to be in, log2.
_BEYOND = 1.0
# Discs grow by this, log2, up to where everything is within reach: the whole set, and a place as far out as can be.
_GROWTH = 2.0
_LARGEST = 6.0
# A return is to the nucleus itself if it is within so many times its precision, log2.
_SAME = 10.0
# Steps of orbits that tries may have together, beyond two orbits as long as the limit: each is made several times.
_LEAST_STEPS = 20_000

_DIGITS = Context(prec=6)
_WORKING = Context(prec=30)


class NoMinibrot(Exception):
    """There is none to be found. Its message says what to do."""


@dataclass(frozen=True)
class Minibrot:
    """A small copy of the set.

    re, im: its nucleus; size: its scale, that of the whole set being 1; zoom: that of a picture of which it fills about
    half the height: all as decimal text. angle: by how much it is turned against the whole set, in radians from -pi to
    pi. is_disc: it is none, but a disc at a larger component, for there is no minibrot as near.
    """

    re: str
    im: str
    period: int
    size: str
    angle: float
    zoom: str
    is_disc: bool


def nearest_minibrot(place_re: str, place_im: str, zoom: str, size: Size, limit: int) -> Minibrot:
    """A minibrot in a picture, one of the lowest period; or else the nearest one to it, or a disc that is as near.

    place_re, place_im: the picture's centre, and zoom: 4 / its height in the plane, as decimal text; size: (width,
    height) in pixels; limit: iterations, which are the highest period. A task: it tells its progress, and raises
    Cancelled when it is no longer wanted. Raises NoMinibrot.
    """
    mantissa, exponent = radius_of(zoom, size)
    other, reached = None, inf
    steps = 2 * limit + _LEAST_STEPS
    for there, radius in _candidates(place_re, place_im, log2(mantissa) + exponent, limit):
        steps -= there.period
        if radius > reached or steps < 0:
            break
        try:
            found = _minibrot(nucleus(place_re, place_im, there.period, there.distance, radius + _BEYOND))
        except NucleusError:
            continue
        if not found.is_disc and _distance(found, place_re, place_im) <= radius:
            return found
        if other is None:
            other, reached = found, radius
    if other is not None:
        return other
    raise NoMinibrot(f"no minibrot with a period of at most {limit} was found near here; try a higher limit")


def _candidates(re: str, im: str, radius: float, limit: int) -> Iterator[tuple[Return, float]]:
    """Returns whose nuclei may be in the picture, from the lowest period on; then those in discs that grow.

    With each, log2 of the radius of the disc that it may be in.
    """
    farther = []
    for there in returns(re, im, radius, limit):
        if there.distance <= radius:
            yield there, radius
        else:
            farther.append(there)
    while farther and radius < _LARGEST:
        radius += _GROWTH
        for there in farther:
            if there.distance <= radius:
                yield there, radius
        farther = [there for there in farther if there.distance > radius]


def _distance(found: Minibrot, re: str, im: str) -> float:
    """Of its nucleus from a point, log2."""
    across, up, exponent = difference((found.re, found.im), (re, im))
    return log2(hypot(across, up)) + exponent if across or up else -inf


def _minibrot(found: Nucleus) -> Minibrot:
    period = _true_period(found)
    walk = _walk(found, -inf, period)
    log2_l, direction, shape = 0.0, 1 + 0j, Shape()
    while not walk.has_ended():
        check_wanted("this minibrot")
        block = walk.go(BLOCK)
        # The last one is z_p, which is 0.
        count = len(block.z) - (walk.steps == period)
        z = block.z[:count].view(complex)[:, 0]
        shape.follow(z, block.exponents[:count])
        log2_l += float(np.sum(block.sizes[:count] + 1))
        direction *= complex(np.multiply.reduce(z / np.abs(z)))
    log2_size = -log2_l - walk.derivative.size
    scale = _power_of_two(log2_size)
    re, im = found.text()
    angle = float(np.angle(1 / (direction * walk.derivative.direction)))
    return Minibrot(re, im, period, _text(scale), angle, _text(_WORKING.divide(_HEIGHTS, scale)), not shape.is_cardioid)


def _true_period(found: Nucleus) -> int:
    """The steps after which the orbit first is back: at a multiple of a nucleus' period it is back as well."""
    walk = _walk(found, found.precision + _SAME, found.period)
    while not walk.has_ended():
        check_wanted("this minibrot")
        walk.go(BLOCK)
    return walk.steps


def _walk(found: Nucleus, near: float, limit: int) -> Walk:
    return Walk(found.re, found.im, found.bits, near, limit)


def _power_of_two(exponent: float) -> Decimal:
    whole = int(exponent // 1)
    return _WORKING.multiply(Decimal(2.0 ** (exponent - whole)), _WORKING.power(Decimal(2), whole))


def _text(number: Decimal) -> str:
    return f"{_DIGITS.plus(number).normalize():e}"
