# SPDX-License-Identifier: GPL-3.0-or-later
"""What all stages of a deep grid's work share: the compiled functions, the view, the table, where pixels begin."""

from __future__ import annotations

import ctypes
from math import ldexp
from typing import TYPE_CHECKING, Any

import numpy as np

from .deepstate import View
from .deeptable import DeepTable, Grid, table_of
from .escape import Doubles
from .machinecode import Library, Signature

if TYPE_CHECKING:
    from ..orbits.reference import Reference

_POINTER, _LONG, _DOUBLE = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double
# Of the functions that deep.functions() makes.
SIGNATURES: dict[str, Signature] = {
    "approximate": (None, _POINTER, _POINTER, _LONG, _POINTER, _LONG, _DOUBLE, *[_POINTER] * 3),
    "walk_wide": (_LONG, *[_POINTER] * 8, _LONG, *[_POINTER] * 8, _LONG, *[_POINTER] * 3, _LONG),
    "walk": (_LONG, *[_POINTER] * 6, _LONG, *[_POINTER] * 4, _LONG, *[_POINTER] * 3, _LONG),
    "follow_wide": (_LONG, *[_POINTER] * 8, _LONG, *[_POINTER] * 3, _LONG),
    "finish": (_LONG, *[_POINTER] * 9, _LONG),
    "follow": (_LONG, *[_POINTER] * 6, _LONG, *[_POINTER] * 5, _LONG),
    "smooth": (None, *[_POINTER] * 2, _LONG, _DOUBLE),
}
# Below this exponent of a picture's spacing, orbits begin in numbers that are too small for doubles.
_LEAST_PLAIN = -960


class DeepContext:
    """Of one grid.

    start_w (n, 2), start_exponents (n), start_mk (n, 2), start_distance (n): for each point, row by row, where its tile
    has brought it: w, its exponent where it is wide and else 0; m and k, the step of the reference and its own; and how
    far the next pixel's z is away, 0 where it is wide.
    """

    def __init__(self, library: Library, grid: Grid, reference: Reference, limit: int, isKnown: bool) -> None:
        self._library = library
        self.grid = grid
        self._z, self._exponents = reference.z, reference.exponents
        self._table = table_of(reference, grid.reach, self._approximate)
        self.view = _view(grid, reference, limit, isKnown)
        self.view["near2"] = self._table.near2
        points = grid.rows * grid.columns
        self.start_w, self.start_mk = np.empty((points, 2)), np.empty((points, 2), np.int64)
        self.start_exponents, self.start_distance = np.zeros(points, np.int64), np.zeros(points)

    @property
    def isWide(self) -> bool:
        """Whether orbits begin as Wide."""
        return self.grid.exponent < _LEAST_PLAIN

    @property
    def z(self) -> Doubles:
        """The reference orbit as doubles."""
        return self._table.z

    @property
    def unit(self) -> float:
        """The grid's unit of d as a double, 0 where it is too small for one."""
        return float(self.view[0]["unit"])

    def call(self, name: str, *arguments: object) -> Any:
        """Call a function with the view and these arguments, in which PLAIN and WIDE stand for the table's arrays."""
        expanded: list[object] = []
        for argument in arguments:
            expanded += argument(self) if callable(argument) else [argument]
        return self._library.call(name, self.view, *expanded)

    def smooth(self, *arguments: object) -> None:
        """The function of that name."""
        self._library.call("smooth", *arguments)

    def _approximate(self, table: DeepTable, reference: Reference, reach: float) -> None:
        self._library.call(
            "approximate", reference.z, reference.exponents, reference.steps, table.levels, len(table.radii), reach,
            table.wide_mantissas, table.wide_exponents, table.wide_radii,
        )  # fmt: skip

    def plain(self) -> list[object]:
        """The orbit and its runs as doubles."""
        table = self._table
        return [table.z, table.coefficients, table.radii, table.levels, len(table.radii)]

    def wide(self) -> list[object]:
        """The orbit and its runs with exponents of their own."""
        table = self._table
        return [
            self._z, self._exponents, table.wide_mantissas, table.wide_exponents, table.wide_radii, table.levels,
            len(table.radii),
        ]  # fmt: skip


PLAIN, WIDE = DeepContext.plain, DeepContext.wide


def _view(grid: Grid, reference: Reference, limit: int, isKnown: bool) -> np.ndarray:
    view = np.zeros(1, View)
    view["rows"], view["columns"], view["known"] = grid.rows, grid.columns, isKnown
    view["last"], view["limit"] = reference.steps, limit
    view["left"], view["top"], view["spacing"] = grid.left, grid.top, grid.spacing
    view["exponent"], view["unit"] = grid.exponent, ldexp(1.0, grid.exponent)
    view["re"], view["im"] = float(reference.re), float(reference.im)
    return view
