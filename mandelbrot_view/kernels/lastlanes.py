# SPDX-License-Identifier: GPL-3.0-or-later
"""The last steps of deep pixels: z -> z^2 + c in doubles, several times as fast as a perturbed orbit.

Once neighbouring pixels' orbits are far apart in a double's terms, the reference is no longer needed: a rounding of z,
1e-16, is then that divided by their distance, in pixels. The distance is |dz/dc| times a pixel; it is known when a
pixel's tile ends, and multiplied by |2 z| with each step. Where it becomes small again, the pixel is followed from its
beginning as a perturbed orbit (pixellanes.py).
"""

from collections.abc import Callable

from .bailout import note_escaped
from .deepstate import LEAST, LEAST_AT_FIRST
from .escape import INSIDE
from .lanes import BLOCK_RADIUS2, STEPS
from .options import Array, Record, compiled, inlined
from .pixelpoints import next_point
from .vectors import Indices, Lanes, bits, choose, load, lowest, some, store

# What (2 |z|)^2 is of |z|^2, over a block of steps.
_FOURS = 4.0**STEPS


@inlined
def park(last: Record, lane: int) -> None:
    """Leave a lane without a pixel: 1/2 is a fixed point of z^2 + 1/4, with |2 z| = 1, so it never comes to an end."""
    last.x[lane], last.y[lane], last.re[lane], last.im[lane] = 0.5, 0.0, 0.25, 0.0
    last.distance2[lane], last.k[lane] = 1.0, -(1 << 62)


@inlined
def note_lane_escaped(last: Record, lane: int, point: int, steps: Array, size2: Array) -> None:
    """Note a pixel, in a lane, whose |z| is above 2."""
    x, y, re, im = last.x[lane], last.y[lane], last.re[lane], last.im[lane]
    note_escaped(last, point, x, y, re, im, last.k[lane], steps, size2)


@inlined
def begin(
    view: Record, last: Record, lane: int, point: int, z: Array, start_w: Array, start_mk: Array, distance: float
) -> bool:
    """Put a pixel into a lane; gives whether it has still to be followed: it may be outside already."""
    m, row = start_mk[point, 0], point // view.columns
    column = point - row * view.columns
    last.x[lane], last.y[lane] = z[m, 0] + start_w[point, 0], z[m, 1] + start_w[point, 1]
    last.re[lane] = view.re + (view.left + view.spacing * column) * view.unit
    last.im[lane] = view.im + (view.top - view.spacing * row) * view.unit
    last.distance2[lane] = distance * distance
    last.k[lane] = start_mk[point, 1]
    return last.x[lane] * last.x[lane] + last.y[lane] * last.y[lane] <= BLOCK_RADIUS2


@inlined
def refill(
    view: Record, last: Record, lane: int, z: Array, start_w: Array, start_mk: Array, start_distance: Array,
    steps: Array, size2: Array, rest: Array,
) -> bool:  # fmt: skip
    """Put the next pixel for these lanes into one; the others go to the rest, or are done. Gives if there is one."""
    while True:
        point = next_point(view, last)
        if point < 0:
            park(last, lane)
            return False
        if start_mk[point, 1] >= view.limit:
            steps[point] = INSIDE + min(start_mk[point, 0], 0)
        elif start_distance[point] < LEAST_AT_FIRST:
            rest[last.rest] = point
            last.rest += 1
        elif begin(view, last, lane, point, z, start_w, start_mk, start_distance[point]):
            last.point[lane] = point
            last.occupied |= 1 << lane
            return True
        else:
            note_lane_escaped(last, lane, point, steps, size2)


@inlined
def settle(view: Record, last: Record, lane: int, escaped: bool, steps: Array, size2: Array, rest: Array) -> None:
    """Note a lane's pixel: as escaped, as inside, or as one for the rest."""
    point = last.point[lane]
    last.occupied &= ~(1 << lane)
    if escaped:
        note_lane_escaped(last, lane, point, steps, size2)
    elif last.distance2[lane] < LEAST * LEAST:
        rest[last.rest] = point
        last.rest += 1
    else:
        steps[point] = INSIDE


def block_loop(lanes: Lanes) -> Callable:
    """The heart: blocks of steps of all lanes, until one of them comes to an end, or they are too many.

    Gives, as bits, the lanes that have escaped, those that end otherwise, and the blocks made.
    """
    indices = Indices(lanes)

    @compiled
    def run_blocks(view: Record, last: Record, most: int) -> tuple[int, int, int]:
        x, y = load(last.x, lanes), load(last.y, lanes)
        a, b = load(last.re, lanes), load(last.im, lanes)
        distance2, k = load(last.distance2, lanes), load(last.k, indices)
        blocks = 0
        while True:
            r2 = x * x + y * y
            for _ in range(STEPS):
                distance2 = distance2 * r2
                x, y = x * x + (a - y * y), (x + x) * y + b
                r2 = x * x + y * y
            distance2 = distance2 * _FOURS
            k = k + STEPS
            blocks += 1
            escaped = ~(r2 <= BLOCK_RADIUS2)
            ended = (k >= view.limit) | (distance2 < LEAST * LEAST)
            if some(escaped | ended) or blocks >= most:
                break
        store(x, last.x)
        store(y, last.y)
        store(choose(escaped, 1.0, distance2), last.distance2)
        store(k, last.k)
        return bits(escaped), bits(ended & ~escaped), blocks

    return run_blocks


def last_loop(width: int, count: int) -> Callable:
    """The kernel with `count` vectors of `width` pixels: it gives how many blocks of steps it has made, and one more.

    finish(view, last, z, start_w, start_mk, start_distance, steps, size2, rest, blocks).
    """
    lanes = Lanes(width, count)
    all_lanes = (1 << lanes.lanes) - 1
    run_blocks = block_loop(lanes)

    @compiled
    def finish(
        view: Record, last: Record, z: Array, start_w: Array, start_mk: Array, start_distance: Array,
        steps: Array, size2: Array, rest: Array, blocks: int,
    ) -> int:  # fmt: skip
        made, free = 0, all_lanes & ~last.occupied
        while free != 0:
            lane = lowest(free)
            free &= free - 1
            refill(view, last, lane, z, start_w, start_mk, start_distance, steps, size2, rest)
        while last.occupied != 0 and made < blocks:
            escaped, ended, ran = run_blocks(view, last, blocks - made)
            made += ran
            ended = (ended | escaped) & last.occupied
            while ended != 0:
                lane = lowest(ended)
                ended &= ended - 1
                settle(view, last, lane, (escaped >> lane) & 1 == 1, steps, size2, rest)
                refill(view, last, lane, z, start_w, start_mk, start_distance, steps, size2, rest)
        # One for the points that were done without a block.
        return made + 1

    return finish
