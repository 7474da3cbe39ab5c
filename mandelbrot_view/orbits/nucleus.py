# SPDX-License-Identifier: GPL-3.0-or-later
"""Nuclei: the points whose orbits come back to 0, found by Newton's method in as many digits as it takes."""

from dataclasses import dataclass
from decimal import Context, Decimal
from math import ceil, log2
from time import perf_counter

import gmpy2
from gmpy2 import mpc, mpfr, mpz

from aqlib.context import progress

from ..wanted import check_wanted
from .numbers import fixed

# Binary digits beyond those that a step is to get right, for rounding grows with the period.
_GUARD = 64
# Digits that a step wins, to begin with and at least; and those that a nucleus has below its minibrot's size.
_LEAST_GAIN = 32.0
_BELOW = 40.0
# A first distance below this, log2 of radii, says nothing more: the point may be the nucleus itself.
_NEAREST = 200.0
# Steps of Newton's method, and how many of them may bring it no nearer before it is given up.
_MOST_STEPS = 64
_MOST_IDLE = 12
# Steps along the orbit between two looks at whether it is still wanted; seconds between two reports of progress.
_LOOK = 256
_TELL_EVERY = 0.05

_EXACT = Context(prec=100_000)


class NucleusError(Exception):
    """A nucleus that cannot be found. Its message says why."""


@dataclass(frozen=True)
class Nucleus:
    """A point whose orbit comes back to 0 after `period` steps.

    re, im: in units of 2**-bits; precision: log2 of how far off they are at most, 2**-40 of its minibrot's size.
    """

    re: mpz
    im: mpz
    bits: int
    period: int
    precision: float

    def text(self) -> tuple[str, str]:
        """re and im as decimal text, in the digits that are right."""
        digits = ceil(-self.precision / log2(10))
        return _decimal(self.re, self.bits, digits), _decimal(self.im, self.bits, digits)


def nucleus(re: str, im: str, period: int, distance: float, radius: float) -> Nucleus:
    """The nucleus of a period near a point, by Newton's method for z_p(c) = 0.

    re, im: the point, as decimal text; distance, radius: log2 of about how far away the nucleus is, and at most. A
    task: it tells its progress, and raises Cancelled when it is no longer wanted. Raises NucleusError.
    """
    distance = max(distance, radius - _NEAREST)
    bits = ceil(max(0.0, -distance)) + _GUARD
    x, y = start_x, start_y = fixed(re, bits), fixed(im, bits)
    # log2 of the last step's length, and how many digits nearer that was than the one before: they double.
    last, gain, idle = distance, _LEAST_GAIN, 0
    for number in range(1, _MOST_STEPS + 1):
        # So many that the next step can be told from this one's error.
        more = max(0, ceil(3 * gain - last) + _GUARD - bits)
        bits += more
        x, y, start_x, start_y = (part << more for part in (x, y, start_x, start_y))
        digits = ceil(2 * gain) + _GUARD
        z, d = _orbit_end(x, y, bits, period, digits, f"nucleus, step {number}")
        if d == 0:
            break
        with gmpy2.context(precision=digits):
            step = z / d
            length = float(gmpy2.log2(abs(step)))
            x -= mpz(gmpy2.rint(gmpy2.mul_2exp(step.real, bits)))
            y -= mpz(gmpy2.rint(gmpy2.mul_2exp(step.imag, bits)))
            moved = float(gmpy2.log2(abs(mpc(x - start_x, y - start_y)))) - bits
            precision = -2 * float(gmpy2.log2(abs(d))) - _BELOW
        if moved > radius:
            raise NucleusError(f"there is no nucleus of period {period} so near")
        won = last - length
        # What is left after this step is as much smaller than it as it is than the one before, and far below that.
        if max(length - min(won, digits), 32.0 - bits) <= precision:
            return Nucleus(x, y, bits, period, precision)
        idle = 0 if won > 1 else idle + 1
        if idle > _MOST_IDLE:
            break
        last, gain = length, max(_LEAST_GAIN, won)
    raise NucleusError(f"Newton's method does not come to a nucleus of period {period} from here")


def _orbit_end(x: mpz, y: mpz, bits: int, period: int, digits: int, text: str) -> tuple[mpc, mpc]:
    """z_p and dz_p/dc of the point (x, y) in units of 2**-bits, the latter in as many digits."""
    narrow = gmpy2.context(precision=digits)
    difference, total, add = narrow.fmms, narrow.fmma, narrow.add
    told = perf_counter()
    with gmpy2.context(precision=bits + 8):
        re, im = (gmpy2.div_2exp(mpfr(part), bits) for part in (x, y))
        a = b = u = v = mpfr(0)
        one = mpfr(1)
        for done in range(0, period, _LOOK):
            check_wanted("this nucleus")
            for _ in range(min(_LOOK, period - done)):
                twice_a, twice_b = a + a, b + b
                u, v = add(difference(twice_a, u, twice_b, v), one), total(twice_a, v, twice_b, u)
                a, b = (a + b) * (a - b) + re, twice_a * b + im
            if not (gmpy2.is_finite(a) and gmpy2.is_finite(b)):
                raise NucleusError(f"Newton's method has left the set on its way to a nucleus of period {period}")
            if perf_counter() - told > _TELL_EVERY:
                told = perf_counter()
                progress(done, period, text)
        return mpc(a, b), mpc(u, v)


def _decimal(number: mpz, bits: int, digits: int) -> str:
    tens = (2 * int(number) * 10**digits + (1 << bits)) >> (bits + 1)
    decimal = Decimal(tens).scaleb(-digits, _EXACT).normalize(_EXACT)
    return f"{decimal:f}" if decimal else "0"
