# SPDX-License-Identifier: GPL-3.0-or-later
"""Bivariate approximation: many steps of a perturbed orbit at once.

After Zhuoran's bivariate linear approximation (fractalforums.org, 2021), with the square of w kept as well: steps in a
row are nearly one map, w -> A w + B d + C w^2, as long as |w| is below a radius. A single step is exactly such a map,
with A = 2 Z, B = C = 1. One run and then another are w -> A2 A1 w + (A2 B1 + B2) d + (A2 C1 + C2 A1^2) w^2, without
2 C2 A1 C1 w^3 and smaller terms, and without C2 B1 d (2 A1 w + B1 d). Neither may be more than EPSILON of A2 A1 w.

The table has such maps for runs of 2^level steps from LOWEST_LEVEL on: the run number i of a level goes from
Z_(i 2^level + 1) to Z_((i + 1) 2^level + 1), so that two neighbours of one level are one run of the next. Where squares
count, runs are valid up to |w| of the root of EPSILON; linear ones were up to EPSILON itself.

Coefficients and radii have exponents of their own (Wide); deeptable.py makes doubles of those that fit.
"""

import math
from typing import Any

from .arithmetic import log2, power_of_two
from .complexes import NOTHING, normalised, twice, wide
from .deeptable import LEVELS, LOWEST_LEVEL
from .options import Array, compiled, inlined

# A, B and C of a run, as Wide.
Map = tuple[Any, Any, Any]

# What a run may be off by, in proportion: some of them in succession, over a picture 1500 pixels wide, stay far below
# a thousandth of a pixel.
LOG2_EPSILON = -24.0
# A step is exact for any w, but w is to stay so far below Z that no step of a run would have been a return to Z_0.
LOG2_STEP = -4.0
# The logarithm of a radius that nothing is within.
NEVER = -1e18


@inlined
def _log2_size(value: Any) -> float:
    """log2 |value| of a Wide."""
    return (
        NEVER if value.exponent == NOTHING else value.exponent + 0.5 * log2(value.re * value.re + value.im * value.im)
    )


@compiled
def _joined_radius(first: float, second: float, one: Map, other: Map, log2_reach: float) -> float:
    """log2 of the radius of a run with the map `one` and then `other`, for |d| up to a reach, from their own radii.

    The least of: the first one's; (second - |B1| reach) / |A1|, what `one` maps into the second one's; and where the
    terms that are left out become too large.
    """
    if first == NEVER or second == NEVER:
        return NEVER
    (a1, b1, c1), (a2, _, c2) = one, other
    moved = _log2_size(b1) + log2_reach
    allowed = LOG2_EPSILON + _log2_size(a2) - _log2_size(c2) - 1.0
    # In whole powers of two, which only makes the radius a little less.
    spent = math.ceil(moved - second)
    if spent >= 0 or moved > allowed:
        return NEVER
    reached = second + log2(1.0 - power_of_two(spent)) - _log2_size(a1)
    return min(first, reached, 0.5 * (allowed - _log2_size(c1)))


@inlined
def _joined(one: Map, other: Map) -> Map:
    (a1, b1, c1), (a2, b2, c2) = one, other
    return a2 * a1, a2 * b1 + b2, a2 * c1 + c2 * (a1 * a1)


@inlined
def map_at(coefficients: Array, exponents: Array, place: int) -> Map:
    """The map at a place of the wide table."""
    row = coefficients[place]
    return (
        wide(row[0], row[1], exponents[place, 0]),
        wide(row[2], row[3], exponents[place, 1]),
        wide(row[4], row[5], exponents[place, 2]),
    )


@inlined
def plain_map_at(coefficients: Array, place: int) -> tuple[complex, complex, complex]:
    """The map at a place of the table of doubles."""
    row = coefficients[place]
    return complex(row[0], row[1]), complex(row[2], row[3]), complex(row[4], row[5])


@inlined
def _keep(coefficients: Array, exponents: Array, radii: Array, place: int, run: Map, radius: float) -> None:
    a, b, c = run
    coefficients[place, 0], coefficients[place, 1], exponents[place, 0] = a.re, a.im, a.exponent
    coefficients[place, 2], coefficients[place, 3], exponents[place, 1] = b.re, b.im, b.exponent
    coefficients[place, 4], coefficients[place, 5], exponents[place, 2] = c.re, c.im, c.exponent
    radii[place] = radius


@compiled
def build(
    z: Array, z_exponents: Array, levels: Array, log2_reach: float, coefficients: Array, exponents: Array, radii: Array
) -> None:
    """Fill a table: coefficients (n, 6), re and im of A, B and C; their exponents (n, 3); radii (n), their log2.

    z (M + 1, 2) and its exponents: the reference orbit; levels (LEVELS, 2): see deeptable.layout(); log2_reach: of
    the largest |d| that the table is for.
    """
    one = wide(1.0, 0.0, 0)
    for number in range(levels[LOWEST_LEVEL, 1]):
        first = (number << LOWEST_LEVEL) + 1
        whole, radius = (one, one, one), 0.0
        for m in range(first, first + (1 << LOWEST_LEVEL)):
            step = (twice(normalised(z[m, 0], z[m, 1], z_exponents[m])), one, one)
            own = LOG2_STEP + _log2_size(step[0])
            radius = own if m == first else _joined_radius(radius, own, whole, step, log2_reach)
            whole = step if m == first else _joined(whole, step)
        _keep(coefficients, exponents, radii, number, whole, radius)
    for level in range(LOWEST_LEVEL + 1, LEVELS):
        below, place = levels[level - 1, 0], levels[level, 0]
        for number in range(levels[level, 1]):
            left, right = below + 2 * number, below + 2 * number + 1
            before, after = map_at(coefficients, exponents, left), map_at(coefficients, exponents, right)
            radius = _joined_radius(radii[left], radii[right], before, after, log2_reach)
            _keep(coefficients, exponents, radii, place + number, _joined(before, after), radius)


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


@inlined
def is_run_near(radii: Array, levels: Array, m: int, size: float) -> bool:
    """Whether the next run that may begin at Z_m or after it is valid for |w| of that size."""
    run = (max(m - 1, 0) + (1 << LOWEST_LEVEL) - 1) >> LOWEST_LEVEL
    return run < levels[LOWEST_LEVEL, 1] and size < radii[levels[LOWEST_LEVEL, 0] + run]
