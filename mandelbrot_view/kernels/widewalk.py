# SPDX-License-Identifier: GPL-3.0-or-later
"""The beginning of deep orbits, where numbers are too small for doubles: below about 1e-120, in Wide.

Tiles and pixels do here, one by one, what tilelanes.py and pixellanes.py do in vectors; they go over to those when
their numbers have grown to be PLAIN; one that is found to be inside is at the limit, with the negative of its period
for its m. From there on no square of a number underflows, and d, which is far below all of
them, is nothing beside it.
"""

from typing import Any

from .approximation import longest_run, map_at
from .arithmetic import power_of_two
from .complexes import is_smaller, narrowed, normalised, size, twice, wide
from .deepstate import NEARLY2
from .options import Array, Record, compiled, inlined
from .taylor import QUARTER, moved, run, step

# The exponent from which on a number goes on as a double.
PLAIN = -400
# |z| is above 4 from this exponent on, see taylor.LEAVING2.
_LEAVING = 2


@inlined
def _number(mantissas: Array, exponents: Array, number: int) -> Any:
    return wide(mantissas[number, 0], mantissas[number, 1], exponents[number])


@inlined
def _orbit(z: Array, exponents: Array, m: int) -> Any:
    return normalised(z[m, 0], z[m, 1], exponents[m])


@inlined
def _is_good(c1: Any, c4: Any, most: float) -> bool:
    """taylor.is_good()."""
    return complex_size(c4) * power_of_two(c4.exponent - c1.exponent) <= most * complex_size(c1)


@inlined
def complex_size(value: Any) -> float:
    """|re| + |im| of a Wide's mantissa."""
    return size(complex(value.re, value.im))


@inlined
def _same(a: Any, b: Any) -> bool:
    return a.re == b.re and a.im == b.im and a.exponent == b.exponent


@inlined
def _nearly(a: Any, b: Any) -> bool:
    """Whether they differ by no more than deepstate.NEARLY2 says."""
    x, y = a.re - b.re, a.im - b.im
    return a.exponent == b.exponent and x * x + y * y <= NEARLY2 * (a.re * a.re + a.im * a.im)


@compiled
def _go(
    view: Record, level: Record, z: Array, z_exponents: Array, coefficients: Array, exponents: Array, radii: Array,
    levels: Array, m: int, k: int, w: Any, c1: Any, c2: Any, c3: Any, c4: Any, d: Any, rho: Any,
) -> tuple[int, int, bool, Any, Any, Any, Any, Any, int]:  # fmt: skip
    """A tile's m, k, whether it is plain now, its w and c1 to c4, and the runs and steps made."""
    saved_w, saved_c1, saved_k, near_k, turns, next_save = w, c1, 0, 0, 0, 1
    spent = 0
    while k < view.limit:
        if w.exponent > PLAIN and c1.exponent > PLAIN:
            return m, k, True, w, c1, c2, c3, c4, spent
        place, steps = longest_run(radii, levels, m, max(w.exponent, c1.exponent) + 2.5, view.limit - k)
        before = w, c1, c2, c3, c4
        if place >= 0:
            a, b, c = map_at(coefficients, exponents, place)
            w, c1, c2, c3, c4 = run(a, b, c, w, c1, c2, c3, c4, d, rho)
        else:
            steps = 1
            w, c1, c2, c3, c4 = step(_orbit(z, z_exponents, m), w, c1, c2, c3, c4, d, rho)
        spent += 1
        f = _orbit(z, z_exponents, m + steps) + w
        if f.exponent >= _LEAVING or not _is_good(c1, c4, level.tolerance):
            w, c1, c2, c3, c4 = before
            break
        m, k = m + steps, k + steps
        if m == view.last or is_smaller(f, w):
            w, m = f, 0
            if near_k == 0 and turns > 0 and _nearly(w, saved_w):
                near_k = k
            if turns > 0 and _same(w, saved_w) and _same(c1, saved_c1):
                m, k = saved_k - near_k, view.limit
                break
            turns += 1
            if turns == next_save:
                next_save *= 2
                saved_w, saved_c1, saved_k, near_k = w, c1, k, 0
    return m, k, False, w, c1, c2, c3, c4, spent


@compiled
def walk_wide(
    view: Record, level: Record, z: Array, z_exponents: Array, coefficients: Array, exponents: Array, radii: Array,
    levels: Array, series: Array, series_exponents: Array, places: Array, next_series: Array, next_exponents: Array,
    next_places: Array, plain_series: Array, plain_places: Array, start_w: Array, start_exponents: Array,
    start_mk: Array, budget: int,
) -> int:  # fmt: skip
    """Bring a level's tiles to where their series end to be good, or are plain; gives the runs and steps made.

    The former's quarters go to next_*, counted by level.made; the latter to plain_*, counted by level.plain.
    """
    spent = 0
    rho = normalised(level.rho, 0.0, view.exponent)
    middle = 0.5 * (level.edge - 1)
    while level.next < level.count and spent < budget:
        tile = level.next
        level.next += 1
        column, row = places[tile, 0], places[tile, 1]
        numbers, own = series[tile], series_exponents[tile]
        d = normalised(
            view.left + view.spacing * (column + middle), view.top - view.spacing * (row + middle), view.exponent
        )
        m, k, is_plain, w, c1, c2, c3, c4, made = _go(
            view, level, z, z_exponents, coefficients, exponents, radii, levels, places[tile, 2], places[tile, 3],
            _number(numbers, own, 0), _number(numbers, own, 1), _number(numbers, own, 2), _number(numbers, own, 3),
            _number(numbers, own, 4), d, rho,
        )  # fmt: skip
        spent += made
        if is_plain:
            keep_plain(level, plain_series, plain_places, w, c1, c2, c3, c4)
            _keep_place(plain_places, level.plain - 1, column, row, m, k)
        else:
            quarter_wide(
                view, level, column, row, m, k, w, c1, c2, c3, c4, next_series, next_exponents, next_places,
                start_w, start_exponents, start_mk,
            )  # fmt: skip
    return spent


@inlined
def _keep_place(places: Array, tile: int, column: int, row: int, m: int, k: int) -> None:
    places[tile, 0], places[tile, 1], places[tile, 2], places[tile, 3] = column, row, m, k


@compiled
def keep_plain(level: Record, series: Array, places: Array, w: Any, c1: Any, c2: Any, c3: Any, c4: Any) -> None:
    """Put a tile among the plain ones of its level."""
    for number, value in enumerate((narrowed(w), narrowed(c1), narrowed(c2), narrowed(c3), narrowed(c4))):
        series[level.plain, number, 0], series[level.plain, number, 1] = value.real, value.imag
    level.plain += 1


@compiled
def quarter_wide(
    view: Record, level: Record, column: int, row: int, m: int, k: int, w: Any, c1: Any, c2: Any, c3: Any, c4: Any,
    series: Array, exponents: Array, places: Array, start_w: Array, start_exponents: Array, start_mk: Array,
) -> None:  # fmt: skip
    """Make the quarters of a tile, or its pixels."""
    half = level.edge // 2
    for i in range(2):
        for j in range(2):
            y, x = row + i * half, column + j * half
            if y >= view.rows or x >= view.columns:
                continue
            u = normalised(QUARTER if j else -QUARTER, -QUARTER if i else QUARTER, 0)
            around = moved(w, c1, c2, c3, c4, u)
            if half == 1:
                point, centre = y * view.columns + x, around[0]
                start_w[point, 0], start_w[point, 1], start_exponents[point] = centre.re, centre.im, centre.exponent
                start_mk[point, 0], start_mk[point, 1] = m, k
            else:
                tile = level.made
                level.made += 1
                for number, value in enumerate(around):
                    series[tile, number, 0], series[tile, number, 1] = value.re, value.im
                    exponents[tile, number] = value.exponent
                _keep_place(places, tile, x, y, m, k)


@compiled
def follow_wide(
    view: Record, following: Array, z: Array, z_exponents: Array, coefficients: Array, exponents: Array, radii: Array,
    levels: Array, start_w: Array, start_exponents: Array, start_mk: Array, budget: int,
) -> int:  # fmt: skip
    """Bring pixels to where they are plain, or to the limit, from the point following[0] on, which is moved on.

    Gives the runs and steps made, and one more for each point.
    """
    spent, points = 0, view.rows * view.columns
    while following[0] < points and spent < budget:
        point = following[0]
        row, column = point // view.columns, point % view.columns
        if start_exponents[point] != 0 and not (view.known != 0 and row % 2 == 0 and column % 2 == 0):
            w = wide(start_w[point, 0], start_w[point, 1], start_exponents[point])
            d = normalised(view.left + view.spacing * column, view.top - view.spacing * row, view.exponent)
            m, k = start_mk[point, 0], start_mk[point, 1]
            saved, saved_k, near_k, turns, next_save = w, 0, 0, 0, 1
            while k < view.limit and w.exponent <= PLAIN:
                place, steps = longest_run(radii, levels, m, w.exponent + 1.0, view.limit - k)
                if place >= 0:
                    a, b, c = map_at(coefficients, exponents, place)
                    w = (a + c * w) * w + b * d
                else:
                    steps = 1
                    w = (twice(_orbit(z, z_exponents, m)) + w) * w + d
                spent += 1
                m, k = m + steps, k + steps
                f = _orbit(z, z_exponents, m) + w
                if m == view.last or is_smaller(f, w):
                    w, m = f, 0
                    if near_k == 0 and turns > 0 and _nearly(w, saved):
                        near_k = k
                    if turns > 0 and _same(w, saved):
                        m, k = saved_k - near_k, view.limit
                        break
                    turns += 1
                    if turns == next_save:
                        next_save *= 2
                        saved, saved_k, near_k = w, k, 0
            value = narrowed(w)
            start_w[point, 0], start_w[point, 1], start_exponents[point] = value.real, value.imag, 0
            start_mk[point, 0], start_mk[point, 1] = m, k
        following[0] += 1
        spent += 1
    return spent
