# SPDX-License-Identifier: GPL-3.0-or-later
"""TaskDetails: all there is to know of one task, live while it runs."""

from __future__ import annotations

from typing import Any

from PyQt5.QtCore import QRectF, QSize, Qt, QTimer
from PyQt5.QtGui import (
    QCloseEvent,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QTextCursor,
)
from PyQt5.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QShortcut,
    QVBoxLayout,
    QWidget,
)

from aqgui import theme
from aqgui.commands.command import Command
from aqgui.commands.worker import CommandWorker
from aqgui.dialogs import plainButtons
from aqgui.gathering import Gathering
from aqgui.icons import icon
from aqgui.models.describing import exitStatus, figure, progressText, runningTime, waitingTime
from aqgui.models.failures import explain
from aqgui.models.finished import FinishedTasks
from aqgui.models.processes import ProcessUsage
from aqgui.models.workermodel import workerText
from aqgui.shapes import paintState
from aqgui.texts import count, duration, megabytes
from aqlib import Task, TaskState

from .outputpane import OutputPane

_FIRST_SIZE = QSize(640, 520)
_RAN = "Ran for"


class TaskDetails(QDialog):
    """Shows a task: `show()` it, it is not modal and goes when it is closed.

    Args:
        task: Which one.
        queue: Where it is.
        finished: Has what it printed.
        gathering: Says when something has changed.
    """

    def __init__(
        self,
        task: Task,
        queue: Any,
        finished: FinishedTasks,
        gathering: Gathering,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._task = task
        self._queue = queue
        self._finished = finished
        self._gathering = gathering
        self.setAttribute(Qt.WA_DeleteOnClose)
        self.setWindowTitle(f"{task.name} — task {task.id}")
        self._shape = _StateShape(self)
        self._state = QLabel(self)
        self._facts = QGridLayout()
        self._factLabels: dict[str, QLabel] = {}
        self._titles: dict[str, QLabel] = {}
        command = task.call.f if isinstance(task.call.f, Command) else None
        self._texts = {title: _Text(title, self) for title in ("Command", "Call", "Traceback")}
        self._texts["Command"].show_(command.text if command is not None else "")
        self._texts["Call"].show_(task.call.describe() if command is None else "")
        self._output = OutputPane(queue.reactor, self)
        self._usage = ProcessUsage()
        self._layOut()
        self.refresh()
        self.resize(_FIRST_SIZE)
        gathering.listen(self.refresh)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._timer.start(1000)
        self.finished.connect(lambda _: self._leave())

    def refresh(self) -> None:
        """Show what is known now."""
        task = self._task
        self._state.setText(self._stateText())
        self._shape.show_(task.state)
        for name, value in self._known().items():
            self._showFact(name, value)
        self._output.show_(self._finished.outputOf(task))
        self._texts["Traceback"].show_(traceback(task))

    def _tick(self) -> None:
        """Times go on, until the task has ended."""
        if self._task.isFinished:
            self._timer.stop()
        elif not self._gathering.isFrozen:
            self._sample()
            self.refresh()

    def text(self) -> str:
        """All of it as plain text, to copy."""
        lines = [f"Task {self._task.id}: {self._task.name}", f"State: {self._stateText()}"]
        lines += [f"{self._titleOf(name)}: {value}" for name, value in self._known().items()]
        output = self._finished.outputOf(self._task)
        texts = {title: view.text for title, view in self._texts.items()}
        texts["Output"] = output.text if output is not None else ""
        for title, text in texts.items():
            if text:
                lines += ["", f"{title}:", text]
        return "\n".join(lines)

    def closeEvent(self, event: QCloseEvent) -> None:
        """It looks no more."""
        self._leave()
        super().closeEvent(event)

    def _leave(self) -> None:
        self._gathering.ignore(self.refresh)
        self._output.stop()

    def _stateText(self) -> str:
        isQuarantined = self._task in self._queue.quarantined
        return f"{self._task.state.value}{', in quarantine' if isQuarantined else ''}"

    def _known(self) -> dict[str, str]:
        task, now = self._task, self._queue.reactor.seconds()
        schedule, limit = self._queue.schedule, task.options.memoryLimit
        command = task.call.f
        known = {
            "Folder": command.folder if isinstance(command, Command) else "",
            "Exit status": exitStatus(task),
            "Place": count(schedule.rowOf(task) + 1) if task in schedule else "",
            "Group": task.group or "",
            "Series": "" if task.series is None else str(task.series),
            "Niceness": figure(task.niceness),
            "Worker": workerText(task.worker) if task.worker is not None else "",
            "Progress": progressText(task),
            "Attempts": count(task.attempts) if task.retries else "",
            "Waited": duration(waitingTime(task, now)),
            _RAN: duration(runningTime(task, now)) if task.startedAt is not None else "",
            "CPU time": duration(task.cpuTime) if task.cpuTime is not None else "",
            **self._usageNow(),
            "Memory limit": f"{megabytes(limit)} MB" if limit is not None else "",
            "Result": f"{count(task.resultSize)} bytes" if task.resultSize is not None else "",
        }
        return {name: value for name, value in known.items() if value or name in self._factLabels}

    def _usageNow(self) -> dict[str, str]:
        """What the processes of a running command use, by the last sample."""
        worker = self._task.worker
        usage = self._usage.of(worker.pid) if isinstance(worker, CommandWorker) and self._task.isRunning else None
        if usage is None:
            return {"CPU": "", "Memory": ""}
        return {
            "CPU time": duration(usage.seconds),
            "CPU": f"{usage.cpu:.0f} % of a core",
            "Memory": f"{megabytes(usage.memory)} MB",
        }

    def _sample(self) -> None:
        worker = self._task.worker
        if isinstance(worker, CommandWorker) and worker.task is self._task and worker.pid is not None:
            self._usage.look([worker.pid], [worker.pid])

    def _titleOf(self, name: str) -> str:
        return "Running for" if name == _RAN and not self._task.isFinished else name

    def _showFact(self, name: str, value: str) -> None:
        if name not in self._factLabels:
            number = len(self._factLabels)
            title = self._titles[name] = QLabel(self)
            title.setForegroundRole(QPalette.PlaceholderText)
            label = QLabel(self)
            label.setTextInteractionFlags(Qt.TextSelectableByMouse)
            self._facts.addWidget(title, number // 2, number % 2 * 2)
            self._facts.addWidget(label, number // 2, number % 2 * 2 + 1)
            self._factLabels[name] = label
        self._titles[name].setText(self._titleOf(name))
        label = self._factLabels[name]
        if label.text() != (value or "–"):
            label.setText(value or "–")

    def _layOut(self) -> None:
        name = QLabel(self._task.name, self)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.25)
        name.setFont(font)
        name.setTextInteractionFlags(Qt.TextSelectableByMouse)
        name.setWordWrap(True)
        self._state.setForegroundRole(QPalette.PlaceholderText)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._shape)
        head.addWidget(name, 1)
        head.addWidget(self._state)
        self._facts.setHorizontalSpacing(12)
        self._facts.setVerticalSpacing(4)
        self._facts.setColumnStretch(1, 1)
        self._facts.setColumnStretch(3, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.Close, self)
        plainButtons(self)
        copy = buttons.addButton("&Copy all", QDialogButtonBox.ActionRole)
        copy.setIcon(icon("copy"))
        copy.setToolTip("Copy all that stands here as text")
        copy.clicked.connect(lambda _=False: QGuiApplication.clipboard().setText(self.text()))
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addLayout(self._facts)
        layout.addWidget(self._texts["Command"], 1)
        layout.addWidget(self._texts["Call"], 1)
        layout.addWidget(self._output, 4)
        layout.addWidget(self._texts["Traceback"], 3)
        layout.addStretch()
        QShortcut(QKeySequence.Find, self, self._output.beginSearch)
        layout.addWidget(buttons)


def traceback(task: Task) -> str:
    """What went wrong in a task, with the remote traceback where there is one; nothing for one that did not fail."""
    return explain(task.failure) if task.failure is not None and task.isFinished else ""


class _StateShape(QWidget):
    """The shape of a task's state."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown = TaskState.WAITING
        side = self.fontMetrics().height()
        self.setFixedSize(side, side)

    def show_(self, state: TaskState) -> None:
        """Show another one."""
        self._shown = state
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        paintState(painter, QRectF(self.rect()), self._shown, theme.stateColour(self._shown, theme.current()))


class _Text(QWidget):
    """A title and a text in a fixed-width font, to read and copy. It hides while there is none."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.text = ""
        label = QLabel(title, self)
        label.setForegroundRole(QPalette.PlaceholderText)
        self._view = QPlainTextEdit(self)
        self._view.setReadOnly(True)
        self._view.setAccessibleName(title)
        self._view.setFont(QFontDatabase.systemFont(QFontDatabase.FixedFont))
        self._view.setMinimumHeight(self._view.fontMetrics().height() * 3)
        label.setBuddy(self._view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(label)
        layout.addWidget(self._view, 1)
        self.hide()

    def show_(self, text: str) -> None:
        """Show it; what is selected, and how far it was scrolled, stays when it only grows."""
        if text == self.text:
            return
        bar = self._view.verticalScrollBar()
        wasAtEnd, position = bar.value() == bar.maximum(), bar.value()
        if self.text and text.startswith(self.text):
            cursor = QTextCursor(self._view.document())
            cursor.movePosition(QTextCursor.End)
            cursor.insertText(text[len(self.text) :])
        else:
            self._view.setPlainText(text)
        bar.setValue(bar.maximum() if wasAtEnd and self.text else position)
        self.text = text
        self.setVisible(bool(text))
