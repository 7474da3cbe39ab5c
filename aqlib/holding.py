# SPDX-License-Identifier: Apache-2.0
"""Holding: the tasks that are held until others have ended, until a time, or until their next attempt."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.python.failure import Failure

from .errors import DependencyFailed
from .task import Options, Task, TaskState


class Holding:
    """Knows which tasks are held, and why.

    Args:
        clock: For those that wait for a time.
        go: Called with a task that has nothing left to wait for.
        fail: Called with one that never will, for a task that it waits for has failed, and with the error.
    """

    def __init__(self, clock: IReactorTime, go: Callable[[Task], None], fail: Callable[[Task, Failure], None]) -> None:
        self.clock = clock
        self._go = go
        self._fail = fail
        self._holds: dict[Task, Hold] = {}

    def __len__(self) -> int:
        return len(self._holds)

    def __iter__(self) -> Iterator[Task]:
        return iter(self._holds)

    def __contains__(self, task: Task) -> bool:
        return task in self._holds

    def latestFirst(self, tasks: Iterable[Task]) -> list[Task]:
        """Those of these tasks that are held, each one before those that it waits for."""
        return sorted((task for task in tasks if task in self._holds), key=lambda task: task.id, reverse=True)

    def add(self, task: Task) -> bool:
        """Hold a task as its options say. Gives False for one that has nothing to wait for any more.

        Raises: DependencyFailed when a task that it waits for has failed already.
        """
        options = task.options
        # A task that has ended must not keep all those alive that went before it.
        task.options = replace(options, after=(), afterAny=False, notBefore=None)
        awaited = _unfinished(task, options)
        seconds = secondsUntil(options.notBefore)
        if awaited or seconds > 0:
            self._holds[task] = Hold(self, task, awaited, options.afterAny, seconds)
        return task in self._holds

    def addFor(self, task: Task, seconds: float) -> None:
        """Hold a task for so many seconds."""
        self._holds[task] = Hold(self, task, (), False, seconds)

    def discard(self, task: Task) -> None:
        """A task ends from outside: forget it."""
        hold = self._holds.pop(task, None)
        if hold is not None:
            hold.stop()

    # What the holds say.

    def isOver(self, task: Task) -> None:
        """A task has nothing left to wait for."""
        self.discard(task)
        self._go(task)

    def isHopeless(self, task: Task, failure: Failure) -> None:
        """A task waits for one that has failed."""
        self._fail(task, failure)


class Hold:
    """What one task waits for: others that have not ended, and a time that has not come.

    Args:
        awaited: The others.
        afterAny: Whatever becomes of them.
        seconds: For how long it waits at least, 0 for not at all.
    """

    __slots__ = ("_afterAny", "_awaited", "_call", "_holding", "_task")

    def __init__(self, holding: Holding, task: Task, awaited: tuple[Task, ...], afterAny: bool, seconds: float) -> None:
        self._holding = holding
        self._task = task
        self._afterAny = afterAny
        self._awaited = dict.fromkeys(awaited)
        for other in self._awaited:
            other.owner.followers.add(other, self)
        mustWait = seconds > 0 or not awaited
        self._call: IDelayedCall | None = holding.clock.callLater(seconds, self._rang) if mustWait else None

    def ended(self, task: Task) -> None:
        """One of the others has ended. It may be told after the task itself has, by what that one's end has led to."""
        if task not in self._awaited:
            return
        del self._awaited[task]
        if task.state is not TaskState.DONE and not self._afterAny:
            self._holding.isHopeless(self._task, Failure(_brokenBy(self._task, task)))
        else:
            self._look()

    def stop(self) -> None:
        """Wait no more."""
        call, self._call = self._call, None
        if call is not None:
            call.cancel()
        awaited, self._awaited = self._awaited, {}
        for other in awaited:
            other.owner.followers.discard(other, self)

    def _rang(self) -> None:
        self._call = None
        self._look()

    def _look(self) -> None:
        if self._call is None and not self._awaited:
            self._holding.isOver(self._task)


def secondsUntil(time_: float | timedelta | datetime | None, now: Callable[[], float] = time.time) -> float:
    """How long a delay or a time is from now on, in seconds; below 0 for a time that has passed, 0 for None."""
    if isinstance(time_, datetime):
        return time_.timestamp() - now()
    return time_.total_seconds() if isinstance(time_, timedelta) else time_ or 0.0


def _unfinished(task: Task, options: Options) -> tuple[Task, ...]:
    """Those that a task has to wait for. Raises DependencyFailed."""
    others = tuple(options.after)
    for other in others:
        if other.isFinished and other.state is not TaskState.DONE and not options.afterAny:
            raise _brokenBy(task, other)
    return tuple(other for other in others if not other.isFinished)


def _brokenBy(task: Task, other: Task) -> DependencyFailed:
    what = "was cancelled" if other.state is TaskState.CANCELLED else "has failed"
    error = DependencyFailed(f"{task.describe(200)} was not run: task {other.id}, {other.name}, {what}.")
    error.__cause__ = other.failure.value if other.failure is not None else None
    return error
