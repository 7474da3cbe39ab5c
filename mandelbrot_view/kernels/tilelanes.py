# SPDX-License-Identifier: GPL-3.0-or-later
"""Tiles in the lanes of vectors: their series go on until they end to be good, then their quarters are next.

A lane makes exact steps together with all others. When its m comes to where a run may begin (approximation.py), and
when it has returned to Z_0, its tile is looked at by itself: it makes all the runs that are there, and the few steps
to where the next may begin.
"""

from collections.abc import Callable
from typing import Any

from .approximation import is_run_near, longest_run, plain_map_at
from .complexes import both, is_smaller, size
from .deepstate import LEAST_AT_FIRST, LONGEST_PAUSE_BITS, PAUSE, STEPS
from .deeptable import LOWEST_LEVEL
from .options import Array, Record, compiled, inlined
from .periods import smallest_period
from .taylor import LEAVING2, QUARTER, ROOT_OF_2, is_good, moved, run, step, value_at
from .vectors import Indices, Lanes, bits, choose, gather, load, lowest, store

ALIGNED = (1 << LOWEST_LEVEL) - 1


@inlined
def _read(pairs: Array, lane: int) -> complex:
    return complex(pairs[0, lane], pairs[1, lane])


@inlined
def _write(pairs: Array, lane: int, value: complex) -> None:
    pairs[0, lane] = value.real
    pairs[1, lane] = value.imag


@inlined
def _write_series(level: Record, lane: int, w: complex, c1: complex, c2: complex, c3: complex, c4: complex) -> None:
    _write(level.w, lane, w)
    _write(level.c1, lane, c1)
    _write(level.c2, lane, c2)
    _write(level.c3, lane, c3)
    _write(level.c4, lane, c4)


@inlined
def period_at(level: Record, lane: int, m: int, k: int, w: complex, c1: complex) -> int:
    """If a tile that has returned to Z_0 is where it was after an earlier return: steps since; else 0.

    It is inside then. Brent's test (1980), over the returns: where it is is saved at the 1st, 2nd, 4th, 8th, ...
    """
    saved = level.saved
    same = saved[0, lane] == w.real and saved[1, lane] == w.imag and saved[4, lane] == m
    if same and saved[2, lane] == c1.real and saved[3, lane] == c1.imag:
        return k - int(saved[5, lane])
    level.turns[lane] += 1
    if level.turns[lane] >= level.next_save[lane]:
        level.next_save[lane] *= 2
        saved[0, lane], saved[1, lane], saved[2, lane], saved[3, lane] = w.real, w.imag, c1.real, c1.imag
        saved[4, lane], saved[5, lane] = m, k
    return 0


@inlined
def look(
    view: Record, level: Record, lane: int, z: Array, coefficients: Array, radii: Array, levels: Array
) -> tuple[bool, int]:
    """Make the runs that are there for a lane's tile, and the steps to where vectors may go on.

    Returns whether it goes on, and the runs and steps made, and one more. A tile that has been found to be inside is
    at the limit, and has the negative of its period for its m.
    """
    w, d = _read(level.w, lane), _read(level.d, lane)
    c1, c2, c3, c4 = _read(level.c1, lane), _read(level.c2, lane), _read(level.c3, lane), _read(level.c4, lane)
    m, k, rho = level.m[lane], level.k[lane], complex(level.rho, 0.0)
    goes_on, is_near, made = True, False, 0
    while goes_on:
        made += 1
        if k >= view.limit:
            goes_on = False
            break
        period = period_at(level, lane, m, k, w, c1) if m <= STEPS and k > 0 else 0
        if period > 0:
            m, searched = smallest_period(view, level, z, m, w, d, period)
            m, k, goes_on, made = -m, view.limit, False, made + searched
            break
        extent = max(abs(w.real), abs(w.imag)) + size(c1)
        place, steps = longest_run(radii, levels, m, extent, view.limit - k)
        if place < 0:
            is_near = is_run_near(radii, levels, m, extent)
            if not is_near or (m > 0 and (m - 1) & (STEPS - 1) == 0):
                break
        before = w, c1, c2, c3, c4
        if place >= 0:
            a, b, c = plain_map_at(coefficients, place)
            w, c1, c2, c3, c4 = run(a, b, c, w, c1, c2, c3, c4, d, rho)
        else:
            steps = 1
            w, c1, c2, c3, c4 = step(complex(z[m, 0], z[m, 1]), w, c1, c2, c3, c4, d, rho)
        f = complex(z[m + steps, 0], z[m + steps, 1]) + w
        if f.real * f.real + f.imag * f.imag > LEAVING2 or not is_good(c1, c4, level.tolerance):
            w, c1, c2, c3, c4 = before
            goes_on = False
            break
        m, k = m + steps, k + steps
        if m == view.last or is_smaller(f, w):
            w, m = f, 0
    _write_series(level, lane, w, c1, c2, c3, c4)
    level.m[lane], level.k[lane] = m, k
    if goes_on:
        level.z[0, lane], level.z[1, lane] = z[m, 0], z[m, 1]
        level.misses[lane] = 0 if is_near else min(level.misses[lane] + 1, LONGEST_PAUSE_BITS)
        pause = (-(m - 1)) & ALIGNED if is_near else PAUSE << level.misses[lane]
        level.until[lane] = min(k + pause, view.limit)
    return goes_on, made


@inlined
def quarter(view: Record, level: Record, lane: int, series: Array, places: Array) -> None:
    """Make the quarters of a lane's tile, from where it stands."""
    w, c1, c2, c3 = _read(level.w, lane), _read(level.c1, lane), _read(level.c2, lane), _read(level.c3, lane)
    c4, half = _read(level.c4, lane), level.edge // 2
    for i in range(2):
        for j in range(2):
            row, column = level.row[lane] + i * half, level.column[lane] + j * half
            if row >= view.rows or column >= view.columns:
                continue
            u = complex(QUARTER if j else -QUARTER, -QUARTER if i else QUARTER)
            x, x1, x2, x3, x4 = moved(w, c1, c2, c3, c4, u)
            made = level.made
            level.made += 1
            _keep(series, made, x, x1, x2, x3, x4)
            places[made, 0], places[made, 1] = column, row
            places[made, 2], places[made, 3] = level.m[lane], level.k[lane]


@inlined
def to_pixels(
    view: Record, level: Record, lane: int, distance: float, start_w: Array, start_mk: Array, start_distance: Array
) -> None:  # fmt: skip
    """Make the pixels of a lane's tile, from where it stands; distance: of the next one's z from each one's."""
    w, c1, c2, c3 = _read(level.w, lane), _read(level.c1, lane), _read(level.c2, lane), _read(level.c3, lane)
    c4, edge = _read(level.c4, lane), level.edge
    pixel, middle = ROOT_OF_2 / edge, 0.5 * (edge - 1)
    for i in range(min(edge, view.rows - level.row[lane])):
        for j in range(min(edge, view.columns - level.column[lane])):
            u = complex((j - middle) * pixel, (middle - i) * pixel)
            x = value_at(w, c1, c2, c3, c4, u)
            point = (level.row[lane] + i) * view.columns + level.column[lane] + j
            start_w[point, 0], start_w[point, 1] = x.real, x.imag
            start_mk[point, 0], start_mk[point, 1] = level.m[lane], level.k[lane]
            start_distance[point] = distance


@inlined
def end_tile(
    view: Record, level: Record, lane: int, series: Array, places: Array, start_w: Array, start_mk: Array,
    start_distance: Array,
) -> None:  # fmt: skip
    """Make the quarters of a lane's tile, or its pixels.

    Where pixels may take their last steps without the reference, that is faster than another level of small tiles.
    """
    # Half a tile's diagonal is edge / sqrt 2 pixels.
    distance = max(abs(level.c1[0, lane]), abs(level.c1[1, lane])) * ROOT_OF_2 / level.edge
    if level.edge == 2 or (level.edge == 4 and distance >= LEAST_AT_FIRST):
        to_pixels(view, level, lane, distance, start_w, start_mk, start_distance)
    else:
        quarter(view, level, lane, series, places)


@inlined
def _keep(series: Array, tile: int, w: complex, c1: complex, c2: complex, c3: complex, c4: complex) -> None:
    for number, value in enumerate((w, c1, c2, c3, c4)):
        series[tile, number, 0], series[tile, number, 1] = value.real, value.imag


@inlined
def _series(series: Array, tile: int, number: int) -> complex:
    return complex(series[tile, number, 0], series[tile, number, 1])


@inlined
def park(level: Record, lane: int) -> None:
    """Leave a lane without a tile: whatever comes of it, it is not in level.occupied, and so never looked at."""
    for pairs in (level.z, level.w, level.c1, level.c2, level.c3, level.c4, level.d):
        pairs[0, lane] = pairs[1, lane] = 0.0
    level.m[lane], level.k[lane], level.until[lane] = 0, 0, 1 << 62


@inlined
def refill(view: Record, level: Record, lane: int, series: Array, places: Array) -> bool:
    """Put the next tile into a lane; gives whether there is one."""
    if level.next == level.count:
        park(level, lane)
        return False
    tile = level.next
    level.next += 1
    _write_series(
        level, lane, _series(series, tile, 0), _series(series, tile, 1), _series(series, tile, 2),
        _series(series, tile, 3), _series(series, tile, 4),
    )  # fmt: skip
    column, row = places[tile, 0], places[tile, 1]
    middle = 0.5 * (level.edge - 1)
    level.d[0, lane] = (view.left + view.spacing * (column + middle)) * view.unit
    level.d[1, lane] = (view.top - view.spacing * (row + middle)) * view.unit
    level.column[lane], level.row[lane] = column, row
    level.m[lane], level.k[lane] = places[tile, 2], places[tile, 3]
    level.turns[lane], level.next_save[lane], level.misses[lane] = 0, 1, 0
    level.saved[4, lane] = -1.0
    level.occupied |= 1 << lane
    return True


@inlined
def refill_all(view: Record, level: Record, free: int, series: Array, places: Array) -> int:
    """Put the next tiles into free lanes; gives the lanes that have got one."""
    filled = 0
    while free != 0:
        lane = lowest(free)
        free &= free - 1
        if refill(view, level, lane, series, places):
            filled |= 1 << lane
    return filled


@inlined
def end_all(
    view: Record, level: Record, ended: int, series: Array, places: Array, start_w: Array, start_mk: Array,
    start_distance: Array,
) -> None:  # fmt: skip
    """Make the quarters, or the pixels, of the tiles in some lanes, and free these."""
    level.occupied &= ~ended
    while ended != 0:
        lane = lowest(ended)
        ended &= ended - 1
        end_tile(view, level, lane, series, places, start_w, start_mk, start_distance)


def block_loop(lanes: Lanes) -> Callable:
    """The heart: STEPS steps of each lane whose series stays good.

    Gives, as bits, those whose series does not, which stay as they were, and those that are to be looked at.
    """
    indices = Indices(lanes)

    @inlined
    def read(pairs: Array) -> Any:
        return both(load(pairs[0], lanes), load(pairs[1], lanes))

    @inlined
    def write_good(pairs: Array, value: Any, good: Any) -> None:
        store(choose(good, value.re, load(pairs[0], lanes)), pairs[0])
        store(choose(good, value.im, load(pairs[1], lanes)), pairs[1])

    @compiled
    def run_block(view: Record, level: Record, z: Array) -> tuple[int, int]:
        here, w, d = read(level.z), read(level.w), read(level.d)
        c1, c2, c3, c4 = read(level.c1), read(level.c2), read(level.c3), read(level.c4)
        m, k = load(level.m, indices), load(level.k, indices)
        f2 = w.re
        turned = f2 < f2
        rho = both(choose(turned, f2, level.rho), choose(turned, f2, 0.0))
        for _ in range(STEPS):
            w, c1, c2, c3, c4 = step(here, w, c1, c2, c3, c4, d, rho)
            m = m + 1
            px, py = gather(z, m)
            fx, fy = px + w.re, py + w.im
            f2 = fx * fx + fy * fy
            turns = (f2 < w.re * w.re + w.im * w.im) | (m >= view.last)
            turned = turned | turns
            w = both(choose(turns, fx, w.re), choose(turns, fy, w.im))
            here = both(choose(turns, 0.0, px), choose(turns, 0.0, py))
            m = choose(turns, 0, m)
        good = (size(c4) <= size(c1) * level.tolerance) & (f2 <= LEAVING2)
        k = k + STEPS
        is_near = w.re * w.re + w.im * w.im < view.near2
        until = load(level.until, indices)
        due = (k >= view.limit) | ((k >= until) & (turned | is_near)) | (turned & is_near)
        write_good(level.z, here, good)
        write_good(level.w, w, good)
        write_good(level.c1, c1, good)
        write_good(level.c2, c2, good)
        write_good(level.c3, c3, good)
        write_good(level.c4, c4, good)
        store(choose(good, m, load(level.m, indices)), level.m)
        store(choose(good, k, load(level.k, indices)), level.k)
        return bits(~good), bits(due & good)

    return run_block


def tile_loop(width: int, count: int) -> Callable:
    """The kernel with `count` vectors of `width` tiles: it gives how many blocks of steps, and looks, it has made.

    walk(view, level, z, coefficients, radii, levels, series, places, next_series, next_places, start_w, start_mk,
    start_distance, blocks).
    """
    lanes = Lanes(width, count)
    all_lanes = (1 << lanes.lanes) - 1
    run_block = block_loop(lanes)

    @compiled
    def walk(
        view: Record, level: Record, z: Array, coefficients: Array, radii: Array, levels: Array,
        series: Array, places: Array, next_series: Array, next_places: Array, start_w: Array, start_mk: Array,
        start_distance: Array, blocks: int,
    ) -> int:  # fmt: skip
        free, due, made = all_lanes & ~level.occupied, 0, 0
        while True:
            due |= refill_all(view, level, free, series, places)
            ended = 0
            while due != 0:
                lane = lowest(due)
                due &= due - 1
                goes_on, looked = look(view, level, lane, z, coefficients, radii, levels)
                made += looked
                if not goes_on:
                    ended |= 1 << lane
            if ended == 0:
                if level.occupied == 0 or made >= blocks:
                    return made
                ended, due = run_block(view, level, z)
                ended, due = ended & level.occupied, due & level.occupied
                made += 1
            end_all(view, level, ended, next_series, next_places, start_w, start_mk, start_distance)
            free = ended

    return walk
