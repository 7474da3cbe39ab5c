# SPDX-License-Identifier: GPL-3.0-or-later
"""The tiles of a deep grid, level by level, from 64 x 64 points down to where its pixels begin."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from .deepcontext import PLAIN, WIDE, DeepContext
from .deepstate import Level, tolerance
from .deeptable import Grid, Longs
from .escape import Doubles

_ROOT_EDGE = 64
# The exponent of 0, see complexes.py.
_NOTHING = -(1 << 40)


@dataclass
class Tiles:
    """Some tiles of a level: series (n, 5, 2); exponents (n, 5), theirs if they are wide; places (n, 4), of each its
    column, row, m and k."""

    series: Doubles
    exponents: Longs
    places: Longs

    @staticmethod
    def room(count: int) -> Tiles:
        """Room for some, with nothing in it."""
        return Tiles(np.empty((count, 5, 2)), np.empty((count, 5), np.int64), np.empty((count, 4), np.int64))

    def __len__(self) -> int:
        return len(self.places)

    def first(self, count: int) -> Tiles:
        """The first ones."""
        return Tiles(self.series[:count], self.exponents[:count], self.places[:count])

    def joined(self, others: Tiles) -> Tiles:
        """These and others."""
        if not len(others):
            return self
        return Tiles(
            np.concatenate([self.series, others.series]),
            np.concatenate([self.exponents, others.exponents]),
            np.concatenate([self.places, others.places]),
        )


def _roots(grid: Grid) -> Tiles:
    """All tiles of the first level, at Z_0, where all is 0."""
    corners = [
        (column, row, 0, 0) for row in range(0, grid.rows, _ROOT_EDGE) for column in range(0, grid.columns, _ROOT_EDGE)
    ]
    return Tiles(
        np.zeros((len(corners), 5, 2)), np.full((len(corners), 5), _NOTHING), np.array(corners, np.int64).reshape(-1, 4)
    )


class DeepLevels:
    """Walks them. On each level the wide tiles come first: some of them become plain ones of the same level."""

    def __init__(self, context: DeepContext) -> None:
        self._context = context
        self._edge = _ROOT_EDGE
        roots, none = _roots(context.grid), Tiles.room(0)
        self._wide, self._plain = (roots, none) if context.isWide else (none, roots)
        self._nextWide = none
        self._begin()

    @property
    def isDone(self) -> bool:
        """Whether all pixels have where to begin."""
        return self._edge == 1

    def advance(self, budget: int) -> int:
        """Go on for so many blocks of steps in vectors, or the time that they take; gives the work done."""
        return self._advanceWide(budget) if len(self._wide) else self._advancePlain(budget)

    def position(self) -> tuple[int, ...]:
        """Numbers of which one changes whenever a tile begins or ends."""
        state = self._state[0]
        return self._edge, len(self._wide), int(state["next"]), int(state["occupied"]), int(state["made"])

    def _begin(self) -> None:
        """Begin with the tiles that are next: the wide ones if there are any, else the plain ones."""
        tiles = self._wide if len(self._wide) else self._plain
        state = np.zeros(1, Level)
        state["edge"], state["count"], state["tolerance"] = self._edge, len(tiles), tolerance(self._edge)
        state["rho"] = self._context.grid.spacing * self._edge / sqrt(2)
        if tiles is self._plain:
            state["rho"] *= self._context.unit
        self._state = state
        self._quarters = Tiles.room(4 * len(tiles))
        self._becomePlain = Tiles.room(len(self._wide))

    def _advanceWide(self, budget: int) -> int:
        context, wide, quarters, plain = self._context, self._wide, self._quarters, self._becomePlain
        units = context.call(
            "walk_wide", self._state, WIDE, wide.series, wide.exponents, wide.places,
            quarters.series, quarters.exponents, quarters.places, plain.series, plain.places, len(wide),
            context.start_w, context.start_exponents, context.start_mk, budget,
        )  # fmt: skip
        state = self._state[0]
        if state["next"] == state["count"]:
            self._plain = self._plain.joined(plain.first(int(state["plain"])))
            self._nextWide = quarters.first(int(state["made"]))
            self._wide = Tiles.room(0)
            self._begin()
        return int(units)

    def _advancePlain(self, budget: int) -> int:
        context, plain, quarters = self._context, self._plain, self._quarters
        units = context.call(
            "walk", self._state, PLAIN, plain.series, plain.places, quarters.series, quarters.places, len(plain),
            context.start_w, context.start_mk, context.start_distance, budget,
        )  # fmt: skip
        state = self._state[0]
        if state["next"] == state["count"] and not state["occupied"]:
            self._plain, self._wide = quarters.first(int(state["made"])), self._nextWide
            self._nextWide = Tiles.room(0)
            self._edge //= 2
            self._begin()
        return int(units)
