# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts by perturbation with numpy alone, where the deep kernels cannot be compiled: right, and slow.

Each step of each point is made, with rebasing (Zhuoran 2021) as in pixellanes.py. Where a double's exponents end,
numpy's long double serves, whose go to 1e-4932 on x86.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .deeptable import Grid
from .escape import BAILOUT2, INSIDE, Counts, Work
from .plain import bailed_out, smoothed

if TYPE_CHECKING:
    from ..orbits.reference import Reference

POOL = 4096
# Exponents of a picture's spacing below which doubles, and long doubles where they have more than doubles, do not do.
_LEAST_DOUBLE, _LEAST_LONG = -960, -15_000


class DepthError(Exception):
    """A place that is too deep to be computed here. Its message says what to do."""


class PlainDeepWork(Work):
    """Counts by numpy. Its unit of work is a step of one point."""

    first_budget = POOL
    max_lanes = POOL

    def __init__(self, grid: Grid, reference: Reference, limit: int, known: Counts | None = None) -> None:
        super().__init__((grid.rows, grid.columns), limit, known)
        number = _number_for(grid)
        unit = np.ldexp(number(1), grid.exponent)
        self._columns = (grid.left + grid.spacing * np.arange(grid.columns)) * unit
        self._rows = (grid.top - grid.spacing * np.arange(grid.rows)) * unit
        scale = np.ldexp(number(1), reference.exponents)
        self._z_re, self._z_im = reference.z[:, 0] * scale, reference.z[:, 1] * scale
        self._c = float(reference.re), float(reference.im)
        self.steps.fill(INSIDE)
        self.size2.fill(BAILOUT2)
        wanted = np.ones((grid.rows, grid.columns), bool)
        if known is not None:
            wanted[::2, ::2] = False
        # The points to be computed, how many of them have been taken, and of those in the pool: w, d, m and k.
        self._points = np.flatnonzero(wanted)
        self._taken = 0
        self._point = np.empty(0, np.int64)
        self._m = self._k = self._point
        self._x, self._y, self._a, self._b = (np.empty(0, number) for _ in range(4))

    def advance(self, budget: int) -> int:
        """Follow the pool for so many steps of one point."""
        units = 0
        while units < budget:
            if self._point.size < POOL // 2:
                self._refill()
            if not self._point.size:
                break
            units += self._point.size
            self._step()
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
        self._taken += new.size
        zeros = np.zeros(new.size, self._x.dtype)
        self._point = np.concatenate([self._point, new])
        self._m, self._k = (np.concatenate([old, np.zeros(new.size, np.int64)]) for old in (self._m, self._k))
        self._x, self._y = np.concatenate([self._x, zeros]), np.concatenate([self._y, zeros])
        self._a = np.concatenate([self._a, self._columns[new % self._columns.size]])
        self._b = np.concatenate([self._b, self._rows[new // self._columns.size]])

    def _step(self) -> None:
        gx, gy = 2 * self._z_re[self._m] + self._x, 2 * self._z_im[self._m] + self._y
        x, y = gx * self._x - gy * self._y + self._a, gx * self._y + gy * self._x + self._b
        self._m = self._m + 1
        self._k = self._k + 1
        fx, fy = self._z_re[self._m] + x, self._z_im[self._m] + y
        size2 = fx * fx + fy * fy
        turns = (size2 < x * x + y * y) | (self._m >= self._z_re.size - 1)
        self._x, self._y = np.where(turns, fx, x), np.where(turns, fy, y)
        self._m = np.where(turns, 0, self._m)
        escaped = ~(size2 <= 4.0)
        done = escaped | (self._k >= self.limit)
        if done.any():
            self._finish(escaped, fx, fy)
            kept = ~done
            for name in ("_point", "_m", "_k", "_x", "_y", "_a", "_b"):
                setattr(self, name, getattr(self, name)[kept])

    def _finish(self, escaped: np.ndarray, fx: Any, fy: Any) -> None:
        """Note points whose |z| is above 2."""
        point, step = self._point[escaped], self._k[escaped]
        x, y = fx[escaped].astype(float), fy[escaped].astype(float)
        a, b = (c + d[escaped].astype(float) for c, d in zip(self._c, (self._a, self._b), strict=True))
        step, size2 = bailed_out(x, y, a, b, step)
        if not (size2 > BAILOUT2).all():
            self.fail()
        self.steps.flat[point] = step
        self.size2.flat[point] = size2


def _number_for(grid: Grid) -> Any:
    if grid.exponent >= _LEAST_DOUBLE:
        return np.float64
    if grid.exponent >= _LEAST_LONG and np.finfo(np.longdouble).minexp < _LEAST_LONG:
        return np.longdouble
    raise DepthError("so deep a place needs the compiled kernel: install numba and llvmlite anew")
