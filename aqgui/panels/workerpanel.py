# SPDX-License-Identifier: GPL-3.0-or-later
"""The worker panel: a row a worker, a curve of how busy they were, and what can be done to them."""

from __future__ import annotations

from PyQt5.QtCore import QPoint, Qt, QTimer
from PyQt5.QtGui import QKeySequence, QShowEvent
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QAction,
    QHBoxLayout,
    QLabel,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from aqgui import theme
from aqgui.commands.worker import CommandWorker
from aqgui.gathering import Gathering
from aqgui.icons import icon
from aqgui.models.processes import ProcessUsage
from aqgui.models.utilisation import SAMPLE_EVERY, Utilisation, computes, isPaused
from aqgui.models.workermodel import TITLES, Column, WorkerModel
from aqgui.settings import Settings
from aqgui.texts import plural
from aqgui.workerpool import WorkerPool
from aqlib import ProcessQueue, ProcessWorker, WorkerState
from aqlib.interfaces import Worker

from .columns import FittingColumns, Plan
from .listview import ListView
from .utilisationplot import UtilisationPlot
from .workerdelegate import WorkerDelegate

_COLUMNS = Plan(
    importance=(Column.TASK, Column.WORKER, Column.BUSY, Column.CPU, Column.MEMORY, Column.DONE),
    titles=TITLES,
    samples={
        Column.TASK: "a task", Column.WORKER: "||888 ▸▸ quiet 88 min 88 s", Column.BUSY: "bar Busy %",
        Column.CPU: "1,000", Column.MEMORY: "1,000", Column.DONE: "10,000",
    },
)  # fmt: skip
# The operating system is asked at every so many-th sample.
_USAGE_EVERY = 4


class WorkerPanel(QWidget):
    """What the workers do.

    Args:
        queue: Whose workers they are.
        gathering: Says when something has changed.
        pool: Adds and removes workers.
        settings: Keeps the columns.
    """

    def __init__(
        self,
        queue: ProcessQueue,
        gathering: Gathering,
        pool: WorkerPool,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._queue = queue
        self._gathering = gathering
        self._utilisation = Utilisation(queue)
        self._usage = ProcessUsage()
        self._samples = 0
        self.model = WorkerModel(queue, self._utilisation, self._usage, self)
        self.view = ListView(self.model, WorkerDelegate(), "Workers")
        self.view.setSelectionMode(QAbstractItemView.ExtendedSelection)
        self.view.setContextMenuPolicy(Qt.CustomContextMenu)
        self.view.setTextElideMode(Qt.ElideMiddle)
        self.columns = FittingColumns(self.view, _COLUMNS, settings, "workers")
        self.view.resized.connect(self.columns.fit)
        self.view.customContextMenuRequested.connect(self._openMenu)
        self._summary = QLabel(self)
        self.plot = UtilisationPlot(self._utilisation, self)
        self._actions = self._makeActions()
        self._layOut(pool)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._enable())
        theme.themes.changed.connect(self.plot.dress)
        gathering.listen(self.refresh)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._sample)
        self._timer.start(round(SAMPLE_EVERY * 1000))
        self._utilisation.sample()
        self.refresh()

    def actions(self) -> dict[str, QAction]:  # type: ignore[override]  # by name, as the window needs them
        """What can be done to the chosen workers, by name."""
        return self._actions

    def refresh(self) -> None:
        """Show what has changed, unless the panels are frozen."""
        if self._gathering.isFrozen:
            return
        self.model.refresh()
        self._summary.setText(self._describe())
        self._enable()

    def _describe(self) -> str:
        """How many workers there are, and what they are at."""
        everybody = self._queue.workers()
        workers = [worker for worker in everybody if computes(worker)]
        if not workers:
            return "No workers. Add one with +."
        paused = sum(isPaused(worker) for worker in workers)
        running = sum(worker.state in (WorkerState.BUSY, WorkerState.STOPPING) for worker in workers) - paused
        commands = sum(worker.task is not None for worker in everybody) - sum(w.task is not None for w in workers)
        text = f"{plural(len(workers), 'worker')}, {running} running{f', {paused} paused' if paused else ''}"
        return f"{text}; {plural(commands, 'command')} running" if commands else text

    def showEvent(self, event: QShowEvent) -> None:
        """It can be seen again, and shows what has changed meanwhile."""
        super().showEvent(event)
        self._samples = 0
        self._sample()

    def chosen(self) -> list[Worker]:
        """The workers whose rows are selected."""
        rows = {index.row() for index in self.view.selectionModel().selectedRows()}
        return [self.model.workerAt(row) for row in sorted(rows)]

    def restart(self) -> None:
        """Have the chosen workers go on in new processes when their tasks have ended."""
        for worker in self.chosen():
            if isinstance(worker, ProcessWorker):
                self._queue.restartWorker(worker)

    def kill(self) -> None:
        """End the processes of the chosen workers and commands at once."""
        for worker in self.chosen():
            if isinstance(worker, ProcessWorker):
                self._queue.killWorker(worker)
            elif isinstance(worker, CommandWorker):
                worker.kill()

    def _sample(self) -> None:
        """Note how busy the workers are, and show it unless the panels are frozen."""
        self._utilisation.sample()
        if not self.isVisible() or self._gathering.isFrozen:
            return
        if self._samples % _USAGE_EVERY == 0:
            self._lookAtProcesses()
        self._samples += 1
        self.refresh()
        self.plot.refresh([worker.ID for worker in self._queue.workers() if computes(worker)])

    def _lookAtProcesses(self) -> None:
        there = [worker for worker in self._queue.workers() if worker.pid is not None]
        guardians = {worker.pid for worker in there if isinstance(worker, CommandWorker)}
        self._usage.look((worker.pid for worker in there), guardians)

    def _makeActions(self) -> dict[str, QAction]:
        restart, kill = QAction(icon("retry"), "", self), QAction(icon("kill"), "", self)
        for action, keys, tip, slot in (
            (restart, "Ctrl+Shift+R", "Replace the process when its task has finished; no task is lost", self.restart),
            (kill, "Ctrl+Shift+K", "Kill the process now; its task fails, and a new process starts", self.kill),
        ):
            action.setShortcut(keys)
            action.setToolTip(f"{tip} ({action.shortcut().toString(QKeySequence.NativeText)})")
            action.triggered.connect(lambda _=False, slot=slot: slot())
        return {"restartWorker": restart, "killWorker": kill}

    def _enable(self) -> None:
        number = len(self.view.selectionModel().selectedRows())
        which = "the worker" if number < 2 else plural(number, "worker")
        for name, verb in (("restartWorker", "&Restart"), ("killWorker", "&Kill")):
            self._actions[name].setEnabled(number > 0)
            self._actions[name].setText(f"{verb} {which}")

    def _openMenu(self, position: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        menu.addActions(list(self._actions.values()))
        menu.popup(self.view.viewport().mapToGlobal(position))

    def _layOut(self, pool: WorkerPool) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(12, 4, 8, 0)
        line.setSpacing(4)
        line.addWidget(self._summary, 1)
        for name, text, slot in (
            ("remove", "Stop a worker when its task has finished", pool.remove),
            ("add", "Start one more worker process", pool.add),
        ):
            button = QToolButton(self)
            button.setIcon(icon(name))
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.setAutoRaise(True)
            button.clicked.connect(lambda _=False, slot=slot: slot())
            line.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(4)
        layout.addLayout(line)
        layout.addWidget(self.view, 3)
        layout.addWidget(self.plot, 2)
