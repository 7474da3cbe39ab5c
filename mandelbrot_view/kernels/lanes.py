# SPDX-License-Identifier: GPL-3.0-or-later
"""What the compiled kernel keeps between two calls: the points in its lanes, and its place in the grid."""

import numpy as np

# Steps between two tests for escape. The more, the less a test costs, and the later an escaped lane is refilled. After
# a test |z| <= 3.5, and |c| <= 2: eight steps on, |z|^2 is below 2^984, so that nothing overflows and the potential
# can be read off the block's last z, without going back to the step of the escape.
STEPS = 8
BLOCK_RADIUS2 = 12.25
# Points of an orbit that has come to its cycle are the same after a period, but for rounding: |difference|^2. Longer
# cycles are hardly ever found. One that is still on its way to it when the limit is reached comes nearly back; the
# cycle is looked for in so small a part of the steps that it has made.
SAME2, LONGEST_CYCLE = 1e-24, 1 << 16
NEARLY_SAME2, PART_OF_LIMIT = 1e-12, 32
# Room for the widest kernel.
MOST_LANES = 64
_LANE = (MOST_LANES,)

State = np.dtype(
    [
        # A lane's point z = x + iy, its c = re + i im, and an earlier z of it to recognise a cycle by.
        ("x", "f8", _LANE),
        ("y", "f8", _LANE),
        ("re", "f8", _LANE),
        ("im", "f8", _LANE),
        ("saved_x", "f8", _LANE),
        ("saved_y", "f8", _LANE),
        # The number of its point in the grid, row by row, -1 in a parked lane; and the block it began with.
        ("point", "i8", _LANE),
        ("since", "i8", _LANE),
        # Points whose periods are to be looked for, how many, and of each its number, z and c, what |difference|^2 is
        # the same, and the longest period that may be it.
        ("cyclic", "i8"),
        ("cyclic_point", "i8", _LANE),
        ("cyclic_x", "f8", _LANE),
        ("cyclic_y", "f8", _LANE),
        ("cyclic_re", "f8", _LANE),
        ("cyclic_im", "f8", _LANE),
        ("cyclic_same2", "f8", _LANE),
        ("cyclic_longest", "f8", _LANE),
        # The grid, whether every second row and column of it is known, and the next point of it.
        ("rows", "i8"),
        ("columns", "i8"),
        ("known", "i8"),
        ("row", "i8"),
        ("column", "i8"),
        # A point takes so many blocks at most.
        ("most_blocks", "i8"),
        # Blocks done, lanes with a point, points that may still be looked at in this call.
        ("block", "i8"),
        ("live", "i8"),
        ("points_left", "i8"),
        # Steps of searches for periods in this call.
        ("searched", "i8"),
        # Not 0 once a point has come to no end, see bailout.py.
        ("broken", "i8"),
        # The blocks when points are saved next, and when a lane is at its limit at the earliest; Luby's sequence.
        ("next_save", "i8"),
        ("next_end", "i8"),
        ("luby_u", "i8"),
        ("luby_v", "i8"),
    ],
    align=True,
)


def begin(rows: int, columns: int, limit: int, known: bool) -> np.ndarray:
    """The state of a grid of which nothing is done, an array of one record."""
    state = np.zeros(1, State)
    state["point"] = -1
    state["rows"], state["columns"], state["known"] = rows, columns, known
    state["column"] = known
    state["most_blocks"] = state["next_end"] = -(-limit // STEPS)
    state["next_save"] = state["luby_u"] = state["luby_v"] = 1
    return state
