# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks that have ended, to be looked at: the newest ones, and a count of the pieces that nobody needs to see."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from aqlib import Observer, Task, TaskState
from aqlib.interfaces import Worker

from .outputfolder import OutputFolder
from .taskoutput import LIMIT_BYTES, TaskOutput

MOST_KEPT = 10_000
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
    number: int = 0  # its place among those that are shown, from 1; 0 for a piece that is kept aside


class FinishedTasks(Observer):
    """The finished tasks, newest first, and the output of those that run.

    A piece, a task of one of the `hiddenGroups`, is counted in its group's summary. A small number
    of them is kept aside, for when the group is shown; those that failed are kept with the others. The oldest go when
    there are too many.

    Args:
        queue: Whose tasks, until `close`.
        hiddenGroups: The names of the groups whose finished pieces are hidden at first.
        limit: How many tasks to keep.
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
    ) -> None:
        self.summaries = {name: GroupSummary(name) for name in hiddenGroups}
        self.hiddenGroups = set(self.summaries)
        self.forgotten = forgotten
        self._queue = queue
        self._folder = OutputFolder()
        self._outputBytes = outputBytes
        self._limit = limit
        self._entries: deque[_Entry] = deque()
        self._aside: deque[_Entry] = deque()
        self._byTask: dict[Task, _Entry] = {}
        self._outputs: dict[Task, TaskOutput] = {}
        self._ended = 0
        self._lastNumber = 0
        self._failed = 0
        queue.addObserver(self)

    def close(self) -> None:
        """Take note of nothing more, and remove the files with output."""
        self._queue.removeObserver(self)
        self._folder.close()

    # What is here.

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, task: Task) -> bool:
        return self.rowOf(task) is not None

    @property
    def failed(self) -> int:
        """How many of them failed."""
        return self._failed

    def at(self, row: int) -> Task:
        """The task at a row; the newest is at 0. Raises IndexError."""
        return self._entries[row].task

    def slice(self, start: int, stop: int) -> list[Task]:
        """The tasks of the rows from `start` to before `stop`, as many as there are."""
        return [entry.task for entry in islice(self._entries, max(start, 0), max(stop, 0))]

    def rowOf(self, task: Task) -> int | None:
        """The row of a task, or None for one that is not here."""
        entry = self._byTask.get(task)
        if entry is None or entry.number == 0:
            return None
        # Tasks come in on one side and leave on the other, so their numbers have no gaps.
        return self._entries[0].number - entry.number

    def outputOf(self, task: Task) -> TaskOutput | None:
        """What a task has printed, finished or running; None when that is nothing."""
        entry = self._byTask.get(task)
        return entry.output if entry is not None else self._outputs.get(task)

    # What the user wants.

    def clear(self) -> None:
        """Forget them all, and begin to count anew."""
        forgotten = [*self._entries, *self._aside]
        self._entries.clear()
        self._aside.clear()
        self._failed = 0
        self._forget(forgotten)
        for name in self.summaries:
            self.summaries[name] = GroupSummary(name)

    def hide(self, group: str, hidden: bool = True) -> None:
        """Have the finished pieces of a group hidden and counted only, or (hidden=False) shown with the others."""
        self.summaries.setdefault(group, GroupSummary(group))
        if hidden:
            self.hiddenGroups.add(group)
        else:
            self.hiddenGroups.discard(group)
        everything = sorted((*self._entries, *self._aside), key=lambda entry: entry.ended)
        self._entries.clear()
        self._aside.clear()
        self._lastNumber = 0
        self._failed = 0
        for entry in everything:
            self._keep(entry)

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
            entry.number = 0
            self._aside.appendleft(entry)
            if len(self._aside) > MOST_PIECES_KEPT:
                self._forget([self._aside.pop()])
            return
        self._lastNumber += 1
        entry.number = self._lastNumber
        self._entries.appendleft(entry)
        self._failed += task.state is TaskState.FAILED
        if len(self._entries) > self._limit:
            oldest = self._entries.pop()
            self._failed -= oldest.task.state is TaskState.FAILED
            self._forget([oldest])

    def _forget(self, entries: list[_Entry]) -> None:
        for entry in entries:
            del self._byTask[entry.task]
            if entry.output is not None:
                entry.output.discard()
        if self.forgotten is not None:
            self.forgotten([entry.task for entry in entries])
