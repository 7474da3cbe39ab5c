# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts by perturbation of a reference orbit: the compiled deep kernels at work on a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .deepcontext import PLAIN, SIGNATURES, WIDE, DeepContext
from .deeplevels import DeepLevels
from .deepstate import Pixels
from .deeptable import Grid
from .escape import Counts, Work
from .machinecode import Library

if TYPE_CHECKING:
    from ..orbits.reference import Reference


class DeepKernel:
    """The deep kernels, see deep.functions()."""

    def __init__(self, machine_code: bytes) -> None:
        self._library = Library(machine_code, SIGNATURES)

    def __call__(self, grid: Grid, reference: Reference, limit: int, known: Counts | None = None) -> Work:
        """The work on a grid; see escape.Work."""
        return DeepWork(DeepContext(self._library, grid, reference, limit, known is not None), limit, known)


class DeepWork(Work):
    """Counts by the deep kernels. Its unit of work is a block of steps of all lanes.

    First its tiles (deeplevels.py), then what is left to its pixels: their last, own steps.
    """

    first_budget = 2_000
    most_budget = 8_000

    def __init__(self, context: DeepContext, limit: int, known: Counts | None) -> None:
        super().__init__((context.grid.rows, context.grid.columns), limit, known)
        self._context = context
        self._levels = DeepLevels(context)
        self._nextWidePixel = 0 if context.isWide else self.steps.size
        self._pixels = np.zeros(1, Pixels)
        self._pixels["point"] = -1

    def advance(self, budget: int) -> None:
        """Go on with the tiles, with the pixels that are wide still, or with all pixels."""
        context, starts = self._context, (self._context.start_w, self._context.start_mk)
        if not self._levels.isDone:
            self._levels.advance(budget)
        elif self._nextWidePixel < self.steps.size:
            self._nextWidePixel = context.call(
                "follow_wide", self._nextWidePixel, WIDE, starts[0], context.start_exponents, starts[1], budget
            )
        else:
            context.call("follow", self._pixels, PLAIN, *starts, self.steps, self.size2, budget)

    def first_pending(self) -> int:
        """The first of the points in lanes, or the next one."""
        state = self._pixels[0]
        points = state["point"]
        return min(int(state["next"]), int(points.min(where=points >= 0, initial=self.steps.size)))

    def smooth(self, first: int, end: int) -> None:
        """Have the kernel do it."""
        rows = slice(first, end)
        size = (end - first) * self._context.grid.columns
        self._context.smooth(self.steps[rows], self.size2[rows], self.counts[rows], size, float(self.limit))
