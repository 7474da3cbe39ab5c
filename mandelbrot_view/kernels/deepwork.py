# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts by perturbation of a reference orbit: the compiled deep kernels at work on a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .deepcontext import PLAIN, SIGNATURES, WIDE, DeepContext
from .deeplevels import DeepLevels
from .deepstate import MOST_LANES, Last, Pixels, lanes_in
from .deeptable import Grid
from .escape import Counts, Work
from .machinecode import Library

if TYPE_CHECKING:
    from ..orbits.reference import Reference


# So many points of the rest are worth beginning with it.
_ENOUGH = 4096


class DeepKernel:
    """The deep kernels, see deep.functions()."""

    def __init__(self, machine_code: bytes) -> None:
        self._library = Library(machine_code, SIGNATURES)

    def __call__(self, grid: Grid, reference: Reference, limit: int, known: Counts | None = None) -> Work:
        """The work on a grid; see escape.Work."""
        return DeepWork(DeepContext(self._library, grid, reference, limit, known is not None), limit, known)


class DeepWork(Work):
    """Counts by the deep kernels. Its unit of work is a block of steps of all lanes.

    First its tiles (deeplevels.py), then what is left to its pixels: their last, own steps, most of them without the
    reference (lastlanes.py), the rest with it (pixellanes.py).
    """

    first_budget = 2_000
    most_budget = 8_000
    max_lanes = MOST_LANES

    def __init__(self, context: DeepContext, limit: int, known: Counts | None) -> None:
        super().__init__((context.grid.rows, context.grid.columns), limit, known)
        self._context = context
        self._levels = DeepLevels(context)
        self._nextWidePixel = np.array([0 if context.isWide else self.steps.size])
        self._last, self._pixels = np.zeros(1, Last), np.zeros(1, Pixels)
        # The points that are followed as perturbed orbits to their ends.
        self._rest = np.empty(self.steps.size, np.int64)

    def advance(self, budget: int) -> int:
        """Go on with the tiles, with the pixels that are wide still, or with all pixels."""
        context, starts = self._context, (self._context.start_w, self._context.start_mk)
        if not self._levels.isDone:
            return self._levels.advance(budget)
        if self._nextWidePixel[0] < self.steps.size:
            units = context.call(
                "follow_wide", self._nextWidePixel, WIDE, starts[0], context.start_exponents, starts[1], budget
            )
        elif self._isRestNext():
            units = context.call("follow", self._pixels, PLAIN, self._rest, *starts, self.steps, self.size2, budget)
        else:
            units = context.call(
                "finish", self._last, context.z, *starts, context.start_distance, self.steps, self.size2, self._rest,
                budget,
            )  # fmt: skip
        if self._last[0]["broken"] or self._pixels[0]["broken"]:
            self.fail()
        return int(units)

    def position(self) -> tuple[int, ...]:
        """The tiles' position, and of both kinds of pixels the next one and the lanes with one."""
        last, rest = self._last[0], self._pixels[0]
        states = (last["next"], last["occupied"], last["rest"], rest["next"], rest["occupied"])
        return (*self._levels.position(), int(self._nextWidePixel[0]), *map(int, states))

    def _isRestNext(self) -> bool:
        """Whether the rest is next: when it is large enough for the lanes to stay full, or the others are done."""
        last, rest = self._last[0], self._pixels[0]
        rest["count"] = last["rest"]
        waiting = rest["count"] - rest["next"] + int(rest["occupied"]).bit_count()
        areOthersDone = last["next"] == self.steps.size and not last["occupied"]
        return bool(areOthersDone or waiting >= _ENOUGH)

    def first_pending(self) -> int:
        """The first of the points in lanes, of the rest, or the next one."""
        last, rest = self._last[0], self._pixels[0]
        waiting = self._rest[rest["next"] : last["rest"]]
        lanes = (record["point"][lanes_in(record)].min(initial=self.steps.size) for record in (last, rest))
        return int(min(last["next"], waiting.min(initial=self.steps.size), *lanes))

    def smooth(self, first: int, end: int) -> None:
        """Have the kernel do it."""
        rows = slice(first, end)
        size = (end - first) * self._context.grid.columns
        self._context.smooth(self.steps[rows], self.size2[rows], size, float(self.limit))
