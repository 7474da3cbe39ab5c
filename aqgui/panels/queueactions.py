# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user can do to tasks, as actions for menus and keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PyQt5.QtCore import QObject, Qt
from PyQt5.QtGui import QGuiApplication, QKeySequence
from PyQt5.QtWidgets import QAction, QInputDialog

from aqgui.commands.command import Command
from aqgui.dialogs import plainButtons
from aqgui.icons import icon
from aqgui.models.filtering import STATE_GROUPS
from aqgui.models.finished import FinishedTasks
from aqgui.texts import plural
from aqgui.undo import Steering
from aqlib import Task, TaskState
from aqlib.task import NICENESS_RANGE

if TYPE_CHECKING:
    from .queueview import QueueView


class _Spec(NamedTuple):
    name: str
    text: str
    keys: str
    icon: str | None
    tip: str


_PAUSING = "Suspend the selected tasks and every process that they started"
_RESUMING = "Resume the selected paused tasks"

_SPECS = (
    _Spec("top", "To the &top", "Alt+Home", "top", "Run the selected tasks next"),
    _Spec("up", "Move &up", "Alt+Up", "up", "Move the selected tasks one place up"),
    _Spec("down", "Move &down", "Alt+Down", "down", "Move the selected tasks one place down"),
    _Spec("bottom", "To the &bottom", "Alt+End", "bottom", "Run the selected tasks last"),
    _Spec("niceness", "Set &niceness…", "F2", None, "Run the selected tasks earlier (-20) or later (20)"),
    _Spec("pauseTask", "Paus&e task", "Alt+P", "pause", _PAUSING),
    _Spec("cancel", "&Cancel", "Del", "cancel", "Cancel the selected waiting and running tasks"),
    _Spec("retry", "&Retry", "Alt+R", "retry", "Queue the selected finished tasks again"),
    _Spec(
        "editAgain", "&Edit and run again…", "Ctrl+Alt+E", None, "Change the command of the current task and queue it"
    ),
    _Spec("copyCommand", "Cop&y command", "Ctrl+Alt+C", "copy", "Copy the commands of the selected tasks"),
    _Spec("copyOutput", "Copy &output", "Ctrl+Alt+O", "copy", "Copy the output of the current task"),
    _Spec("details", "De&tails", "Alt+Return", "details", "Show the task's times, output and errors"),
    _Spec("clearFinished", "Clear &finished tasks", "Alt+Del", "clear", "Remove the finished tasks from the list"),
    _Spec("selectAll", "Select &all tasks", "Ctrl+A", None, "Select all tasks that match the filter"),
)


_WAITING, _UNDER_WAY = STATE_GROUPS["Waiting"], STATE_GROUPS["Running"] | STATE_GROUPS["Held"]
_FINISHED = frozenset(TaskState) - _WAITING - _UNDER_WAY


class QueueActions(QObject):
    """The actions of a queue panel. Those for tasks act on what is selected.

    Args:
        view: Whose selection; the shortcuts work while it has the keyboard.
        steering: Does it.
        finished: What "clear" clears.
        showDetails: Shows a task's details.
        editAgain: Has the user edit the command of a task and queue it.
    """

    def __init__(
        self,
        view: QueueView,
        steering: Steering,
        finished: FinishedTasks,
        showDetails: Callable[[Task], None],
        editAgain: Callable[[Task], None],
    ) -> None:
        super().__init__(view)
        self._view = view
        self._selection = view.selection
        self._steering = steering
        self._finished = finished
        self._showDetails = showDetails
        self._editAgain = editAgain
        slots: dict[str, Callable[[], object]] = {
            "top": lambda: self._move(steering.moveToTop),
            "up": lambda: self._move(steering.moveUp),
            "down": lambda: self._move(steering.moveDown),
            "bottom": lambda: self._move(steering.moveToBottom),
            "niceness": self._askNiceness,
            "pauseTask": self._pauseOrResume,
            "cancel": self._cancel,
            "retry": self._retry,
            "details": self._details,
            "editAgain": self._edit,
            "copyCommand": self._copyCommands,
            "copyOutput": self._copyOutput,
            "clearFinished": finished.clear,
            "selectAll": view.selectAll,
        }
        self.byName = {spec.name: self._make(spec, slots[spec.name]) for spec in _SPECS}
        view.selection.changed.connect(self.enable)
        self.enable()

    def enable(self) -> None:
        """Offer what can be done now, and say to how many tasks."""
        selection = self._selection
        tasks = selection.tasks
        hasWaiting = selection.mayHave(_WAITING)
        for name in ("top", "up", "down", "bottom", "niceness"):
            self.byName[name].setEnabled(hasWaiting)
        self.byName["cancel"].setEnabled(hasWaiting or selection.mayHave(_UNDER_WAY))
        self.byName["retry"].setEnabled(selection.mayHave(_FINISHED))
        current = selection.current
        self.byName["details"].setEnabled(current is not None)
        self.byName["editAgain"].setEnabled(current is not None and isinstance(current.call.f, Command))
        self.byName["copyCommand"].setEnabled(bool(tasks))
        self.byName["copyOutput"].setEnabled(current is not None and self._finished.outputOf(current) is not None)
        self.byName["clearFinished"].setEnabled(len(self._finished) > 0)
        self.byName["cancel"].setText(f"&Cancel {plural(len(tasks), 'task')}" if len(tasks) > 1 else "&Cancel")
        self._enablePause()

    def _enablePause(self) -> None:
        """One action pauses what runs; when nothing of that is left to be paused, it resumes what is paused."""
        tasks, isPause = self._toPauseOrResume()
        action = self.byName["pauseTask"]
        action.setEnabled(bool(tasks))
        which = plural(len(tasks), "task") if len(tasks) > 1 else "task"
        text = f"{'Paus&e' if isPause else 'R&esume'} {which}"
        if text != action.text():
            action.setText(text)
            action.setIcon(icon("pause" if isPause else "play"))
            _setTip(action, _PAUSING if isPause else _RESUMING)

    def _toPauseOrResume(self) -> tuple[list[Task], bool]:
        """The selected tasks that can be paused; or, when there are none, those that can be resumed. And which."""
        running = [task for task in self._steering.queue.running() if task in self._selection]
        pausable = [task for task in running if canBePaused(task)]
        paused = [task for task in running if task.state is TaskState.PAUSED]
        return (pausable, True) if pausable or not paused else (paused, False)

    def _make(self, spec: _Spec, slot: Callable[[], object]) -> QAction:
        action = QAction(icon(spec.icon), spec.text, self) if spec.icon else QAction(spec.text, self)
        action.setShortcut(QKeySequence(spec.keys))
        action.setShortcutContext(Qt.WidgetWithChildrenShortcut)
        _setTip(action, spec.tip)
        action.triggered.connect(lambda _=False: slot())
        self._view.addAction(action)
        return action

    def _move(self, move: Callable[[list[Task]], None]) -> None:
        tasks = self._selection.waiting(self._view.queueModel.schedule)
        if tasks:
            move(tasks)
            self._view.showChange()
            current = self._selection.current
            row = self._view.queueModel.rowOf(current) if current is not None else None
            if row is not None:
                self._view.showRow(row)

    def _askNiceness(self) -> None:
        tasks = self._selection.waiting(self._view.queueModel.schedule)
        if not tasks:
            return
        dialog = QInputDialog(self._view)
        dialog.setAttribute(Qt.WA_DeleteOnClose)
        dialog.setWindowTitle("Niceness")
        dialog.setLabelText(f"Niceness of {plural(len(tasks), 'task')}, from -20 (first) to 20 (last):")
        dialog.setInputMode(QInputDialog.IntInput)
        dialog.setIntRange(NICENESS_RANGE.start, NICENESS_RANGE.stop - 1)
        dialog.setIntValue(tasks[0].niceness)
        dialog.intValueSelected.connect(lambda niceness: self._steering.setNiceness(tasks, niceness))
        dialog.open()
        plainButtons(dialog)

    def _pauseOrResume(self) -> None:
        tasks, isPause = self._toPauseOrResume()
        for task in tasks:
            if isPause:
                task.pause()
            else:
                task.resume()
        self._view.showChange()
        self.enable()

    def _cancel(self) -> None:
        waiting = self._selection.waiting(self._view.queueModel.schedule)
        queue = self._steering.queue
        underWay = [task for task in (*queue.held(), *queue.running()) if task in self._selection]
        self._steering.cancel(waiting, underWay)

    def _retry(self) -> None:
        finished = sorted((task for task in self._selection.tasks if task.isFinished), key=lambda task: task.id)
        again = [self._steering.retry(task) for task in finished]
        self._selection.setAll(again)

    def _edit(self) -> None:
        current = self._selection.current
        if current is not None and isinstance(current.call.f, Command):
            self._editAgain(current)

    def _copyCommands(self) -> None:
        tasks = sorted(self._selection.tasks, key=lambda task: task.id)
        calls = [task.call.f.text if isinstance(task.call.f, Command) else task.call.describe() for task in tasks]
        QGuiApplication.clipboard().setText("\n".join(calls))

    def _copyOutput(self) -> None:
        current = self._selection.current
        output = self._finished.outputOf(current) if current is not None else None
        if output is not None:
            QGuiApplication.clipboard().setText(output.text)

    def _details(self) -> None:
        if self._selection.current is not None:
            self._showDetails(self._selection.current)


def canBePaused(task: Task) -> bool:
    """Whether it runs on a worker that can have it stand still."""
    return task.state is TaskState.RUNNING and hasattr(task.worker, "pause")


def _setTip(action: QAction, tip: str) -> None:
    action.setToolTip(f"{tip} ({action.shortcut().toString(QKeySequence.NativeText)})")
