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
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Counts = NDArray[np.float32]

# Less than this by the period, where that is known.
INSIDE = -1.0
# 256^2: beyond that radius c hardly matters against z^2, and the smooth count is right to 1e-4.
BAILOUT2 = 65536.0


class Work(ABC):
    """The counts of one grid, while they are worked out.

    shape: its rows and columns; limit: iterations, 1 to 10^9; known: the counts of the grid of
    every second column and row, if they are there: they are taken over, and only what lies between is computed.
    counts: float32, a row of the grid each; those from row whole_rows on are not all right yet.
    """

    # What advance() is first given, in the kernel's own unit of work; then as much as the time allows, but for a kernel
    # whose next units may be far dearer than the last ones.
    first_budget: ClassVar[int]
    most_budget: ClassVar[int] = 1 << 40

    def __init__(self, shape: tuple[int, int], limit: int, known: Counts | None) -> None:
        self.limit = limit
        self.known = known
        self.counts: Counts = np.empty(shape, np.float32)
        self.whole_rows = 0 if self.counts.size else shape[0]
        # The steps at which points escaped, INSIDE or less for those that do not, and |z|^2 then. What stands there for
        # points that are known is of no consequence, nor is |z|^2 of those inside.
        self.steps: Doubles = np.empty(shape)
        self.size2: Doubles = np.empty(shape)
        self.budget = self.first_budget

    @property
    def is_done(self) -> bool:
        """Whether all counts are there."""
        return self.whole_rows == len(self.counts)

    def run(self, seconds: float) -> None:
        """Go on for about so long. A hard point may take many such slices."""
        begin = perf_counter()
        end = begin + seconds
        while not self.is_done and begin < end:
            self.advance(self.budget)
            self._take(min(self.first_pending() // self.counts.shape[1], len(self.counts)))
            # A quarter of the slice each, so that the last one passes the end by little; twofold at most, for the
            # first points say little of the next.
            now = perf_counter()
            spent = max(now - begin, 1e-6)
            self.budget = min(self.most_budget, max(1, int(self.budget * min(2.0, seconds / 4 / spent))))
            begin = now

    @abstractmethod
    def advance(self, budget: int) -> None:
        """Do so much work."""

    @abstractmethod
    def first_pending(self) -> int:
        """The number, row by row, of the first point that is not done; that of one behind the last when all are."""

    @abstractmethod
    def smooth(self, first: int, end: int) -> None:
        """Set the counts of the rows from first on to before end from their steps and size2."""

    def _take(self, whole_rows: int) -> None:
        first, self.whole_rows = self.whole_rows, whole_rows
        if first == whole_rows:
            return
        self.smooth(first, whole_rows)
        if self.known is not None:
            even = first + first % 2
            self.counts[even:whole_rows:2, ::2] = self.known[even // 2 : (whole_rows + 1) // 2]
