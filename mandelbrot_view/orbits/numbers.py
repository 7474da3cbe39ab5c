# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers of any size and length: decimal text as fixed point, decimals as a double with an exponent of its own."""

from decimal import Context, Decimal, localcontext
from math import frexp, ldexp

from gmpy2 import mpz

# A number as (mantissa, exponent): mantissa * 2**exponent, the mantissa's size in [1, 2), or (0.0, 0) for zero.
Scaled = tuple[float, int]
# Two numbers with one exponent: the larger's mantissa in [1, 2).
ScaledPair = tuple[float, float, int]

# A place has at most 4000 digits behind the point; differences of such are exact.
_EXACT = Context(prec=8200)
# Beyond that, the smaller of a pair is nothing beside the larger.
_FAR = 2000


def fixed(text: str, bits: int) -> mpz:
    """A decimal number in units of 2**-bits, rounded to the nearest."""
    numerator, denominator = Decimal(text).as_integer_ratio()
    return mpz((2 * (numerator << bits) // denominator + 1) >> 1)


def scaled(number: Decimal | str) -> Scaled:
    """A decimal number of any size, to double precision."""
    numerator, denominator = Decimal(number).as_integer_ratio()
    if not numerator:
        return 0.0, 0
    exponent = abs(numerator).bit_length() - denominator.bit_length()
    # Python divides whole numbers with one rounding.
    if exponent < 0:
        ratio = (numerator << -exponent) / denominator
    else:
        ratio = numerator / (denominator << exponent)
    return normal(ratio, exponent)


def difference(minuend: tuple[str, str], subtrahend: tuple[str, str]) -> ScaledPair:
    """The difference of two points of the plane, each (re, im) as decimal text, exact to double precision."""
    with localcontext(_EXACT):
        parts = [Decimal(a) - Decimal(b) for a, b in zip(minuend, subtrahend, strict=True)]
    (re, re_exponent), (im, im_exponent) = (scaled(part) for part in parts)
    if not re or not im:
        return re, im, re_exponent or im_exponent
    exponent = max(re_exponent, im_exponent)
    return (
        ldexp(re, max(re_exponent - exponent, -_FAR)),
        ldexp(im, max(im_exponent - exponent, -_FAR)),
        exponent,
    )


def normal(mantissa: float, exponent: int) -> Scaled:
    """mantissa * 2**exponent, for any mantissa but 0, as a Scaled."""
    fraction, shift = frexp(mantissa)
    return 2 * fraction, exponent + shift - 1
