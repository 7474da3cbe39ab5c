# SPDX-License-Identifier: GPL-3.0-or-later
"""What the queue panel says of a task: a Row, the texts of its columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from PyQt5.QtCore import Qt

from aqgui.commands.command import Command, CommandFailed, describeStatus
from aqgui.texts import count, duration
from aqlib import Task, TaskState


class Column(IntEnum):
    """The columns of the queue panel, from left to right."""

    PLACE = 0
    NAME = 1
    GROUP = 2
    STATE = 3
    NICENESS = 4
    SERIES = 5
    WORKER = 6
    PROGRESS = 7
    WAITING = 8
    RUNNING = 9
    EXIT = 10
    STARTED = 11


TITLES = {
    Column.PLACE: ("Place", "Position in the queue; 1 runs next"),
    Column.NAME: ("Name", "Name of the task"),
    Column.GROUP: ("Group", "The job it belongs to"),
    Column.STATE: ("State", "State of the task"),
    Column.NICENESS: ("Nice", "Niceness, from -20 (first) to 20 (last); double click to change it"),
    Column.SERIES: ("Series", "Series it takes turns with, which also decides its workers"),
    Column.WORKER: ("Worker", "Worker that runs or ran it"),
    Column.PROGRESS: ("Progress", "Share that is done"),
    Column.WAITING: ("Waiting", "Time it has waited"),
    Column.RUNNING: ("Elapsed", "Time it has run"),
    Column.EXIT: ("Exit", "The exit status of a command"),
    Column.STARTED: ("Started", "Time of its start"),
}

_FIGURES = (Column.PLACE, Column.NICENESS, Column.WAITING, Column.RUNNING, Column.EXIT, Column.STARTED)


@dataclass(frozen=True, slots=True)
class Row:
    """A task as it was at one moment, all that is painted of it; two that are equal look alike.

    `task` is there to be acted upon: what is painted is never asked of it, for it may be further on by then.
    `worker` is the number of its worker, if it has or had one.
    """

    task: Task
    state: TaskState
    isRunning: bool
    isFinished: bool
    worker: int | None
    fraction: float | None
    texts: tuple[str, ...]


def describe(task: Task, place: int | None, now: float) -> Row:
    """What to show of a task.

    Args:
        place: 1 for the one that runs next; None for one that does not wait.
        now: The time on the queue's clock.
    """
    texts = (
        "" if place is None else count(place),
        task.name,
        task.group or "",
        task.state.value,
        figure(task.niceness),
        "" if task.series is None else str(task.series),
        task.worker.name if task.worker is not None else "",
        progressText(task),
        duration(waitingTime(task, now)),
        "" if task.startedAt is None else duration(runningTime(task, now)),
        exitStatus(task),
        startTime(task, now),
    )
    worker = task.worker.ID if task.worker is not None else None
    return Row(task, task.state, task.isRunning, task.isFinished, worker, fraction(task), texts)


def figure(number: int) -> str:
    """A whole number with a true minus sign."""
    return str(number).replace("-", "−")


def exitStatus(task: Task) -> str:
    """The exit status of a command that has ended, or the name of the signal that ended it."""
    if not isinstance(task.call.f, Command):
        return ""
    if task.state is TaskState.DONE:
        return "0"
    error = task.failure.value if task.failure is not None else None
    if not isinstance(error, CommandFailed):
        return ""
    return figure(error.status) if error.status >= 0 else describeStatus(error.status).removeprefix("by ")


def waitingTime(task: Task, now: float) -> float:
    """For how many seconds it has waited, or had when it began or ended."""
    end = next((time for time in (task.startedAt, task.finishedAt) if time is not None), now)
    return end - task.queuedAt


def runningTime(task: Task, now: float) -> float:
    """For how many seconds it has run, or had when it ended; 0 when it has not begun."""
    if task.startedAt is None:
        return 0.0
    return (now if task.finishedAt is None else task.finishedAt) - task.startedAt


def startTime(task: Task, now: float) -> str:
    """The time of day at which it has begun, with the date unless that is today's."""
    if task.startedAt is None:
        return ""
    present = datetime.now()
    began = present - timedelta(seconds=now - task.startedAt)
    return f"{began:%H:%M:%S}" if began.date() == present.date() else f"{began:%Y-%m-%d %H:%M}"


def fraction(task: Task) -> float | None:
    """Share that is done, from 0 to 1, as far as it tells; None when it does not."""
    progress = task.progress
    if progress is None or not progress.total:
        return None
    return min(max(progress.done / progress.total, 0.0), 1.0)


def progressText(task: Task) -> str:
    """How far it is, in a few words."""
    share = fraction(task)
    if share is not None:
        return f"{share:.0%}"
    if task.progress is not None and task.progress.text:
        return task.progress.text
    return f"{count(task.items)} items" if task.items else ""


def tip(row: Row, column: Column) -> str:
    """The whole text of a cell, and what the cell has no room for."""
    task, text = row.task, row.texts[column]
    if column is Column.NAME:
        byHand = ", placed by hand" if task.byHand and task.isWaiting else ""
        return f"{text} ({row.state.value}{byHand})"
    if column is Column.PROGRESS and row.fraction is not None and task.progress is not None and task.progress.text:
        return f"{text}, {task.progress.text}"
    return text


def alignment(column: Column) -> Qt.Alignment:
    """Figures are right-aligned, so that their digits stand below each other."""
    return Qt.AlignVCenter | (Qt.AlignRight if column in _FIGURES else Qt.AlignLeft)
