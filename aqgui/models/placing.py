# SPDX-License-Identifier: GPL-3.0-or-later
"""Where in the Schedule a place among the rows of the panel is."""

from __future__ import annotations

from collections.abc import Collection

from aqlib import Schedule, Task

from .rows import Rows

_AT_ONCE = 500


def taskBehind(rows: Rows, schedule: Schedule, row: int) -> Task | None:
    """The waiting task before which to put what the user drops before `row`; None: at the end of all.

    That is the first waiting one at `row` or behind it. When there is none, as below the last row of a filter, the
    place is directly behind the nearest waiting one above.
    """
    for start in range(row, len(rows), _AT_ONCE):
        for task in rows.slice(start, start + _AT_ONCE):
            if task.isWaiting:
                return task
    for stop in range(min(row, len(rows)), 0, -_AT_ONCE):
        for task in reversed(rows.slice(max(stop - _AT_ONCE, 0), stop)):
            if task.isWaiting:
                return follower(schedule, task)
    return None


def follower(schedule: Schedule, task: Task) -> Task | None:
    """The task that runs next after this one, which waits; None when it is the last."""
    row = schedule.rowOf(task) + 1
    return schedule.at(row) if row < len(schedule) else None


def firstOther(schedule: Schedule, row: int, tasks: Collection[Task]) -> Task | None:
    """The first task at `row` or behind it that is none of `tasks`; None when there is none."""
    for start in range(max(row, 0), len(schedule), _AT_ONCE):
        for task in schedule.slice(start, start + _AT_ONCE):
            if task not in tasks:
                return task
    return None
