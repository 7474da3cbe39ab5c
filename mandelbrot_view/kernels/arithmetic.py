# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions of doubles for kernels, without a call of the C library."""

from .options import compiled, inlined
from .vectors import from_bits, to_bits

_MANTISSA_BITS, _BIAS = 52, 1023
_THREE_QUARTERS = 0x3FE8000000000000


@inlined
def log2(value: float) -> float:
    """The binary logarithm of a normal number above 0, off by less than 2e-9, in a form that LLVM puts into vectors.

    value = m 2^e with m from 0.75 to 1.5, and log2(m) = 2/ln 2 artanh(t) with t = (m - 1)/(m + 1), |t| <= 0.2: the
    series 2/ln 2 (t + t^3/3 + ...) up to t^11.
    """
    exponent = (to_bits(value) - _THREE_QUARTERS) >> _MANTISSA_BITS
    m = from_bits(to_bits(value) - (exponent << _MANTISSA_BITS))
    t = (m - 1.0) / (m + 1.0)
    u = t * t
    series = 1.0 + u * (1 / 3 + u * (1 / 5 + u * (1 / 7 + u * (1 / 9 + u * (1 / 11)))))
    return exponent + 2.8853900817779268 * t * series


@compiled
def power_of_two(exponent: int) -> float:
    """2.0**exponent; 0 where that is below the least normal double, and 2^1023 at most."""
    if exponent < 1 - _BIAS:
        return 0.0
    return from_bits((min(exponent, _BIAS) + _BIAS) << _MANTISSA_BITS)
