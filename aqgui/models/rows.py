# SPDX-License-Identifier: GPL-3.0-or-later
"""All rows of the queue panel by number: those that run, wait, are held and have ended. Nothing is copied."""

from __future__ import annotations

from itertools import islice
from typing import Any, Protocol

from aqlib import Task

from .finished import FinishedTasks


class Rows(Protocol):
    """Tasks by row."""

    def __len__(self) -> int: ...

    def slice(self, start: int, stop: int) -> list[Task]:
        """The tasks of the rows from `start` to before `stop`, as many as there are."""

    def rowOf(self, task: Task) -> int | None:
        """The row of a task, or None for one that is not here."""


class LiveRows:
    """The rows as they are now.

    They are those that run, the oldest first; that wait, in running order; that are held, in the order in which they
    came; and that have ended, the newest first.
    """

    def __init__(self, queue: Any, finished: FinishedTasks) -> None:
        self._queue = queue
        self._finished = finished

    def __len__(self) -> int:
        dispatcher = self._queue.dispatcher
        return len(dispatcher.running) + len(self._queue.schedule) + len(dispatcher.holding) + len(self._finished)

    def __contains__(self, task: Task) -> bool:
        return task.isWaiting or task.isRunning or task.isHeld or task in self._finished

    def slice(self, start: int, stop: int) -> list[Task]:
        """The tasks of the rows from `start` to before `stop`, as many as there are."""
        schedule, holding = self._queue.schedule, self._queue.dispatcher.holding
        running: list[Task] = self._queue.running()
        tasks = running[max(start, 0) : max(stop, 0)]
        start, stop = start - len(running), stop - len(running)
        tasks += schedule.slice(start, stop)
        start, stop = start - len(schedule), stop - len(schedule)
        tasks += islice(holding, max(start, 0), max(stop, 0))
        start, stop = start - len(holding), stop - len(holding)
        tasks += self._finished.slice(start, stop)
        return tasks

    def rowOf(self, task: Task) -> int | None:
        """The row of a task, or None for one that is not here."""
        schedule = self._queue.schedule
        running: list[Task] = self._queue.running()
        if task in schedule:
            row: int = schedule.rowOf(task)
            return len(running) + row
        if task.isRunning:
            return running.index(task) if task in self._queue.dispatcher.running else None
        before, holding = len(running) + len(schedule), self._queue.dispatcher.holding
        if task in holding:
            held: list[Task] = self._queue.held()
            return before + held.index(task)
        ended = self._finished.rowOf(task)
        return None if ended is None else before + len(holding) + ended


class FixedRows:
    """Rows in an order that does not change: while the panels are frozen, and during a drag."""

    def __init__(self, tasks: list[Task]) -> None:
        self._tasks = tasks
        self._rowByTask: dict[Task, int] | None = None

    def __len__(self) -> int:
        return len(self._tasks)

    def slice(self, start: int, stop: int) -> list[Task]:
        """The tasks of the rows from `start` to before `stop`, as many as there are."""
        return self._tasks[max(start, 0) : max(stop, 0)]

    def rowOf(self, task: Task) -> int | None:
        """The row of a task, or None for one that is not here."""
        if self._rowByTask is None:
            self._rowByTask = {each: row for row, each in enumerate(self._tasks)}
        return self._rowByTask.get(task)
