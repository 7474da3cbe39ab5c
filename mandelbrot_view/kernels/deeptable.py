# SPDX-License-Identifier: GPL-3.0-or-later
"""What the deep kernels read: a reference orbit, and the table of its runs (see approximation.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ..orbits.reference import Reference
    from .escape import Doubles

# Runs of fewer than 2^LOWEST_LEVEL steps are dearer to look for than to make.
LOWEST_LEVEL = 4
LEVELS = 48
# A table serves all |d| up to a power of 16, so that a zoom out does not need another one each time.
_REACHES = 4
# What is beyond a double's exponents is so by this much at most, once the rest is clipped.
_LEAST, _MOST = -1100, 1023
# log2 of what is nothing beside 1.
_ROUNDING = -30

Longs = NDArray[np.int64]


class Grid(NamedTuple):
    """Points at even distances, by their difference d from a reference's point C, in units of 2**exponent.

    rows, columns: how many; left, top: d of the first one, re and im; spacing: of neighbours; rows go down.
    reach: log2 of the largest |d| in the plane, of this grid or of the picture that it is a part of.
    """

    rows: int
    columns: int
    left: float
    top: float
    spacing: float
    exponent: int
    reach: float


def layout(steps: int) -> Longs:
    """For each level its first place in the table, and the number of its runs, of an orbit Z_0 to Z_steps."""
    levels = np.zeros((LEVELS, 2), np.int64)
    first = 0
    for level in range(LOWEST_LEVEL, LEVELS):
        count = max(steps - 1, 0) >> level
        levels[level] = first, count
        first += count
    return levels


@dataclass(frozen=True, eq=False)
class DeepTable:
    """A reference orbit as doubles, and its runs, both as doubles and with exponents of their own.

    z (M + 1, 2); levels: layout(); coefficients (n, 6): re and im of A, B and C; radii (n). The wide ones: mantissas
    (n, 6), exponents (n, 3) of A, B and C, and log2 of the radii (n).
    """

    z: Doubles
    levels: Longs
    coefficients: Doubles
    radii: Doubles
    wide_mantissas: Doubles
    wide_exponents: Longs
    wide_radii: Doubles

    @property
    def near2(self) -> float:
        """|w|^2 beyond which no run is valid: twice the largest radius's square, for radii are of |re| and |im|."""
        return 2.0 * float(self.radii.max(initial=0.0)) ** 2


# Fills wide_mantissas, wide_exponents and wide_radii: kernels' approximate(), given z, its exponents, levels, reach.
Approximate = Callable[[DeepTable, "Reference", float], None]

_tables: WeakKeyDictionary[Reference, dict[int, DeepTable]] = WeakKeyDictionary()


def table_of(reference: Reference, reach: float, approximate: Approximate) -> DeepTable:
    """The table of a reference for |d| up to 2**reach: made at the first call, and kept for as long as it."""
    bound = -int(-reach // _REACHES) * _REACHES
    tables = _tables.setdefault(reference, {})
    if bound not in tables:
        tables.clear()  # the one before is that of a picture that has been left
        tables[bound] = _table(reference, float(bound), approximate)
    return tables[bound]


def _table(reference: Reference, reach: float, approximate: Approximate) -> DeepTable:
    levels = layout(reference.steps)
    runs = int(levels[:, 1].sum())
    table = DeepTable(
        z=np.ldexp(reference.z, reference.exponents[:, np.newaxis]),
        levels=levels,
        coefficients=np.empty((runs, 6)),
        radii=np.empty(runs),
        wide_mantissas=np.empty((runs, 6)),
        wide_exponents=np.empty((runs, 3), np.int64),
        wide_radii=np.empty(runs),
    )
    approximate(table, reference, reach)
    _narrow(table)
    return table


def _narrow(table: DeepTable) -> None:
    """Make the doubles of a table.

    Where C is too large for one, it is left out, and the radius is where it counts for nothing: where it is less than
    a rounding of A.
    """
    radii, exponents = table.wide_radii, table.wide_exponents
    np.ldexp(table.wide_mantissas, exponents.clip(_LEAST, _MOST).astype(np.int32).repeat(2, axis=1), table.coefficients)
    np.exp2(radii.clip(_LEAST), out=table.radii)
    for place in np.flatnonzero(exponents[:, 2] > _MOST - 2):
        table.coefficients[place, 4:] = 0.0
        linear = exponents[place, 0] - exponents[place, 2] - 1 + _ROUNDING
        table.radii[place] = np.exp2(max(min(radii[place], linear), _LEAST))
