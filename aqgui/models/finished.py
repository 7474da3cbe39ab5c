# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks that have ended, to be looked at: the newest ones, and a count of the pieces that nobody needs to see."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from aqlib import Observer, Task, TaskState
from aqlib.interfaces import Worker

from .outputfolder import OutputFolder
from .taskoutput import LIMIT_BYTES, TaskOutput

MOST_KEPT = 10_000
MAX_FAILURES = 10_000
MOST_PIECES_KEPT = 1_000


@dataclass
class GroupSummary:
    """How many pieces of a workload have ended, and how."""

    name: str
    done: int = 0
    failed: int = 0
    cancelled: int = 0

    def count(self, state: TaskState) -> None:
        """One more has ended."""
        if state is TaskState.DONE:
            self.done += 1
        elif state is TaskState.FAILED:
            self.failed += 1
        else:
            self.cancelled += 1


@dataclass(slots=True)
class _Entry:
    task: Task
    ended: int  # how many ended before it
    output: TaskOutput | None = None
    rows: _Rows | None = None  # where it is shown; None for a piece that is kept aside
    number: int = 0  # its place there, from 1


class _Rows:
    """Entries, newest first. They arrive at one end and leave at the other, so their numbers have no gaps."""

    def __init__(self) -> None:
        self.entries: deque[_Entry] = deque()
        self._lastNumber = 0

    def add(self, entry: _Entry) -> None:
        """Add the newest one."""
        self._lastNumber += 1
        entry.rows, entry.number = self, self._lastNumber
        self.entries.appendleft(entry)

    def rowOf(self, entry: _Entry) -> int:
        """The index of an entry; the newest is at 0."""
        return self.entries[0].number - entry.number


class FinishedTasks(Observer):
    """The finished tasks, newest first, and the output of those that run.

    A piece, a task of one of the `hiddenGroups`, is counted in its group's summary. A small number
    of them is kept aside, for when the group is shown; those that failed are kept with the others. Beyond `limit` the
    oldest are dropped, except for those that failed: they stay at the end of the list until there are `maxFailures`.

    Attributes:
        dropped: Number of tasks that the list has dropped since `clear`, those that failed included.
        droppedFailures: Number of these that failed.

    Args:
        queue: Whose tasks, until `close`.
        hiddenGroups: The names of the groups whose finished pieces are hidden at first.
        limit: How many tasks to keep.
        maxFailures: Number of failed tasks to keep beyond the limit.
        forgotten: Called with tasks that are no longer kept.
        outputBytes: How many bytes of output to keep of each task.
    """

    def __init__(
        self,
        queue: Any,
        hiddenGroups: Iterable[str] = (),
        limit: int = MOST_KEPT,
        forgotten: Callable[[list[Task]], None] | None = None,
        outputBytes: int = LIMIT_BYTES,
        maxFailures: int = MAX_FAILURES,
    ) -> None:
        self.summaries = {name: GroupSummary(name) for name in hiddenGroups}
        self.hiddenGroups = set(self.summaries)
        self.forgotten = forgotten
        self._queue = queue
        self._folder = OutputFolder()
        self._outputBytes = outputBytes
        self._limit = limit
        self._maxFailures = maxFailures
        self._newest = _Rows()
        self._failures = _Rows()  # all older than the newest
        self._aside: deque[_Entry] = deque()
        self._byTask: dict[Task, _Entry] = {}
        self._outputs: dict[Task, TaskOutput] = {}
        self._ended = 0
        self._failed = self.dropped = self.droppedFailures = 0
        queue.addObserver(self)

    def close(self) -> None:
        """Take note of nothing more, and remove the files with output."""
        self._queue.removeObserver(self)
        self._folder.close()

    # What is here.

    def __len__(self) -> int:
        return len(self._newest.entries) + len(self._failures.entries)

    def __contains__(self, task: Task) -> bool:
        return self.rowOf(task) is not None

    @property
    def failed(self) -> int:
        """How many have failed since `clear`, those dropped included."""
        return self._failed + self.droppedFailures

    def at(self, row: int) -> Task:
        """The task at a row; the newest is at 0. Raises IndexError."""
        newest = self._newest.entries
        return (newest[row] if row < len(newest) else self._failures.entries[row - len(newest)]).task

    def slice(self, start: int, stop: int) -> list[Task]:
        """The tasks of the rows from `start` to before `stop`, as many as there are."""
        everything = chain(self._newest.entries, self._failures.entries)
        return [entry.task for entry in islice(everything, max(start, 0), max(stop, 0))]

    def rowOf(self, task: Task) -> int | None:
        """The row of a task, or None for one that is not here."""
        entry = self._byTask.get(task)
        if entry is None or entry.rows is None:
            return None
        before = len(self._newest.entries) if entry.rows is self._failures else 0
        return before + entry.rows.rowOf(entry)

    def outputOf(self, task: Task) -> TaskOutput | None:
        """What a task has printed, finished or running; None when that is nothing."""
        entry = self._byTask.get(task)
        return entry.output if entry is not None else self._outputs.get(task)

    # What the user wants.

    def clear(self) -> None:
        """Forget them all, and begin to count anew."""
        self._forget(self._takeAll())
        self.dropped = self.droppedFailures = 0
        for name in self.summaries:
            self.summaries[name] = GroupSummary(name)

    def hide(self, group: str, hidden: bool = True) -> None:
        """Have the finished pieces of a group hidden and counted only, or (hidden=False) shown with the others."""
        self.summaries.setdefault(group, GroupSummary(group))
        if hidden:
            self.hiddenGroups.add(group)
        else:
            self.hiddenGroups.discard(group)
        for entry in self._takeAll():
            self._keep(entry)

    def _takeAll(self) -> list[_Entry]:
        """Remove all entries and return them, the oldest first."""
        everything = (*self._failures.entries, *self._newest.entries, *self._aside)
        self._newest, self._failures = _Rows(), _Rows()
        self._aside.clear()
        self._failed = 0
        return sorted(everything, key=lambda entry: entry.ended)

    # What the queue tells.

    def taskOutput(self, task: Task, worker: Worker, stream: str, text: str) -> None:
        """Keep it, whether its task runs or has just ended."""
        entry = self._byTask.get(task)
        if entry is not None:
            entry.output = entry.output or self._newOutput()
            entry.output.add(text)
            entry.output.rest()
        elif not task.isFinished:
            output = self._outputs.get(task)
            if output is None:
                output = self._outputs[task] = self._newOutput()
            output.add(text)

    def _newOutput(self) -> TaskOutput:
        return TaskOutput(self._folder, self._outputBytes)

    def taskFinished(self, task: Task) -> None:
        """Keep it, or count it."""
        summary = self.summaries.get(task.group or "")
        if summary is not None:
            summary.count(task.state)
        self._ended += 1
        entry = _Entry(task, self._ended, self._outputs.pop(task, None))
        if entry.output is not None:
            entry.output.rest()
        self._byTask[task] = entry
        self._keep(entry)

    def _keep(self, entry: _Entry) -> None:
        task = entry.task
        if task.group in self.hiddenGroups and task.state is not TaskState.FAILED:
            entry.rows = None
            self._aside.appendleft(entry)
            if len(self._aside) > MOST_PIECES_KEPT:
                self._forget([self._aside.pop()])
            return
        self._newest.add(entry)
        self._failed += task.state is TaskState.FAILED
        if len(self._newest.entries) > self._limit:
            self._evict(self._newest.entries.pop())

    def _evict(self, entry: _Entry) -> None:
        """Drop the oldest of the newest; one that failed joins the older failures, whose oldest may have to go."""
        if entry.task.state is TaskState.FAILED:
            self._failures.add(entry)
            if len(self._failures.entries) <= self._maxFailures:
                return
            entry = self._failures.entries.pop()
            self._failed -= 1
            self.droppedFailures += 1
        self.dropped += 1
        self._forget([entry])

    def _forget(self, entries: list[_Entry]) -> None:
        for entry in entries:
            del self._byTask[entry.task]
            if entry.output is not None:
                entry.output.discard()
        if self.forgotten is not None:
            self.forgotten([entry.task for entry in entries])
