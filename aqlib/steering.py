# SPDX-License-Identifier: Apache-2.0
"""Steering: what people and programs may do to the tasks of a queue, once they are in it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from .dispatcher import Dispatcher
from .observers import Observer, Observers
from .schedule import Position, Schedule
from .task import Task, checkNiceness


class Steering:
    """The part of a TaskQueue that re-orders, cancels and pauses.

    Whatever re-orders waiting tasks has those given back first that were sent ahead to a worker; one that turns out to
    have begun meanwhile is passed over.
    """

    def __init__(self, schedule: Schedule, dispatcher: Dispatcher, observers: Observers) -> None:
        self.schedule = schedule
        self.dispatcher = dispatcher
        self.observers = observers

    @property
    def isPaused(self) -> bool:
        """Whether no task begins at present."""
        return self.dispatcher.paused

    def move(self, tasks: Iterable[Task], before: Task | None = None) -> None:
        """Put waiting tasks by hand directly before another one (None: at the end). See Schedule.move."""
        waiting = self._takeBack(tasks)
        # What stands behind the new place must not run before what is put there.
        self.dispatcher.takeAllBack()
        self.schedule.move(waiting, before)
        self._moved(waiting)

    def setNiceness(self, tasks: Iterable[Task], niceness: int) -> None:
        """Re-order waiting tasks by another niceness; running ones only note it. Raises ValueError as `call`."""
        checkNiceness(niceness)
        tasks = list(tasks)
        waiting = self._takeBack(tasks)
        for task in tasks:
            task.niceness = niceness
        for task in waiting:
            self.schedule.setNiceness(task, niceness)
        self._moved(waiting)
        if len(waiting) < len(tasks):
            # A stream that runs may have to give way now.
            self.dispatcher.pump()

    def positionOf(self, task: Task) -> Position:
        """Where a waiting task stands, for `restore`."""
        return self.schedule.positionOf(task)

    def restore(self, task: Task, position: Position) -> None:
        """Put a task that still waits back where it stood: the undoing of `move` and `setNiceness`."""
        for waiting in self._takeBack([task]):
            self.schedule.restore(waiting, position)
            self._moved([waiting])

    def cancel(self, tasks: Iterable[Task]) -> None:
        """End tasks, waiting or running: each one's Deferred errbacks CancelledError at once."""
        for task in list(tasks):
            self.dispatcher.cancel(task)

    def cancelSeries(self, series: Hashable) -> None:
        """Cancel the waiting tasks of a series."""
        self.cancel([task for task in self.schedule if task.series == series])

    def cancelAll(self) -> None:
        """Cancel all waiting tasks."""
        self.cancel(list(self.schedule))

    def pause(self) -> None:
        """Let no task begin until `resume`. What runs goes on."""
        if not self.isPaused:
            self.dispatcher.pause()
            self.observers.tell(Observer.queueChanged, self)

    def resume(self) -> None:
        """Let tasks begin again."""
        if self.isPaused:
            self.dispatcher.resume()
            self.observers.tell(Observer.queueChanged, self)

    def _takeBack(self, tasks: Iterable[Task]) -> list[Task]:
        """Those of these tasks that wait, and are here to be re-ordered."""
        waiting = [task for task in tasks if task.isWaiting]
        self.dispatcher.takeBack(waiting)
        return [task for task in waiting if task.isWaiting]

    def _moved(self, tasks: list[Task]) -> None:
        if tasks:
            self.observers.tell(Observer.tasksMoved, tasks)
            self.dispatcher.pump()
