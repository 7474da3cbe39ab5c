# SPDX-License-Identifier: Apache-2.0
"""Steering: what people and programs may do to the tasks of a queue, once they are in it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from .dispatcher import Dispatcher
from .following import Followers
from .observers import Observer, Observers
from .reactors import requireReactorThread
from .schedule import Position, Schedule
from .task import Task, checkNiceness


class Steering:
    """The part of a TaskQueue that re-orders, cancels and pauses.

    Whatever re-orders waiting tasks has those given back first that were sent ahead to a worker; one that turns out to
    have begun meanwhile is passed over.
    """

    reactor: Any

    def __init__(self, schedule: Schedule, dispatcher: Dispatcher, observers: Observers) -> None:
        self.schedule = schedule
        self.dispatcher = dispatcher
        self.observers = observers

    @property
    def followers(self) -> Followers:
        """Who wants to know of the end of its tasks."""
        return self.dispatcher.followers

    def held(self) -> list[Task]:
        """The tasks that wait for others, for their time or for their next attempt, and have no place in the order."""
        return list(self.dispatcher.holding)

    @property
    def isPaused(self) -> bool:
        """Whether no task begins at present."""
        return self.dispatcher.paused

    def move(self, tasks: Iterable[Task], before: Task | None = None) -> None:
        """Put waiting tasks by hand directly before another one (None: at the end). See Schedule.move."""
        requireReactorThread(self.reactor)
        waiting = self._takeBack(tasks)
        # What stands behind the new place must not run before what is put there.
        self.dispatcher.takeAllBack()
        self.schedule.move(waiting, before)
        self._moved(waiting)

    def setNiceness(self, tasks: Iterable[Task], niceness: int) -> None:
        """Re-order waiting tasks by another niceness. Running and held ones only note it: the latter go by it later.

        Raises: ValueError as `call`.
        """
        requireReactorThread(self.reactor)
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
        requireReactorThread(self.reactor)
        for waiting in self._takeBack([task]):
            self.schedule.restore(waiting, position)
            self._moved([waiting])

    def cancel(self, tasks: Iterable[Task]) -> None:
        """End tasks, held, waiting or running: each one's Deferred errbacks CancelledError at once."""
        requireReactorThread(self.reactor)
        tasks = list(tasks)
        # Those that wait for others before these, whose end would be an error for them.
        for task in [*self.dispatcher.holding.latestFirst(tasks), *tasks]:
            self.dispatcher.cancel(task)

    def cancelSeries(self, series: Hashable) -> None:
        """Cancel the waiting and held tasks of a series."""
        self.cancel([task for task in self._allWaiting() if task.series == series])

    def cancelAll(self) -> None:
        """Cancel all waiting and held tasks."""
        self.cancel(self._allWaiting())

    def pauseTask(self, task: Task) -> bool:
        """See Task.pause."""
        requireReactorThread(self.reactor)
        return self.dispatcher.pauseTask(task)

    def resumeTask(self, task: Task) -> None:
        """See Task.resume."""
        requireReactorThread(self.reactor)
        self.dispatcher.resumeTask(task)

    @property
    def quarantined(self) -> list[Task]:
        """The tasks that have failed because three worker processes died of each, the latest last. See `retry`."""
        return list(self.dispatcher.quarantine.tasks)

    def pause(self) -> None:
        """Let no task begin until `resume`. What runs goes on."""
        requireReactorThread(self.reactor)
        if not self.isPaused:
            self.dispatcher.pause()
            self.observers.tell(Observer.queueChanged, self)

    def resume(self) -> None:
        """Let tasks begin again."""
        requireReactorThread(self.reactor)
        if self.isPaused:
            self.dispatcher.resume()
            self.observers.tell(Observer.queueChanged, self)

    def _allWaiting(self) -> list[Task]:
        """Those that are held, the latest first, and then those that wait."""
        return [*self.dispatcher.holding.latestFirst(self.held()), *self.schedule]

    def _takeBack(self, tasks: Iterable[Task]) -> list[Task]:
        """Those of these tasks that wait, and are here to be re-ordered."""
        waiting = [task for task in tasks if task.isWaiting]
        self.dispatcher.takeBack(waiting)
        return [task for task in waiting if task.isWaiting]

    def _moved(self, tasks: list[Task]) -> None:
        if tasks:
            self.observers.tell(Observer.tasksMoved, tasks)
            self.dispatcher.pump()
