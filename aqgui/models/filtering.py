# SPDX-License-Identifier: GPL-3.0-or-later
"""Filtering: the rows that match, found in slices of a few milliseconds while tasks come and go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from time import perf_counter
from typing import Any

from twisted.internet.interfaces import IDelayedCall

from aqlib import Task, TaskState

from .rows import LiveRows
from .slices import SlicedWork

# Between two looks at everything at least so many seconds pass, and so many times as long as the last one took.
SHORTEST_REST = 0.2
REST_PER_SCAN = 10

_TASKS_PER_STEP = 64
_TASKS_PER_TELLING = 4096
_MOST_SKIPPED = 1000

STATE_GROUPS = {
    "Running": frozenset((TaskState.RUNNING, TaskState.SUSPENDED, TaskState.PAUSED, TaskState.STOPPING)),
    "Waiting": frozenset((TaskState.WAITING,)),
    "Held": frozenset((TaskState.HELD,)),
    "Done": frozenset((TaskState.DONE,)),
    "Failed": frozenset((TaskState.FAILED,)),
    "Cancelled": frozenset((TaskState.CANCELLED,)),
}


@dataclass(frozen=True)
class Filter:
    """Which tasks to show: those in one of `states` that have every word of `text` in name, group, series or worker."""

    states: frozenset[TaskState] = frozenset(TaskState)
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self._words) or len(self.states) < len(TaskState)

    @cached_property
    def _words(self) -> list[str]:
        return self.text.casefold().split()

    def matches(self, task: Task) -> bool:
        """Whether it is one of those."""
        if task.state not in self.states:
            return False
        if not self._words:
            return True
        worker = task.worker.name if task.worker is not None else ""
        said = f"{task.name}\n{task.group or ''}\n{'' if task.series is None else task.series}\n{worker}".casefold()
        return all(word in said for word in self._words)


class FilteredRows:
    """The rows of `live` that match a filter.

    The first look shows what it finds as it goes. Later ones, after `mark`, replace what was found when they are
    through; what has left, or matches no more, is dropped as soon as it is looked at.

    Args:
        live: All rows.
        filter: What to show.
        reactor: Gives the time, and calls later.
        changed: Called when there is more, or something else, to see.
        timer: Gives seconds, to measure the slices by.
    """

    def __init__(
        self,
        live: LiveRows,
        filter: Filter,
        reactor: Any,
        changed: Callable[[], None],
        timer: Callable[[], float] = perf_counter,
    ) -> None:
        self.filter = filter
        self._live = live
        self._reactor = reactor
        self._changed = changed
        self._timer = timer
        self._tasks: list[Task] = []
        self._work: SlicedWork | None = None
        self._call: IDelayedCall | None = None
        self._started = 0.0
        self._rest = 0.0
        self._isMarked = False
        self._scan(self._tasks)

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def isScanning(self) -> bool:
        """Whether a look at everything is under way."""
        return self._work is not None and self._work.isRunning

    def slice(self, start: int, stop: int) -> list[Task]:
        """The tasks of the rows from `start` to before `stop`, as many as there are."""
        start = max(start, 0)
        end = start + max(stop - start, 0)
        seen = self._tasks[start:end]
        here = self._stillHere(seen)
        # A look goes on where rows have left, but not for long: when very many have, the next scan knows.
        if len(here) < len(seen):
            end += _MOST_SKIPPED
            here += self._stillHere(self._tasks[end - _MOST_SKIPPED : end])
            self._tasks[start:end] = here
            self.mark()
        return here[: max(stop - start, 0)]

    def rowOf(self, task: Task) -> int | None:
        """The row of a task, or None for one that is not here."""
        try:
            return self._tasks.index(task)
        except ValueError:
            return None

    def _stillHere(self, tasks: list[Task]) -> list[Task]:
        return [task for task in tasks if task in self._live and self.filter.matches(task)]

    def mark(self) -> None:
        """Tasks have come, gone or moved: look at everything again, when it is time."""
        self._isMarked = True
        if self._call is None and not self.isScanning:
            self._call = self._reactor.callLater(self._rest, self._again)

    def stop(self) -> None:
        """Look no more."""
        call, self._call = self._call, None
        if call is not None:
            call.cancel()
        if self._work is not None:
            self._work.stop()

    def _again(self) -> None:
        self._call = None
        self._scan([])

    def _scan(self, found: list[Task]) -> None:
        self._isMarked = False
        self._started = self._reactor.seconds()
        self._work = SlicedWork(self._reactor, self._look(found), lambda: self._found(found), timer=self._timer)

    def _look(self, found: list[Task]) -> Iterator[None]:
        everything = self._live.slice(0, len(self._live))
        matches = self.filter.matches
        for start in range(0, len(everything), _TASKS_PER_STEP):
            found += [task for task in everything[start : start + _TASKS_PER_STEP] if matches(task)]
            if start % _TASKS_PER_TELLING == 0 and found is self._tasks:
                self._changed()
            yield

    def _found(self, found: list[Task]) -> None:
        self._tasks = found
        self._rest = max(SHORTEST_REST, REST_PER_SCAN * (self._reactor.seconds() - self._started))
        if self._isMarked:
            self.mark()
        self._changed()
