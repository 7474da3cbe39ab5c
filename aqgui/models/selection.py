# SPDX-License-Identifier: GPL-3.0-or-later
"""TaskSelection: which tasks are selected. Tasks and not rows, for rows change all the time."""

from __future__ import annotations

from collections.abc import Container, Iterable

from PyQt5.QtCore import QObject, pyqtSignal

from aqlib import Schedule, Task, TaskState

# From so many on, going through the whole schedule is quicker than asking it for each task's row; and looking at each
# of them 30 times a second would take too long.
MANY = 1000


class TaskSelection(QObject):
    """A set of tasks, the one that has the keyboard (`current`) and the one a range is counted from (`anchor`)."""

    changed = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tasks: set[Task] = set()
        self.current: Task | None = None
        self.anchor: Task | None = None

    def __len__(self) -> int:
        return len(self.tasks)

    def __contains__(self, task: Task) -> bool:
        return task in self.tasks

    def setOnly(self, task: Task) -> None:
        """Select this one and no other."""
        self.tasks = {task}
        self.current = self.anchor = task
        self.changed.emit()

    def setAll(self, tasks: Iterable[Task]) -> None:
        """Select exactly these; the current one stays."""
        self.tasks = set(tasks)
        self.changed.emit()

    def setRange(self, tasks: Iterable[Task], current: Task, add: bool = False) -> None:
        """Select a range, from the anchor to `current`; with `add`, besides what is selected."""
        self.tasks = self.tasks.union(tasks) if add else set(tasks)
        self.current = current
        self.changed.emit()

    def toggle(self, task: Task) -> None:
        """Select it if it is not, else unselect it; a range is then counted from it."""
        self.tasks ^= {task}
        self.current = self.anchor = task
        self.changed.emit()

    def setCurrent(self, task: Task) -> None:
        """Give a task the keyboard, and leave the selection as it is."""
        self.current = task
        self.changed.emit()

    def clear(self) -> None:
        """Select none."""
        self.setAll(())

    def discard(self, tasks: Iterable[Task]) -> None:
        """Let go of tasks that are no longer shown anywhere. It is not told, for nobody sees them."""
        for task in tasks:
            self.tasks.discard(task)
            if task is self.current:
                self.current = None
            if task is self.anchor:
                self.anchor = None

    def replace(self, old: Task, new: Task) -> None:
        """Have `new`, the same call queued again, be selected in the place of `old`. The views see it when it comes."""
        if old in self.tasks:
            self.tasks.remove(old)
            self.tasks.add(new)
        if old is self.current:
            self.current = new
        if old is self.anchor:
            self.anchor = new

    def waiting(self, schedule: Schedule) -> list[Task]:
        """Those that wait, in running order."""
        if len(self.tasks) > MANY:
            return [task for task in schedule.slice(0, len(schedule)) if task in self.tasks]
        return sorted((task for task in self.tasks if task in schedule), key=schedule.rowOf)

    def mayHave(self, states: Container[TaskState]) -> bool:
        """Whether one of them is in one of these states; True, without a look, when they are very many."""
        return len(self.tasks) > MANY or any(task.state in states for task in self.tasks)
