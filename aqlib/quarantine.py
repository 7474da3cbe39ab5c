# SPDX-License-Identifier: Apache-2.0
"""Quarantine: tasks that have cost so many worker processes their lives that they are run no more by themselves."""

from __future__ import annotations

from collections import deque

from .observers import Observer, Observers
from .task import Task

# So many deaths of one task are enough.
MOST_DEATHS = 3
# So many tasks are remembered.
_MOST = 100


class Quarantine:
    """Counts the deaths of each task that has not ended, and lists those that had too many.

    A death is a task's when the process has ended while it ran; or, when no task had begun, when it was the first of
    those that were sent: its mere arrival may be what kills.

    Attributes: `counts`, the deaths so far; `tasks`, the quarantined ones, the latest last.
    """

    def __init__(self, observers: Observers) -> None:
        self.counts: dict[Task, int] = {}
        self.tasks: deque[Task] = deque(maxlen=_MOST)
        self._observers = observers

    def died(self, task: Task) -> bool:
        """One more process has died of a task. Whether that was one too many; then it must be run no more."""
        if task.isFinished:  # an observer that was told of the worker's end has ended it
            return False
        self.counts[task] = self.counts.get(task, 0) + 1
        if self.counts[task] < MOST_DEATHS:
            return False
        self.tasks.append(task)
        self._observers.tell(Observer.taskQuarantined, task)
        return True

    def forget(self, task: Task) -> None:
        """A task has ended."""
        self.counts.pop(task, None)
