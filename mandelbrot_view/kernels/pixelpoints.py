# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of a grid's points are to be computed, in order."""

from .options import Record, inlined


@inlined
def next_point(view: Record, state: Record) -> int:
    """The number, row by row, of the next point that is to be computed, counted by state.next; -1 if there is none."""
    points = view.rows * view.columns
    while state.next < points:
        point = state.next
        state.next += 1
        if view.known == 0 or (point // view.columns) % 2 != 0 or (point % view.columns) % 2 != 0:
            return point
    return -1
