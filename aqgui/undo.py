# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user does to waiting tasks, as commands that can be undone: move, set the niceness, cancel.

Much work is done in slices. Undoing a command whose work is still going on undoes what has been done so far.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any
from weakref import WeakKeyDictionary

from PyQt5.QtWidgets import QUndoCommand, QUndoStack
from twisted.internet.interfaces import IConsumer
from zope.interface import implementer

from aqgui.models.placing import firstOther, follower
from aqgui.models.slices import SLICE, SlicedWork
from aqgui.texts import plural
from aqlib import Deferator, IterationProducer, Task
from aqlib.schedule import Position

_TASKS_PER_STEP = 50
MOST_AT_ONCE = 500


class Steering:
    """Does what the user wants done to tasks.

    Args:
        queue: Whose tasks.
        stack: Where the commands go.
        replaced: Called with a task and the one that stands in its place, when a call is queued again.
        pieceGroups: Groups whose tasks never enter the stack. They are pieces of a picture or an export, so undoing
            a cancel would revive pieces that nobody wants any more.
    """

    def __init__(
        self,
        queue: Any,
        stack: QUndoStack,
        replaced: Callable[[Task, Task], None] | None = None,
        pieceGroups: Collection[str] = (),
    ) -> None:
        self.queue = queue
        self._stack = stack
        self._replaced = replaced
        self._pieceGroups = pieceGroups
        self._heirs: WeakKeyDictionary[Task, Task] = WeakKeyDictionary()

    def move(self, tasks: list[Task], before: Task | None) -> None:
        """Put waiting tasks directly before another one (None: at the end)."""
        schedule = self.queue.schedule
        if before is not None and before in schedule:
            before = firstOther(schedule, schedule.rowOf(before), set(tasks))
        self._push(lambda chosen: Move(self, chosen, before), tasks)

    def moveToTop(self, tasks: list[Task]) -> None:
        """Have waiting tasks run next."""
        self.move(tasks, self._firstOther(0, tasks))

    def moveUp(self, tasks: list[Task]) -> None:
        """Have waiting tasks, in running order, run one place earlier. Those that stand apart come together."""
        self.move(tasks, self._firstOther(self.queue.schedule.rowOf(tasks[0]) - 1, tasks))

    def moveDown(self, tasks: list[Task]) -> None:
        """Have waiting tasks, in running order, run one place later. Those that stand apart come together."""
        self.move(tasks, self._firstOther(self.queue.schedule.rowOf(tasks[-1]) + 2, tasks))

    def moveToBottom(self, tasks: list[Task]) -> None:
        """Have waiting tasks run after all others that wait now."""
        self.move(tasks, None)

    def _firstOther(self, row: int, tasks: list[Task]) -> Task | None:
        return firstOther(self.queue.schedule, row, set(tasks))

    def setNiceness(self, tasks: list[Task], niceness: int) -> None:
        """Set the niceness of waiting tasks."""
        self._push(lambda chosen: SetNiceness(self, chosen, niceness), tasks)

    def cancel(self, waiting: list[Task], underWay: list[Task]) -> None:
        """Cancel tasks. For those that wait it can be undone, and not for those that run or are held."""
        # Those that wait for others before these, whose end would be an error for them.
        self.queue.cancel([task for task in underWay if task.isHeld])
        self._push(lambda chosen: Cancel(self, chosen), waiting)
        self.queue.cancel(underWay)

    def retry(self, task: Task) -> Task:
        """Queue the call of a finished task again. Nobody but the panel waits for its result."""
        again: Task = self.queue.retry(task)
        again.deferred.addCallbacks(_takeAll, lambda _: None)
        return again

    def replace(self, task: Task) -> Task:
        """Queue a cancelled call again: what is undone or redone later with the old task is done with the new one."""
        again = self.retry(task)
        self._heirs[task] = again
        if self._replaced is not None:
            self._replaced(task, again)
        return again

    def heir(self, task: Task) -> Task:
        """The task that stands for this one now."""
        while task in self._heirs:
            task = self._heirs[task]
        return task

    def _push(self, make: Callable[[list[Task]], Command], tasks: list[Task]) -> None:
        pieces = [task for task in tasks if task.group in self._pieceGroups]
        others = [task for task in tasks if task.group not in self._pieceGroups]
        if pieces:
            make(pieces).redo()
        if others:
            self._stack.push(make(others))


class Command(QUndoCommand):
    """Something that is done to tasks, step by step. Each step is done, and undone, for some tasks at once."""

    verb = ""

    def __init__(self, steering: Steering, tasks: list[Task]) -> None:
        super().__init__(f"{self.verb} {plural(len(tasks), 'task')}")
        self.tasks = tasks
        self.steering = steering
        self.queue = steering.queue
        self._stood: list[tuple[Task, Position]] = []
        self._work: SlicedWork | None = None

    def redo(self) -> None:
        """Do it, from now on in slices when it is much."""
        self._start(self._redoSteps())

    def undo(self) -> None:
        """Undo what has been done of it."""
        self._start(self._undoSteps())

    def apply(self, tasks: list[Task]) -> None:
        """Do it to these tasks, which wait."""
        raise NotImplementedError  # each kind of change has its own; Qt's metaclass forbids an abstract method

    def restore(self, task: Task, position: Position) -> None:
        """Undo it for one task."""
        self.queue.restore(self.steering.heir(task), position)

    def _start(self, steps: Iterator[None]) -> None:
        if self._work is not None:
            self._work.stop()
        self._work = SlicedWork(self.queue.reactor, steps, seconds=SLICE)
        if len(self.tasks) <= MOST_AT_ONCE:
            self._work.finish()

    def _redoSteps(self) -> Iterator[None]:
        for start in range(0, len(self.tasks), _TASKS_PER_STEP):
            tasks = [self.steering.heir(task) for task in self.tasks[start : start + _TASKS_PER_STEP]]
            waiting = [task for task in tasks if task.isWaiting]
            self._stood += [(task, self.queue.positionOf(task)) for task in waiting]
            self.apply(waiting)
            yield

    def _undoSteps(self) -> Iterator[None]:
        # Backwards, so that each task finds its old neighbour in place.
        while self._stood:
            task, position = self._stood.pop()
            successor = position.successor
            if successor is not None:
                position = position._replace(successor=self.steering.heir(successor))
            self.restore(task, position)
            yield


class Move(Command):
    """Moves tasks to before another one."""

    verb = "moving"

    def __init__(self, steering: Steering, tasks: list[Task], before: Task | None) -> None:
        super().__init__(steering, tasks)
        self._before = before
        self._last: Task | None = None

    def redo(self) -> None:
        """Do it, from the first task on."""
        self._last = None
        super().redo()

    def apply(self, tasks: list[Task]) -> None:
        """Move these to behind those that were moved before them."""
        if not tasks:
            return
        before = self.steering.heir(self._before) if self._before is not None else None
        if before is not None and not before.isWaiting and self._last is not None and self._last.isWaiting:
            before = follower(self.queue.schedule, self._last)
        self.queue.move(tasks, before)
        self._last = tasks[-1]


class SetNiceness(Command):
    """Sets the niceness of tasks."""

    verb = "setting the niceness of"

    def __init__(self, steering: Steering, tasks: list[Task], niceness: int) -> None:
        super().__init__(steering, tasks)
        self._niceness = niceness

    def apply(self, tasks: list[Task]) -> None:
        """Set it."""
        self.queue.setNiceness(tasks, self._niceness)


class Cancel(Command):
    """Cancels waiting tasks. Undone, their calls are queued again as new tasks, at their old places."""

    verb = "cancelling"

    def apply(self, tasks: list[Task]) -> None:
        """Cancel them."""
        self.queue.cancel(tasks)

    def restore(self, task: Task, position: Position) -> None:
        """Queue the call again."""
        again = self.steering.replace(task)
        if again.isWaiting:
            self.queue.restore(again, position)


@implementer(IConsumer)
class _Nobody:
    """A consumer that wants all items, and does nothing with them."""

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """IConsumer: items will come."""

    def unregisterProducer(self) -> None:
        """IConsumer: no more will come."""

    def write(self, data: Any) -> None:
        """IConsumer: an item has come."""


def _takeAll(result: Any) -> None:
    """A stream that nobody takes would wait for ever."""
    if isinstance(result, Deferator):
        IterationProducer(result, _Nobody()).run().addErrback(lambda _: None)
