# SPDX-License-Identifier: GPL-3.0-or-later
"""Bivariate linear approximation: many steps of a perturbed orbit at once (Zhuoran, fractalforums.org 2021).

Near the reference orbit a step w -> (2 Z + w) w + d is nearly w -> 2 Z w + d, as long as |w| < EPSILON |2 Z|. Steps in
a row are then one map, w -> A w + B d, valid for |w| below a radius. The table has such maps for runs of 2^level steps
from LOWEST_LEVEL on: the run number i of a level goes from Z_(i 2^level + 1) to Z_((i + 1) 2^level + 1), so that two
neighbours of one level are one run of the next. Their radius is the first one's, or what the first one maps into the
second one's, if that is less.

Coefficients and radii have exponents of their own (Wide); deeptable.py makes doubles of those that fit.
"""

import math
from typing import Any

from .arithmetic import log2, power_of_two
from .complexes import NOTHING, normalised, twice, wide
from .deeptable import LEVELS, LOWEST_LEVEL
from .options import Array, compiled, inlined

# What a run may be off by, in proportion: some of them in succession, over a picture 1500 pixels wide, stay far below
# a thousandth of a pixel.
LOG2_EPSILON = -25.0
# No radius is larger than EPSILON |2 Z|, for |Z| <= 2: for |w|^2 beyond that there is no run to be looked for.
NEAR2 = 2.0 ** (2 * LOG2_EPSILON + 4)
# The logarithm of a radius that nothing is within.
NEVER = -1e18


@inlined
def _log2_size(value: Any) -> float:
    """log2 |value| of a Wide."""
    return (
        NEVER if value.exponent == NOTHING else value.exponent + 0.5 * log2(value.re * value.re + value.im * value.im)
    )


@compiled
def _joined_radius(first: float, second: float, a: Any, b: Any, log2_reach: float) -> float:
    """log2 of the radius of a run with the map a, b and then another: min(first, (second - |b| reach) / |a|)."""
    if first == NEVER or second == NEVER:
        return NEVER
    # In whole powers of two, which only makes the radius a little less.
    spent = math.ceil(_log2_size(b) + log2_reach - second)
    if spent >= 0:
        return NEVER
    return min(first, second + log2(1.0 - power_of_two(spent)) - _log2_size(a))


@inlined
def _coefficients(coefficients: Array, exponents: Array, place: int) -> tuple[Any, Any]:
    """The map at a place of the table."""
    row = coefficients[place]
    return wide(row[0], row[1], exponents[place, 0]), wide(row[2], row[3], exponents[place, 1])


@inlined
def _keep(coefficients: Array, exponents: Array, radii: Array, place: int, a: Any, b: Any, radius: float) -> None:
    coefficients[place, 0], coefficients[place, 1], exponents[place, 0] = a.re, a.im, a.exponent
    coefficients[place, 2], coefficients[place, 3], exponents[place, 1] = b.re, b.im, b.exponent
    radii[place] = radius


@compiled
def build(
    z: Array, z_exponents: Array, levels: Array, log2_reach: float, coefficients: Array, exponents: Array, radii: Array
) -> None:
    """Fill a table: coefficients (n, 4), re and im of A and of B; their exponents (n, 2); radii (n), binary logarithms.

    z (M + 1, 2) and its exponents: the reference orbit; levels (LEVELS, 2): see deeptable.layout(); log2_reach: of
    the largest |d| that the table is for.
    """
    one = wide(1.0, 0.0, 0)
    for run in range(levels[LOWEST_LEVEL, 1]):
        first = (run << LOWEST_LEVEL) + 1
        a, b, radius = one, wide(0.0, 0.0, NOTHING), 0.0
        for m in range(first, first + (1 << LOWEST_LEVEL)):
            factor = twice(normalised(z[m, 0], z[m, 1], z_exponents[m]))
            own = LOG2_EPSILON + _log2_size(factor)
            radius = own if m == first else _joined_radius(radius, own, a, b, log2_reach)
            a, b = factor * a, factor * b + one
        _keep(coefficients, exponents, radii, run, a, b, radius)
    for level in range(LOWEST_LEVEL + 1, LEVELS):
        below, place = levels[level - 1, 0], levels[level, 0]
        for run in range(levels[level, 1]):
            one_, other = below + 2 * run, below + 2 * run + 1
            a, b = _coefficients(coefficients, exponents, one_)
            then_a, then_b = _coefficients(coefficients, exponents, other)
            radius = _joined_radius(radii[one_], radii[other], a, b, log2_reach)
            _keep(coefficients, exponents, radii, place + run, then_a * a, then_a * b + then_b, radius)


@inlined
def longest_run(radii: Array, levels: Array, m: int, size: float, most: int) -> tuple[int, int]:
    """The longest run that begins at Z_m and is valid for |w| of that size: its place and its steps; else (-1, 0).

    radii and size: both plain or both binary logarithms; most: steps.
    """
    place, steps = -1, 0
    run, level = m - 1, LOWEST_LEVEL
    if m < 1 or run & ((1 << LOWEST_LEVEL) - 1):
        return place, steps
    run >>= LOWEST_LEVEL
    while level < LEVELS and run < levels[level, 1] and (1 << level) <= most:
        if not size < radii[levels[level, 0] + run]:
            break
        place, steps = levels[level, 0] + run, 1 << level
        if run & 1:
            break
        run >>= 1
        level += 1
    return place, steps
