# SPDX-License-Identifier: GPL-3.0-or-later
"""Pixels in the lanes of vectors: their perturbed orbits, from where their tile has brought them, to their escape.

Only those take this way that cannot take the shorter one of lastlanes.py.

As in tilelanes.py, a lane makes exact steps with all others, and is looked at by itself where a run of them may begin.
Rebasing (Zhuoran 2021): when z = Z + w comes nearer to 0 than w is large, or the reference ends, the orbit goes on from
Z_0 with w := z. That is exact, and why a pixel cannot lose its digits to the reference ("glitch").
"""

from collections.abc import Callable

from .approximation import is_run_near, longest_run, plain_map_at
from .bailout import note_escaped
from .complexes import both, is_smaller, twice
from .deepstate import LONGEST_PAUSE_BITS, PAUSE, SEARCH_GAP, SEARCHED_PART, STEPS
from .deeptable import LOWEST_LEVEL
from .escape import INSIDE
from .options import Array, Record, compiled, inlined
from .periods import attracting_period, smallest_period
from .vectors import Indices, Lanes, bits, choose, gather, load, lowest, some, store

ALIGNED = (1 << LOWEST_LEVEL) - 1
# After a test |z| <= 3.5, and |c| <= 2: four steps on, nothing overflows, see lanes.py.
BLOCK_RADIUS2 = 12.25


@inlined
def _read(pairs: Array, lane: int) -> complex:
    return complex(pairs[0, lane], pairs[1, lane])


@inlined
def period_at(pixels: Record, lane: int, m: int, k: int, w: complex) -> int:
    """In how many steps a pixel that has returned to Z_0 has come back to where it was, see tilelanes.period_at()."""
    saved = pixels.saved
    if saved[0, lane] == w.real and saved[1, lane] == w.imag and saved[2, lane] == m:
        return k - int(saved[3, lane])
    pixels.turns[lane] += 1
    if pixels.turns[lane] >= pixels.next_save[lane]:
        pixels.next_save[lane] *= 2
        saved[0, lane], saved[1, lane], saved[2, lane], saved[3, lane] = w.real, w.imag, m, k
    return 0


@compiled
def search(view: Record, pixels: Record, lane: int, z: Array) -> tuple[int, int]:
    """Look for an attracting cycle of a lane's pixel when it is time: its period, or 0, and the steps made.

    All searches for a pixel scan at most a part of the steps that it has made without runs.
    """
    made = pixels.k[lane] - pixels.by_runs[lane]
    if made < pixels.next_search[lane]:
        return 0, 0
    reach = pixels.search_gap[lane] // SEARCHED_PART
    pixels.search_gap[lane] *= 2
    pixels.next_search[lane] = made + pixels.search_gap[lane]
    return attracting_period(view, z, pixels.m[lane], _read(pixels.w, lane), _read(pixels.d, lane), reach)


@inlined
def look(
    view: Record, pixels: Record, lane: int, z: Array, coefficients: Array, radii: Array, levels: Array
) -> tuple[bool, int]:
    """Make the runs that are there for a lane's pixel, and the steps to where vectors may go on.

    Returns whether it goes on, and the runs and steps made, and one more. A pixel that does not go on is inside, and
    has the negative of its period for its m if that is known.
    """
    w, d = _read(pixels.w, lane), _read(pixels.d, lane)
    m, k = pixels.m[lane], pixels.k[lane]
    goes_on, is_near, made = True, False, 0
    while goes_on:
        made += 1
        if k >= view.limit:
            goes_on = False
            break
        period = period_at(pixels, lane, m, k, w) if m <= STEPS and k > 0 else 0
        if period > 0:
            m, searched = smallest_period(view, pixels, z, m, w, d, period)
            m, goes_on, made = -m, False, made + searched
            break
        extent = max(abs(w.real), abs(w.imag))
        place, steps = longest_run(radii, levels, m, extent, view.limit - k)
        if place < 0:
            is_near = is_run_near(radii, levels, m, extent)
            if not is_near or (m > 0 and (m - 1) & (STEPS - 1) == 0):
                break
        here = complex(z[m, 0], z[m, 1])
        if place >= 0:
            a, b, c = plain_map_at(coefficients, place)
            w = (a + c * w) * w + b * d
            pixels.by_runs[lane] += steps
        else:
            steps = 1
            w = (twice(here) + w) * w + d
        m, k = m + steps, k + steps
        f = complex(z[m, 0], z[m, 1]) + w
        if f.real * f.real + f.imag * f.imag > BLOCK_RADIUS2:
            break
        if m == view.last or is_smaller(f, w):
            w, m = f, 0
    pixels.w[0, lane], pixels.w[1, lane] = w.real, w.imag
    pixels.m[lane], pixels.k[lane] = m, k
    if goes_on:
        pixels.z[0, lane], pixels.z[1, lane] = z[m, 0], z[m, 1]
        pixels.misses[lane] = 0 if is_near else min(pixels.misses[lane] + 1, LONGEST_PAUSE_BITS)
        pause = (-(m - 1)) & ALIGNED if is_near else PAUSE << pixels.misses[lane]
        pixels.until[lane] = min(k + pause, view.limit)
    return goes_on, made


@inlined
def refill(view: Record, pixels: Record, lane: int, rest: Array, start_w: Array, start_mk: Array) -> bool:
    """Put the next pixel of the rest into a lane; park the lane if there is none, and say so.

    Whatever comes of a parked lane, it is not in pixels.occupied, and so never looked at.
    """
    if pixels.next == pixels.count:
        pixels.z[0, lane] = pixels.z[1, lane] = pixels.w[0, lane] = pixels.w[1, lane] = 0.0
        pixels.d[0, lane] = pixels.d[1, lane] = 0.0
        pixels.m[lane], pixels.k[lane], pixels.until[lane] = 0, 0, 1 << 62
        return False
    point = rest[pixels.next]
    pixels.next += 1
    pixels.point[lane] = point
    row = point // view.columns
    column = point - row * view.columns
    pixels.w[0, lane], pixels.w[1, lane] = start_w[point, 0], start_w[point, 1]
    pixels.d[0, lane] = (view.left + view.spacing * column) * view.unit
    pixels.d[1, lane] = (view.top - view.spacing * row) * view.unit
    pixels.m[lane], pixels.k[lane] = start_mk[point, 0], start_mk[point, 1]
    pixels.turns[lane], pixels.next_save[lane], pixels.misses[lane] = 0, 1, 0
    pixels.by_runs[lane] = pixels.k[lane]
    pixels.search_gap[lane], pixels.next_search[lane] = SEARCH_GAP, SEARCH_GAP
    pixels.saved[2, lane] = -1.0
    pixels.occupied |= 1 << lane
    return True


@inlined
def settle(view: Record, pixels: Record, lane: int, escaped: bool, steps: Array, size2: Array) -> None:
    """Note a lane's pixel: as one inside, or one that has left |z| = 2 and goes on to the bail-out radius."""
    point = pixels.point[lane]
    pixels.occupied &= ~(1 << lane)
    if escaped:
        x, y = pixels.z[0, lane] + pixels.w[0, lane], pixels.z[1, lane] + pixels.w[1, lane]
        re, im = view.re + pixels.d[0, lane], view.im + pixels.d[1, lane]
        note_escaped(pixels, point, x, y, re, im, pixels.k[lane], steps, size2)
    else:
        steps[point] = INSIDE + min(pixels.m[lane], 0)


@inlined
def is_to_be_looked_at(view: Record, pixels: Record, lane: int, z: Array, radii: Array, levels: Array) -> bool:
    """Whether a pixel that is new in its lane has a run to make, or is at the limit: most have neither."""
    m, k = pixels.m[lane], pixels.k[lane]
    extent = max(abs(pixels.w[0, lane]), abs(pixels.w[1, lane]))
    if k >= view.limit or is_run_near(radii, levels, m, extent):
        return True
    pixels.z[0, lane], pixels.z[1, lane] = z[m, 0], z[m, 1]
    pixels.until[lane] = min(k + PAUSE, view.limit)
    return False


@inlined
def refill_all(
    view: Record, pixels: Record, free: int, z: Array, radii: Array, levels: Array, rest: Array, start_w: Array,
    start_mk: Array,
) -> int:  # fmt: skip
    """Put the next pixels into free lanes; gives the lanes that are to be looked at."""
    due = 0
    while free != 0:
        lane = lowest(free)
        free &= free - 1
        is_filled = refill(view, pixels, lane, rest, start_w, start_mk)
        if is_filled and is_to_be_looked_at(view, pixels, lane, z, radii, levels):
            due |= 1 << lane
    return due


@inlined
def settle_all(view: Record, pixels: Record, escaped: int, steps: Array, size2: Array) -> None:
    """Note the pixels of lanes that have escaped."""
    while escaped != 0:
        settle(view, pixels, lowest(escaped), True, steps, size2)
        escaped &= escaped - 1


def block_loop(lanes: Lanes) -> Callable:
    """The heart: blocks of steps of all lanes, until one of them escapes or is to be looked at, or they are too many.

    Gives both, as bits, and the blocks made.
    """
    indices = Indices(lanes)

    @compiled
    def run_blocks(view: Record, pixels: Record, z: Array, most: int) -> tuple[int, int, int]:
        here = both(load(pixels.z[0], lanes), load(pixels.z[1], lanes))
        w = both(load(pixels.w[0], lanes), load(pixels.w[1], lanes))
        d = both(load(pixels.d[0], lanes), load(pixels.d[1], lanes))
        m, k, until = load(pixels.m, indices), load(pixels.k, indices), load(pixels.until, indices)
        blocks = 0
        while True:
            f2 = w.re
            turned = f2 < f2
            for _ in range(STEPS):
                w = (twice(here) + w) * w + d
                m = m + 1
                px, py = gather(z, m)
                fx, fy = px + w.re, py + w.im
                f2 = fx * fx + fy * fy
                turns = (f2 < w.re * w.re + w.im * w.im) | (m >= view.last)
                w = both(choose(turns, fx, w.re), choose(turns, fy, w.im))
                here = both(choose(turns, 0.0, px), choose(turns, 0.0, py))
                m = choose(turns, 0, m)
                turned = turned | turns
            k = k + STEPS
            blocks += 1
            escaped = ~(f2 <= BLOCK_RADIUS2)
            is_near = w.re * w.re + w.im * w.im < view.near2
            due = (k >= view.limit) | ((k >= until) & (turned | is_near)) | (turned & is_near)
            if some(escaped | due) or blocks >= most:
                break
        store(here.re, pixels.z[0])
        store(here.im, pixels.z[1])
        store(w.re, pixels.w[0])
        store(w.im, pixels.w[1])
        store(m, pixels.m)
        store(k, pixels.k)
        return bits(escaped), bits(due & ~escaped), blocks

    return run_blocks


def pixel_loop(width: int, count: int) -> Callable:
    """The kernel with `count` vectors of `width` pixels: it gives how many blocks of steps, and looks, it has made.

    follow(view, pixels, z, coefficients, radii, levels, rest, start_w, start_mk, steps, size2, blocks).
    """
    lanes = Lanes(width, count)
    all_lanes = (1 << lanes.lanes) - 1
    run_blocks = block_loop(lanes)

    @compiled
    def follow(
        view: Record, pixels: Record, z: Array, coefficients: Array, radii: Array, levels: Array,
        rest: Array, start_w: Array, start_mk: Array, steps: Array, size2: Array, blocks: int,
    ) -> int:  # fmt: skip
        free = all_lanes & ~pixels.occupied
        due, made = 0, 0
        while True:
            due |= refill_all(view, pixels, free, z, radii, levels, rest, start_w, start_mk)
            free = 0
            while due != 0:
                lane = lowest(due)
                due &= due - 1
                period, searched = search(view, pixels, lane, z)
                made += searched // STEPS
                goes_on, looked = period == 0, 1
                if goes_on:
                    goes_on, looked = look(view, pixels, lane, z, coefficients, radii, levels)
                else:
                    pixels.m[lane] = -period
                made += looked
                if not goes_on:
                    settle(view, pixels, lane, False, steps, size2)
                    free |= 1 << lane
            if free == 0:
                if pixels.occupied == 0 or made >= blocks:
                    return made
                escaped, due, ran = run_blocks(view, pixels, z, blocks - made)
                made += ran
                settle_all(view, pixels, escaped & pixels.occupied, steps, size2)
                # A parked lane that has escaped is parked anew.
                free, due = escaped, due & pixels.occupied

    return follow
