# SPDX-License-Identifier: GPL-3.0-or-later
"""Smooth counts by the definition, in as many digits as the depth asks for: no reference orbit, no shortcut, slow."""

from decimal import Decimal, localcontext
from math import log2

from gmpy2 import mpz

from mandelbrot_view.kernels.escape import BAILOUT2, INSIDE
from mandelbrot_view.orbits.numbers import fixed
from mandelbrot_view.places.place import Place

# Steps between two looks back: an orbit that has gone is followed again from the last.
_LOOK = 1024


def count_at(
    place: Place, size: tuple[int, int], x: float, y: float, limit: int, move: tuple[float, float] = (0.0, 0.0)
) -> float:
    """The count of the point at the position (x, y) of a place's picture, or of one beside it.

    x, y: thousandths of a pixel count; move: how much farther to the right and down, in pixels, to any digit.
    """
    # 80 digits more than a pixel's size has, of which the rounding of 5 million steps takes 23.
    spacing = place.exactSpacing(size[1])
    numerator, denominator = spacing.as_integer_ratio()
    bits = max(0, denominator.bit_length() - numerator.bit_length()) + 80
    re, im = place.pointAt(x, y, size)
    with localcontext(prec=8000):
        re, im = re + Decimal(repr(move[0])) * spacing, im - Decimal(repr(move[1])) * spacing
    return smooth_count(fixed(str(re), bits), fixed(str(im), bits), bits, limit)


def smooth_count(re: mpz, im: mpz, bits: int, limit: int) -> float:
    """The count that kernels/escape.py defines of the point (re, im), in units of 2**-bits; INSIDE if there is none."""
    x, y = mpz(0), mpz(0)
    half = bits - 1
    gone = mpz(8) << bits
    for done in range(0, limit, _LOOK):
        before = x, y
        for _ in range(min(_LOOK, limit - done)):
            product = x * y
            x = ((x + y) * (x - y) >> bits) + re
            y = (product >> half) + im
            if not -gone < x < gone:
                return _count_after(done, before, (re, im), bits, limit)
    return _count_after(limit, (x, y), (re, im), bits, limit)


def _count_after(done: int, z: tuple[mpz, mpz], c: tuple[mpz, mpz], bits: int, limit: int) -> float:
    """The count of c if its first `done` steps, which led to z, stayed below the bail-out, but perhaps for the last."""
    x, y = z
    for n in range(done, limit + 1):
        size2 = float((x * x + y * y) >> 2 * bits - 60) / 2.0**60
        if size2 > BAILOUT2:
            count = n + 1 - log2(log2(size2) / 16)
            return count if count < limit + 1 else INSIDE
        x, y = (x * x - y * y >> bits) + c[0], (x * y >> bits - 1) + c[1]
    return INSIDE
