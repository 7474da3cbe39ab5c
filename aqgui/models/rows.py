# SPDX-License-Identifier: GPL-3.0-or-later
"""All rows of the queue panel by number: those that run, those that wait, those that have ended. Nothing is copied."""

from __future__ import annotations

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
    """The rows as they are now: running (the oldest first), waiting in running order, finished (the newest first)."""

    def __init__(self, queue: Any, finished: FinishedTasks) -> None:
        self._queue = queue
        self._finished = finished

    def __len__(self) -> int:
        return len(self._queue.dispatcher.running) + len(self._queue.schedule) + len(self._finished)

    def __contains__(self, task: Task) -> bool:
        return task.isWaiting or task.isRunning or task in self._finished

    def slice(self, start: int, stop: int) -> list[Task]:
        """The tasks of the rows from `start` to before `stop`, as many as there are."""
        schedule = self._queue.schedule
        running: list[Task] = self._queue.running()
        tasks = running[max(start, 0) : max(stop, 0)]
        start, stop = start - len(running), stop - len(running)
        tasks += schedule.slice(start, stop)
        start, stop = start - len(schedule), stop - len(schedule)
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
        ended = self._finished.rowOf(task)
        return None if ended is None else len(running) + len(schedule) + ended


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
