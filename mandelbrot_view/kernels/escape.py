# SPDX-License-Identifier: GPL-3.0-or-later
"""Escape times of a grid of points, worked out in slices of time: what both kernels, compiled and plain, share.

A point c escapes at step n when |z_n|^2 first passes BAILOUT2, with z_0 = 0 and z_n = z_(n-1)^2 + c. Its smooth count
is n + 1 - log2(log2(|z_n|^2) / 16), a number from n to n + 1 that has no steps in it (the normalised iteration count,
after Peitgen and Richter's continuous potential, 1986; so named by Linas Vepstas, 1997). It comes out the same if it
is read some steps later, which is why a kernel need not stop at the very step. Inside is what has a count of
limit + 1 or more, or none: its count is -1, or -1 - p if a kernel has found it to be drawn into a cycle of period p.
"""

from abc import ABC, abstractmethod
from time import perf_counter
from typing import ClassVar, NoReturn

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
# A double tells smooth counts apart up to the highest limit; 24 bits would be in steps of 1 from eight million on.
Counts = NDArray[np.float64]

# Less than this by the period, where that is known.
INSIDE = -1.0
# 256^2: beyond that radius c hardly matters against z^2, and the smooth count is right to 1e-4.
BAILOUT2 = 65536.0
# Steps from |z| > 2 to the bail-out radius: from the next double above 2 it takes about forty.
MAX_BAILOUT_STEPS = 64
# No point takes more steps than this many times its limit: it may be followed twice, and a period be looked for.
MAX_LIMITS = 4


class KernelError(Exception):
    """A kernel that comes to no end: a fault of the program. Its message says what to report."""


class Work(ABC):
    """The counts of one grid, while they are worked out.

    shape: its rows and columns; limit: iterations, 1 to 10^9; known: the counts of the grid of
    every second column and row, if they are there: they are taken over, and only what lies between is computed.
    counts: float64, a row of the grid each; those from row whole_rows on are not all right yet.
    units: of the kernel's work, done so far.
    """

    # What advance() is first given, in the kernel's own unit of work; then as much as the time allows, but for a kernel
    # whose next units may be far dearer than the last ones.
    first_budget: ClassVar[int]
    most_budget: ClassVar[int] = 1 << 40
    # Points that are followed together at most: each takes its share of the units.
    max_lanes: ClassVar[int]

    def __init__(self, shape: tuple[int, int], limit: int, known: Counts | None) -> None:
        self.limit = limit
        self.known = known
        # The steps at which points escaped, INSIDE or less for those that do not, and |z|^2 then. What stands there for
        # points that are known is of no consequence, nor is |z|^2 of those inside.
        self.steps: Doubles = np.empty(shape)
        self.size2: Doubles = np.empty(shape)
        # Counts take the place of the steps that they are made from, row by row.
        self.counts: Counts = self.steps
        self.whole_rows = 0 if self.counts.size else shape[0]
        self.budget = self.first_budget
        self.units = 0
        # The units since a point, or a tile of points, last began or ended.
        self._idle_units = 0

    @property
    def is_done(self) -> bool:
        """Whether all counts are there."""
        return self.whole_rows == len(self.counts)

    def run(self, seconds: float) -> None:
        """Go on for about so long. A hard point may take many such slices. Raises KernelError."""
        begin = perf_counter()
        end = begin + seconds
        while not self.is_done and begin < end:
            self._advance()
            self._take(min(self.first_pending() // self.counts.shape[1], len(self.counts)))
            # A quarter of the slice each, so that the last one passes the end by little; twofold at most, for the
            # first points say little of the next.
            now = perf_counter()
            spent = max(now - begin, 1e-6)
            self.budget = min(self.most_budget, max(1, int(self.budget * min(2.0, seconds / 4 / spent))))
            begin = now

    def _advance(self) -> None:
        """Do some work, and see that points come to their ends by it."""
        before = self.position()
        units = self.advance(self.budget)
        self.units += units
        if self.position() != before:
            self._idle_units = 0
            return
        self._idle_units += units
        is_stuck = not units and self.first_pending() < self.counts.size
        if is_stuck or self._idle_units > self.max_lanes * MAX_LIMITS * (self.limit + MAX_BAILOUT_STEPS):
            self.fail()

    def fail(self) -> NoReturn:
        """Raise the error for a point that comes to no end."""
        rows, columns = self.counts.shape
        raise KernelError(
            f"{type(self).__name__} comes to no end at the point {self.first_pending()} of {columns} x {rows}, limit "
            f"{self.limit}, after {self.units} units of work; report this with the place that was computed"
        )

    @abstractmethod
    def advance(self, budget: int) -> int:
        """Do about this much work, in the kernel's own units; gives how much it was. Raises KernelError."""

    @abstractmethod
    def position(self) -> tuple[int, ...]:
        """Numbers of which one changes whenever a point, or a tile of points, begins or ends."""

    @abstractmethod
    def first_pending(self) -> int:
        """The number, row by row, of the first point that is not done; that of one behind the last when all are."""

    @abstractmethod
    def smooth(self, first: int, end: int) -> None:
        """Turn the steps of the rows from first on to before end into counts, where they stand."""

    def _take(self, whole_rows: int) -> None:
        first, self.whole_rows = self.whole_rows, whole_rows
        if first == whole_rows:
            return
        self.smooth(first, whole_rows)
        if self.known is not None:
            even = first + first % 2
            self.counts[even:whole_rows:2, ::2] = self.known[even // 2 : (whole_rows + 1) // 2]
