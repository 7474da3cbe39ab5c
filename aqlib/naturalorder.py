# SPDX-License-Identifier: Apache-2.0
"""The natural order of tasks, as numbers: a lower key runs first.

A key has, from its highest bits down, the band, the niceness, the turn and the arrival. An int takes half the room of a
tuple of these, is compared in half the time, and is nothing to the garbage collector; there may be a million of them.
"""

from __future__ import annotations

_BITS = 48  # of the arrival, and of the turn: no queue lives to see so many tasks
_MASK = (1 << _BITS) - 1
_NICENESS_BITS = 6
_NICENESS_MASK = (1 << _NICENESS_BITS) - 1
_LOWEST_NICENESS = -20

NEXT, NORMAL, LAST = 0, 1, 2


def keyOf(band: int, niceness: int, turn: int, arrival: int) -> int:
    """The key of a task.

    Args:
        band: NEXT, NORMAL or LAST.
        niceness: From -20 to 20.
        turn: That of its series among the tasks of this niceness.
        arrival: The how many-th task of the queue it is.
    """
    return ((band << _NICENESS_BITS | niceness - _LOWEST_NICENESS) << _BITS | turn) << _BITS | arrival


def placeOf(key: int) -> tuple[int, int, int, int]:
    """What a key was made of."""
    turn, rest = key >> _BITS & _MASK, key >> 2 * _BITS
    return rest >> _NICENESS_BITS, (rest & _NICENESS_MASK) + _LOWEST_NICENESS, turn, key & _MASK
