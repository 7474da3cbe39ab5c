# SPDX-License-Identifier: GPL-3.0-or-later
"""Zooms that lead back: going closer and away again by the same factors gives the same number, to its last digit.

A zoom is one of a fixed set of numbers, those that are 2 to the power of a whole number of steps, and a factor is a
whole number of steps, so that zooming adds whole numbers, and nothing is rounded away. The numbers of up to 17 digits
that people write are in the set as well: each stands in for the power that is nearest to it.
"""

from __future__ import annotations

from decimal import Context, Decimal
from functools import lru_cache
from math import log2

# The doublings of one step. Numbers of 17 digits lie farther apart than that, so that two never share a step.
_STEP = Decimal("1e-17")
_LOGARITHMS = Context(prec=32)
_LN2 = _LOGARITHMS.ln(Decimal(2))
_LOG2_10 = log2(10)
# A power of 2 is written in so many digits, which tell its step.
_POWER = Context(prec=20)
_WRITTEN = Context(prec=17)
# Factors come as floats. Rounded to these doublings, a factor and its inverse are as many steps one way as the other.
_FACTOR = Decimal("1e-12")
_PLAIN_FACTOR = Context(prec=10)


def zoomed(zoom: Decimal, factor: float | Decimal) -> Decimal:
    """A zoom made larger by a factor above 0. The inverse factor leads back to the very number."""
    return _atStep(_stepOf(zoom) + _stepsOf(factor))


def kept(zoom: Decimal) -> Decimal:
    """The number that a zoom is kept as: itself up to 17 digits, and the nearest of the set when it has more."""
    return zoom if len(zoom.as_tuple().digits) <= _WRITTEN.prec else _atStep(_stepOf(zoom))


def doublings(zoom: Decimal) -> float:
    """log2 of a zoom of any size, for estimates."""
    exponent = zoom.adjusted()
    return exponent * _LOG2_10 + log2(zoom.scaleb(-exponent))


def _stepOf(zoom: Decimal) -> int:
    return int(_LOGARITHMS.divide(_LOGARITHMS.ln(zoom), _LOGARITHMS.multiply(_LN2, _STEP)).to_integral_value())


def _atStep(step: int) -> Decimal:
    power = _LOGARITHMS.exp(_LOGARITHMS.multiply(_LN2, _LOGARITHMS.multiply(_STEP, Decimal(step))))
    written = _WRITTEN.plus(power)
    isNear = abs(written - power) <= _STEP * power  # spares most of the logarithms
    return written if isNear and _stepOf(written) == step else _POWER.plus(power)


@lru_cache(maxsize=256)
def _stepsOf(factor: float | Decimal) -> int:
    number = Decimal(factor)
    if number < 1:
        return -_stepsOf(_LOGARITHMS.divide(Decimal(1), number))
    rounded = _LOGARITHMS.divide(_LOGARITHMS.ln(number), _LN2).quantize(_FACTOR, context=_LOGARITHMS)
    power = _LOGARITHMS.exp(_LOGARITHMS.multiply(_LN2, rounded))
    plain = _PLAIN_FACTOR.plus(power)
    return _stepOf(plain if abs(plain - power) <= _FACTOR * power else power)
