# SPDX-License-Identifier: GPL-3.0-or-later
"""Escape times in double precision, compiled: z -> z^2 + c in many lanes at once. What is computed, escape.py says.

Each lane follows one point of the grid; the lane of a point that is done takes the next one. What a call leaves
unfinished stands in its State (lanes.py), and the next call goes on there.

Importing this module imports numba. A worker does not: it runs the machine code that compiler.py makes of this.
"""

from collections.abc import Callable, Iterator
from typing import Any

from numba import cfunc, njit, types
from numba.np.numpy_support import carray, from_dtype

from .arithmetic import log2
from .bailout import note_escaped
from .escape import BAILOUT2, INSIDE
from .lanes import BLOCK_RADIUS2, LONGEST_CYCLE, NEARLY_SAME2, PART_OF_LIMIT, SAME2, STEPS, State
from .options import OPTIONS, Array, Record, inlined
from .vectors import Lanes, bits, choose, load, lowest, some, store

# A parked lane has a point at the border of the main cardioid, whose orbit neither escapes nor ends in a cycle soon;
# and a saved point that no orbit meets.
PARKED_RE, PARKED_IM, UNMET = 0.25, 0.5, 9.0
# Blocks between two savings of points for the cycle test, times the terms of Luby's sequence: 128 steps find the
# periods of nearly all that is seen, and a saving costs as much as two blocks.
SAVE_BLOCKS = 16
# Points that are looked at for the price of a block: most are done there, those outside and in the main bulbs.
POINTS_A_BLOCK = 8
# The periods of points that do not escape are looked for in so many vectors of them at once.
CYCLIC_VECTORS = 2
# An orbit that comes to its cycle in a spiral is nearer to where it was after some periods than after one, after which
# |difference|^2 may be so many times as large.
MUCH = 1e4


@inlined
def main_period(re: float, im: float) -> int:
    """1 for a point of the main cardioid, 2 for one of the disc at its left, else 0."""
    x = re - 0.25
    q = x * x + im * im
    if q * (q + x) <= 0.25 * im * im:
        return 1
    return 2 if (re + 1.0) * (re + 1.0) + im * im <= 0.0625 else 0


@inlined
def next_luby(state: Record) -> int:
    """1, 1, 2, 1, 1, 2, 4, ...: the universal sequence of Luby, Sinclair and Zuckerman 1993, by Knuth's recurrence.

    Brent's test for cycles (1980) saves a point after 1, 2, 4, 8, ... steps. Here all lanes save at once, and they
    begin at different times: in this sequence each length comes again, the short ones often, so that a long cycle is
    found though lanes with short ones wait for nothing.
    """
    term = state.luby_v
    if state.luby_u & -state.luby_u == term:
        state.luby_u += 1
        state.luby_v = 1
    else:
        state.luby_v = 2 * term
    return term


@inlined
def to_next_point(state: Record) -> None:
    """Move the grid's place on by one point, past those that are known."""
    between = state.known != 0 and state.row % 2 == 0
    state.column += 2 if between else 1
    state.points_left -= 1


@inlined
def skip_row_ends(state: Record) -> bool:
    """Whether there is a next point, after moving from the end of a row to the first new point of one below."""
    while state.row < state.rows and state.column >= state.columns:
        state.row += 1
        state.column = 1 if state.known != 0 and state.row % 2 == 0 else 0
    return state.row < state.rows


@inlined
def refill(state: Record, lane: int, columns_re: Array, rows_im: Array, steps: Array, size2: Array) -> None:
    """Put the next point that must be followed into a lane; park the lane if there is none.

    Points on the way that need not be followed are done here.
    """
    re, im, point = PARKED_RE, PARKED_IM, -1
    while point < 0 and state.points_left > 0 and skip_row_ends(state):
        a, b = columns_re[state.column], rows_im[state.row]
        number = state.row * state.columns + state.column
        to_next_point(state)
        distance2 = a * a + b * b
        if distance2 <= 4.0:
            period = main_period(a, b)
            if period > 0:
                steps[number] = INSIDE - period
            else:
                re, im, point = a, b, number
                state.live += 1
        elif distance2 <= BAILOUT2:
            note_escaped(state, number, a, b, a, b, 1, steps, size2)
        else:  # far outside, infinite or no number
            steps[number] = 1.0
            size2[number] = BAILOUT2
    state.x[lane] = 0.0
    state.y[lane] = 0.0
    state.re[lane] = re
    state.im[lane] = im
    state.saved_x[lane] = UNMET
    state.point[lane] = point
    state.since[lane] = state.block


@inlined
def take_inside(state: Record, lane: int, same2: float, longest: float) -> None:
    """Take a lane's point as one that does not escape, to look for a period: at most this, and its own steps."""
    if state.point[lane] >= 0:
        number = state.cyclic
        longest = min(longest, float((state.block - state.since[lane]) * STEPS))
        state.cyclic_point[number] = state.point[lane]
        state.cyclic_x[number], state.cyclic_y[number] = state.x[lane], state.y[lane]
        state.cyclic_re[number], state.cyclic_im[number] = state.re[lane], state.im[lane]
        state.cyclic_same2[number], state.cyclic_longest[number] = same2, longest
        state.cyclic += 1
        state.point[lane] = -1
        state.live -= 1


@inlined
def settle_escaped(state: Record, lane: int, steps: Array, size2: Array) -> None:
    """Note the point of a lane that has left |z| = 2 in its last block."""
    point = state.point[lane]
    if point >= 0:
        step = (state.block - state.since[lane]) * STEPS
        x, y, re, im = state.x[lane], state.y[lane], state.re[lane], state.im[lane]
        note_escaped(state, point, x, y, re, im, step, steps, size2)
        state.point[lane] = -1
        state.live -= 1


@njit(**OPTIONS)
def free_lanes(state: Record, lanes: int) -> int:
    """The lanes without a point, as bits."""
    free = 0
    for lane in range(lanes):
        if state.point[lane] < 0:
            free |= 1 << lane
    return free


@njit(**OPTIONS)
def save_points(state: Record, lanes: int) -> None:
    """Save the points of all lanes for the cycle test, and say when to do so again."""
    for lane in range(lanes):
        state.saved_x[lane] = state.x[lane]
        state.saved_y[lane] = state.y[lane]
    state.next_save = state.block + SAVE_BLOCKS * next_luby(state)


@njit(**OPTIONS)
def lanes_at_the_limit(state: Record, lanes: int) -> int:
    """The lanes whose points have been followed to the limit, as bits; says when to ask again."""
    ended = 0
    state.next_end = state.block + state.most_blocks
    for lane in range(lanes):
        if state.point[lane] >= 0:
            end = state.since[lane] + state.most_blocks
            if end <= state.block:
                ended |= 1 << lane
            else:
                state.next_end = min(state.next_end, end)
    return ended


def block_loop(lanes: Lanes) -> Callable:
    """The heart: blocks of steps of all lanes, until one of them is done or state.block reaches `until`.

    Gives which lanes have escaped and which are in a cycle, as the bits of two numbers.
    """

    @njit(**OPTIONS)
    def run_blocks(state: Record, until: int) -> tuple[int, int]:
        x, y = load(state.x, lanes), load(state.y, lanes)
        a, b = load(state.re, lanes), load(state.im, lanes)
        saved_x, saved_y = load(state.saved_x, lanes), load(state.saved_y, lanes)
        block = state.block
        while True:
            for _ in range(STEPS):
                x, y = x * x + (a - y * y), (x + x) * y + b
            block += 1
            escaped = ~(x * x + y * y <= BLOCK_RADIUS2)
            cycled = (x == saved_x) & (y == saved_y)
            if some(escaped | cycled) or block >= until:
                break
        store(x, state.x)
        store(y, state.y)
        state.block = block
        return bits(escaped), bits(cycled & ~escaped)

    return run_blocks


def period_loop(lanes: Lanes) -> tuple[Callable, Callable]:
    """Two functions by which points are noted that do not escape, as many at once as there are lanes.

    settle_inside(state, inside, same2, longest, steps): take these lanes' points, and note them when they are many;
    note_periods(state, steps): note those that are there, with their periods: of the cycle in which an orbit is, the
    least number of steps after which it is back. state.searched counts the steps of the search.
    """
    number_of_lanes = lanes.lanes

    @njit(**OPTIONS)
    def note_periods(state: Record, steps: Array) -> None:
        for lane in range(state.cyclic, number_of_lanes):
            state.cyclic_longest[lane] = 0.0
        x, y = load(state.cyclic_x, lanes), load(state.cyclic_y, lanes)
        a, b = load(state.cyclic_re, lanes), load(state.cyclic_im, lanes)
        same2, longest = load(state.cyclic_same2, lanes), load(state.cyclic_longest, lanes)
        u, v, period = x, y, longest * 0.0
        found = nearly = period
        while some((period < longest) & (found < 1.0)):
            state.searched += 1
            period = period + 1.0
            u, v = u * u + (a - v * v), (u + u) * v + b
            distance2 = (u - x) * (u - x) + (v - y) * (v - y)
            nearly = choose((distance2 <= MUCH * same2) & (nearly < 1.0), period, nearly)
            found = choose((distance2 <= same2) & (period <= longest) & (found < 1.0), period, found)
        # z is not needed any more.
        store(found, state.cyclic_x)
        store(nearly, state.cyclic_y)
        for number in range(state.cyclic):
            multiple, part = state.cyclic_x[number], state.cyclic_y[number]
            is_part = multiple > 0.0 and multiple % part == 0.0
            steps[state.cyclic_point[number]] = INSIDE - (part if is_part else multiple)
        state.cyclic = 0

    @inlined
    def settle_inside(state: Record, inside: int, same2: float, longest: float, steps: Array) -> None:
        while inside != 0:
            take_inside(state, lowest(inside), same2, longest)
            inside &= inside - 1
            if state.cyclic == number_of_lanes:
                note_periods(state, steps)

    return settle_inside, note_periods


def escape_loop(width: int, count: int) -> Callable:
    """The kernel with `count` vectors of `width` doubles in flight.

    escape(state, columns_re, rows_im, steps, size2, blocks): at most so many blocks. steps, size2: for each point of
    the grid, row by row, as in escape.Work. Returns the work done: blocks, searches for periods as blocks, and points
    that were looked at.
    """
    lanes = Lanes(width, count)
    number_of_lanes = lanes.lanes
    run_blocks = block_loop(lanes)
    settle_inside, note_periods = period_loop(Lanes(width, CYCLIC_VECTORS))

    @njit(**OPTIONS)
    def escape(state: Record, columns_re: Array, rows_im: Array, steps: Array, size2: Array, blocks: int) -> int:
        first, state.searched = state.block, 0
        stop = first + blocks
        state.points_left = blocks * POINTS_A_BLOCK
        free = free_lanes(state, number_of_lanes)
        while True:
            while free != 0:
                refill(state, lowest(free), columns_re, rows_im, steps, size2)
                free &= free - 1
            if state.live == 0 or state.block >= stop:
                note_periods(state, steps)
                return state.block - first + state.searched // STEPS + blocks * POINTS_A_BLOCK - state.points_left
            escaped, cycled = run_blocks(state, min(stop, state.next_save, state.next_end))
            free = escaped | cycled
            while escaped != 0:
                settle_escaped(state, lowest(escaped), steps, size2)
                escaped &= escaped - 1
            settle_inside(state, cycled, SAME2, LONGEST_CYCLE, steps)
            if state.block >= state.next_end:
                ended = lanes_at_the_limit(state, number_of_lanes)
                longest = min(state.most_blocks * STEPS / PART_OF_LIMIT, LONGEST_CYCLE)
                settle_inside(state, ended, NEARLY_SAME2, longest, steps)
                free |= ended
            if state.block >= state.next_save:
                save_points(state, number_of_lanes)

    return escape


@njit(**OPTIONS)
def smooth(steps: Array, size2: Array, limit: float) -> None:
    """Turn steps into counts, where they stand."""
    for i in range(steps.size):
        # n + 1 - log2(log2(|z|^2) / 16)
        count = steps[i] + 5.0 - log2(log2(size2[i]))
        steps[i] = steps[i] if steps[i] < 0.0 else INSIDE if count >= limit + 1.0 else count


def functions(width: int, count: int) -> Iterator[tuple[str, Any]]:
    """The kernel as C functions on pointers, by name, for vectors of so many doubles, so many in flight.

    long escape(State* state, double* columns_re, double* rows_im, double* steps, double* size2, long blocks)
    smooth(double* steps, double* size2, long size, double limit)
    """
    doubles = types.CPointer(types.float64)
    escape = escape_loop(width, count)

    @cfunc(types.int64(types.CPointer(from_dtype(State)), doubles, doubles, doubles, doubles, types.int64), **OPTIONS)
    def escape_function(
        state: Record, columns_re: Array, rows_im: Array, steps: Array, size2: Array, blocks: int
    ) -> int:
        record = carray(state, 1)[0]
        size = record.rows * record.columns
        return escape(
            record,
            carray(columns_re, record.columns),
            carray(rows_im, record.rows),
            carray(steps, size),
            carray(size2, size),
            blocks,
        )

    @cfunc(types.void(doubles, doubles, types.int64, types.float64), **OPTIONS)
    def smooth_function(steps: Array, size2: Array, size: int, limit: float) -> None:
        smooth(carray(steps, size), carray(size2, size), limit)

    yield "escape", escape_function
    yield "smooth", smooth_function
