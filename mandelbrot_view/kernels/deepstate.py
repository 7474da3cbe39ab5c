# SPDX-License-Identifier: GPL-3.0-or-later
"""What the deep kernels keep between two calls."""

import numpy as np
from numpy.typing import NDArray

# Steps between two looks at all lanes.
STEPS = 4
MOST_LANES = 64
# After a look at a lane that finds no run, the next one is so many steps later, twice as many each time, up to a bound.
PAUSE, LONGEST_PAUSE_BITS = 64, 2
_LANE = (MOST_LANES,)
_LANE_NUMBERS = np.arange(MOST_LANES)
_PAIR = (2, MOST_LANES)

# What a view tells its kernels: the grid of points, the reference orbit's last step, the limit, and d of the grid's
# first column and row with the distance of neighbours, in units of 2^exponent; unit is that as a double, or 0.
View = np.dtype(
    [
        ("rows", "i8"),
        ("columns", "i8"),
        ("known", "i8"),
        ("last", "i8"),
        ("limit", "i8"),
        ("left", "f8"),
        ("top", "f8"),
        ("spacing", "f8"),
        ("exponent", "i8"),
        ("unit", "f8"),
        # For |w|^2 beyond this there is no run to be looked for.
        ("near2", "f8"),
        # C, for the last steps beyond |z| = 2.
        ("re", "f8"),
        ("im", "f8"),
    ],
    align=True,
)

# The tiles of one level: how many there are, the next to be taken, how many have been made of their quarters, how many
# wide ones have become plain, the lanes with a tile, as bits, and what is the same for all: edge in pixels, half its
# diagonal in the plane, what |c4| / |c1| may be.
Level = np.dtype(
    [
        ("edge", "i8"),
        ("count", "i8"),
        ("next", "i8"),
        ("made", "i8"),
        ("plain", "i8"),
        ("occupied", "i8"),
        # See periods.py.
        ("multiple", "i8"),
        ("period", "i8"),
        ("rho", "f8"),
        ("tolerance", "f8"),
        # Of each lane: Z_m and the series of its tile, as re and im; d of its centre; its column and row.
        ("z", "f8", _PAIR),
        ("w", "f8", _PAIR),
        ("c1", "f8", _PAIR),
        ("c2", "f8", _PAIR),
        ("c3", "f8", _PAIR),
        ("c4", "f8", _PAIR),
        ("d", "f8", _PAIR),
        ("m", "i8", _LANE),
        ("k", "i8", _LANE),
        # The iteration at which runs are to be looked for, and how often in succession none was found.
        ("until", "i8", _LANE),
        ("misses", "i8", _LANE),
        ("column", "i8", _LANE),
        ("row", "i8", _LANE),
        # Returns to Z_0, the one at which is saved next where it is, and that: w, c1, m and k.
        ("turns", "i8", _LANE),
        ("next_save", "i8", _LANE),
        ("saved", "f8", (6, MOST_LANES)),
    ],
    align=True,
)

# The pixels that take their last steps without a reference: the next point to be looked at, the lanes with one, as
# bits, how many are for the rest, whether a pixel has come to no end (bailout.py); and of each lane z = x + iy,
# c = re + i im, the square of the distance to the next pixel's z.
Last = np.dtype(
    [
        ("next", "i8"),
        ("occupied", "i8"),
        ("rest", "i8"),
        ("broken", "i8"),
        ("x", "f8", _LANE),
        ("y", "f8", _LANE),
        ("re", "f8", _LANE),
        ("im", "f8", _LANE),
        ("distance2", "f8", _LANE),
        ("k", "i8", _LANE),
        ("point", "i8", _LANE),
    ],
    align=True,
)

# The rest of the pixels: how many there are so far, the next to be taken, the lanes with one, as bits, whether one has
# come to no end, and of each lane what a tile's has, without the series.
Pixels = np.dtype(
    [
        ("count", "i8"),
        ("next", "i8"),
        ("occupied", "i8"),
        ("broken", "i8"),
        # See periods.py.
        ("multiple", "i8"),
        ("period", "i8"),
        ("z", "f8", _PAIR),
        ("w", "f8", _PAIR),
        ("d", "f8", _PAIR),
        ("m", "i8", _LANE),
        ("k", "i8", _LANE),
        ("until", "i8", _LANE),
        ("misses", "i8", _LANE),
        ("point", "i8", _LANE),
        ("turns", "i8", _LANE),
        ("next_save", "i8", _LANE),
        ("saved", "f8", (4, MOST_LANES)),
        # Iterations that runs have made; those made without runs at the next search for an attracting cycle, and from
        # there to the one after it.
        ("by_runs", "i8", _LANE),
        ("next_search", "i8", _LANE),
        ("search_gap", "i8", _LANE),
    ],
    align=True,
)

# The least distance of neighbouring pixels' z with which they may take their last steps without a reference, and with
# which they may go on so: a rounding is a billionth of a pixel at first, and a millionth at last.
LEAST_AT_FIRST, LEAST = 1e-7, 1e-10
# An orbit that is this near to where it was, |difference|^2 in proportion, has done a period: what is left is rounding,
# which may take some periods more until it is the same to the bit.
NEARLY2 = 1e-18
# Iterations, but for those made by runs, before the first search for an attracting cycle: then twice as many each time.
SEARCH_GAP, SEARCHED_PART = 8192, 16
# What a pixel may be off by for the terms that the series of its tiles leave out, in pixels.
PRECISION = 1e-3


def lanes_in(state: np.void) -> NDArray[np.bool_]:
    """Which of the lanes of a state have a tile, or a pixel."""
    return (state["occupied"] >> _LANE_NUMBERS & 1).astype(bool)


def tolerance(edge: int) -> float:
    """What |c4| / |c1| may be in the series (taylor.py) of a tile of edge x edge pixels.

    If the terms shrink as a power series does, |c5| / |c1| = (|c4| / |c1|)^(4/3); |c1| is edge / sqrt 2 pixels.
    """
    return float((2**0.5 * PRECISION / edge) ** 0.75)
