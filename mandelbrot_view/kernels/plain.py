# SPDX-License-Identifier: GPL-3.0-or-later
"""Escape times by numpy alone: slower by far than the compiled kernel, but there at once, and everywhere.

It serves until the compiled kernel is there, and where none can be made.
"""

import numpy as np

from .escape import BAILOUT2, INSIDE, MAX_BAILOUT_STEPS, Counts, Doubles, Work
from .lanes import BLOCK_RADIUS2, LONGEST_CYCLE, SAME2, STEPS

# Points that are followed together: enough that numpy's cost of a call is small against them, few enough that all
# their numbers stay in the processor's cache.
POOL = 4096


def smoothed(steps: Doubles, size2: Doubles, limit: int) -> Doubles:
    """The counts of points, from the steps at which they escaped, INSIDE or less if they did not, and |z|^2 then."""
    counts = steps + 5.0 - np.log2(np.log2(size2))
    return np.where(steps < 0.0, steps, np.where(counts >= limit + 1.0, INSIDE, counts))


class PlainWork(Work):
    """Counts by numpy. Its unit of work is a step of one point."""

    first_budget = STEPS * POOL
    max_lanes = POOL

    def __init__(self, re: Doubles, im: Doubles, limit: int, known: Counts | None = None) -> None:
        super().__init__((im.size, re.size), limit, known)
        self.re, self.im = np.ascontiguousarray(re), np.ascontiguousarray(im)
        self.steps.fill(0.0)
        self.size2.fill(BAILOUT2)
        # The numbers, row by row, of the points that are to be computed, and how many have been taken.
        wanted = np.ones((im.size, re.size), bool)
        if known is not None:
            wanted[::2, ::2] = False
        self._points = np.flatnonzero(wanted)
        self._taken = 0
        # Of each point in the pool: its number, z, c, an earlier z to recognise a cycle by, its steps so far.
        self._point = np.empty(0, np.int64)
        self._x, self._y, self._a, self._b, self._saved_x, self._saved_y = (np.empty(0) for _ in range(6))
        self._step = np.empty(0, np.int64)
        # Brent's cycle test (1980): z is saved after 1, 2, 4, 8, ... blocks.
        self._block, self._next_save = 0, 1

    def advance(self, budget: int) -> int:
        """Follow the pool for so many steps of one point."""
        units = 0
        while units < budget:
            if self._point.size < POOL // 2:
                self._refill()
            if not self._point.size:
                break
            units += STEPS * self._point.size + self._run_block()
        return units

    def position(self) -> tuple[int, ...]:
        """How many points have been taken, and how many are in the pool."""
        return self._taken, self._point.size

    def first_pending(self) -> int:
        """The first of those in the pool and not yet in it: points are taken in order."""
        upcoming = self._points[self._taken] if self._taken < self._points.size else self.steps.size
        return int(min(upcoming, self._point.min(initial=self.steps.size)))

    def smooth(self, first: int, end: int) -> None:
        """As escape.py says."""
        rows = slice(first, end)
        self.counts[rows] = smoothed(self.steps[rows], self.size2[rows], self.limit)

    def _refill(self) -> None:
        new = self._points[self._taken : self._taken + POOL - self._point.size]
        if not new.size:
            return
        self._taken += new.size
        a, b = self.re[new % self.re.size], self.im[new // self.re.size]
        with np.errstate(over="ignore", invalid="ignore"):
            size2 = a * a + b * b
            distance = a - 0.25
            q = distance * distance + b * b
            cardioid = (q * (q + distance) <= 0.25 * b * b) & (size2 <= 4.0)
            disc = ((a + 1.0) * (a + 1.0) + b * b <= 0.0625) & ~cardioid
        far = ~(size2 <= BAILOUT2)  # infinite or no number, too
        self.steps.flat[new[far]] = 1.0
        self.size2.flat[new[far]] = BAILOUT2
        self.steps.flat[new[cardioid]] = INSIDE - 1
        self.steps.flat[new[disc]] = INSIDE - 2
        outside = ~far & (size2 > 4.0)
        self._finish(new[outside], a[outside], b[outside], a[outside], b[outside], np.ones(outside.sum(), np.int64))
        follow = ~(far | cardioid | disc | outside)
        entering = int(follow.sum())
        self._point = np.concatenate([self._point, new[follow]])
        self._a, self._b = np.concatenate([self._a, a[follow]]), np.concatenate([self._b, b[follow]])
        zeros, never = np.zeros(entering), np.full(entering, np.nan)
        self._x, self._y = np.concatenate([self._x, zeros]), np.concatenate([self._y, zeros])
        self._saved_x = np.concatenate([self._saved_x, never])
        self._saved_y = np.concatenate([self._saved_y, never])
        self._step = np.concatenate([self._step, np.zeros(entering, np.int64)])
        self._block, self._next_save = 0, 1

    def _run_block(self) -> int:
        """Follow the pool for STEPS steps; gives the steps of searches for periods."""
        x, y, a, b = self._x, self._y, self._a, self._b
        for _ in range(STEPS):
            x, y = x * x + (a - y * y), (x + x) * y + b
        self._x, self._y = x, y
        self._step += STEPS
        self._block += 1
        escaped = ~(x * x + y * y <= BLOCK_RADIUS2)
        cycled = (x == self._saved_x) & (y == self._saved_y)
        ended = (cycled | (self._step >= self.limit)) & ~escaped
        if self._block >= self._next_save:
            self._saved_x, self._saved_y = x.copy(), y.copy()
            self._next_save = 2 * self._block
        done = escaped | ended
        if done.any():
            self._finish(self._point[escaped], x[escaped], y[escaped], a[escaped], b[escaped], self._step[escaped])
            self.steps.flat[self._point[ended]] = INSIDE
            cycled &= ended
            longest = int(self._step[cycled].max(initial=0))
            periods, searched = _cycle_periods(x[cycled], y[cycled], a[cycled], b[cycled], longest)
            self.steps.flat[self._point[cycled]] = INSIDE - periods
            self._keep(~done)
            return searched
        return 0

    def _keep(self, kept: np.ndarray) -> None:
        self._point, self._step = self._point[kept], self._step[kept]
        self._x, self._y, self._a, self._b = self._x[kept], self._y[kept], self._a[kept], self._b[kept]
        self._saved_x, self._saved_y = self._saved_x[kept], self._saved_y[kept]

    def _finish(self, point: np.ndarray, x: Doubles, y: Doubles, a: Doubles, b: Doubles, step: np.ndarray) -> None:
        """Note points whose |z| is above 2."""
        step, size2 = bailed_out(x, y, a, b, step)
        if not (size2 > BAILOUT2).all():
            self.fail()
        self.steps.flat[point] = step
        self.size2.flat[point] = size2


def bailed_out(x: Doubles, y: Doubles, a: Doubles, b: Doubles, step: np.ndarray) -> tuple[np.ndarray, Doubles]:
    """The steps at which orbits pass the bail-out radius, and |z|^2 there, from z = x + iy with |z| above 2 on.

    Where that takes more than MAX_BAILOUT_STEPS, |z|^2 is not above BAILOUT2.
    """
    size2 = x * x + y * y
    for _ in range(MAX_BAILOUT_STEPS):
        on = ~(size2 > BAILOUT2)
        if not on.any():
            break
        x, y = np.where(on, x * x + (a - y * y), x), np.where(on, (x + x) * y + b, y)
        step = step + on
        size2 = x * x + y * y
    return step, size2


def _cycle_periods(x: Doubles, y: Doubles, a: Doubles, b: Doubles, longest: int) -> tuple[Doubles, int]:
    """The periods of the cycles in which orbits have come to be, at the z given; 0 where it is not found.

    longest: what a period is at most. With them, the steps that were made.
    """
    periods = np.zeros(x.size)
    u, v, period = x, y, 0
    while period < min(longest, LONGEST_CYCLE) and not periods.all():
        period += 1
        u, v = u * u + (a - v * v), (u + u) * v + b
        is_back = (u - x) * (u - x) + (v - y) * (v - y) <= SAME2
        periods[is_back & (periods == 0)] = period
    return periods, period * x.size
