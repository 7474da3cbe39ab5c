# SPDX-License-Identifier: GPL-3.0-or-later
"""The queue panel: the tasks, and what can be done to them."""

from __future__ import annotations

from typing import Any

from PyQt5.QtCore import QEvent, QPoint, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QHideEvent, QShowEvent
from PyQt5.QtWidgets import QAction, QHBoxLayout, QMenu, QToolButton, QUndoStack, QVBoxLayout, QWidget

from aqgui import theme
from aqgui.gathering import Gathering
from aqgui.icons import icon
from aqgui.models.describing import TITLES, Column
from aqgui.models.filtering import Filter
from aqgui.models.finished import FinishedTasks
from aqgui.models.queuemodel import QueueModel
from aqgui.models.selection import TaskSelection
from aqgui.settings import Settings
from aqgui.undo import Steering
from aqlib import Task, TaskState

from .columns import FittingColumns, Plan
from .queueactions import QueueActions
from .queuenotes import Counts, Note, Summaries
from .queuesearch import QueueSearch
from .queueview import QueueView
from .taskdetails import TaskDetails

_TICK = 1000  # milliseconds: times are shown anew

COLUMNS = Plan(
    importance=(
        Column.NAME, Column.PLACE, Column.STATE, Column.PROGRESS, Column.NICENESS, Column.WORKER, Column.RUNNING,
        Column.WAITING, Column.GROUP, Column.EXIT, Column.STARTED, Column.SERIES,
    ),
    titles=TITLES,
    samples={
        Column.PLACE: "10,000", Column.NAME: "nearly twenty chars", Column.GROUP: "Mandelbrot view",
        Column.STATE: "suspended", Column.NICENESS: "−20", Column.SERIES: "series", Column.WORKER: "o process 12",
        Column.PROGRESS: "a bar 100%", Column.WAITING: "12 min 34 s", Column.RUNNING: "12 min 34 s",
        Column.EXIT: "SIGTERM", Column.STARTED: "88:88:88",
    },
)  # fmt: skip

_MENU = (
    "details", None, "top", "up", "down", "bottom", None, "niceness", None, "pauseTask", "cancel", "retry",
    "editAgain", None, "copyCommand", "copyOutput", None, "selectAll", "clearFinished",
)  # fmt: skip


class QueuePanel(QWidget):
    """Shows the tasks of a queue. While it is hidden it does nothing.

    Args:
        queue: Whose tasks.
        gathering: Says when something has changed.
        finished: The finished tasks; it is to tell the panel which ones it forgets.
        undoStack: Where moves, changes of niceness and cancels go.
        settings: Keeps the columns.

    Signals: `addWanted`, when the user wants to add work; `editWanted(task)`, when a command is to be edited and run
    again.

    Attributes: `queue`; `view`, the tree view; `model`; `selection`.
    """

    addWanted = pyqtSignal()
    editWanted = pyqtSignal(object)

    def __init__(
        self,
        queue: Any,
        gathering: Gathering,
        finished: FinishedTasks,
        undoStack: QUndoStack,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.queue = queue
        self._gathering = gathering
        self._finished = finished
        self._details: dict[Task, TaskDetails] = {}
        self.selection = TaskSelection(self)
        finished.forgotten = self.selection.discard
        steering = Steering(queue, undoStack, self.selection.replace, tuple(finished.summaries))
        self.model = QueueModel(queue, finished, steering, self)
        self.view = QueueView(self.model, self.selection, self)
        self.columns = FittingColumns(self.view, COLUMNS, settings, "queue", self.view.reservedWidth)
        self._actions = QueueActions(self.view, steering, finished, self.showDetails, self.editWanted.emit)
        self._search = QueueSearch(self)
        self._counts = Counts(self)
        self._note = Note(self)
        self._summaries = Summaries(finished, self._changed, self._search.states, self)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK)
        self._layOut()
        self._connect()

    def actions(self) -> dict[str, QAction]:  # type: ignore[override]  # by name, as the window needs them
        """What can be done to the selected tasks, by name."""
        return self._actions.byName

    def search(self) -> None:
        """Put the keyboard into the search field."""
        self._search.field.setFocus(Qt.ShortcutFocusReason)
        self._search.field.selectAll()

    def refresh(self) -> None:
        """Show what has changed, if anybody can see it."""
        if not self.isVisible():
            return
        isFrozen = self._gathering.isFrozen
        if isFrozen and not self.model.isHeld:
            self.model.hold()
        elif not isFrozen:
            if self.model.isHeld and not self.view.isDragging:
                self.model.release()
            self._summaries.update_()
            self.view.updateRows()
        dropped, droppedFailures = self._finished.dropped, self._finished.droppedFailures
        self._note.show_(self.queue.degradedReason, self.queue.isPaused, isFrozen, dropped, droppedFailures)
        self._showCounts()
        self._actions.enable()
        self._keepTime()

    def showDetails(self, task: Task) -> None:
        """Show all there is to know of a task, in a window of its own."""
        dialog = self._details.get(task)
        if dialog is None:
            dialog = TaskDetails(task, self.queue, self._finished, self._gathering, self)
            dialog.destroyed.connect(lambda _=None: self._details.pop(task, None))
            self._details[task] = dialog
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def showEvent(self, event: QShowEvent) -> None:
        """It can be seen again, and shows what has changed meanwhile."""
        super().showEvent(event)
        self.model.mark()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody sees it."""
        super().hideEvent(event)
        self._timer.stop()
        self.model.rest()

    def changeEvent(self, event: QEvent) -> None:
        """Another font has columns of another width."""
        super().changeEvent(event)
        if event.type() == QEvent.FontChange and hasattr(self, "columns"):
            self.columns.adapt()

    def _connect(self) -> None:
        self._gathering.listen(self._gathered)
        self._timer.timeout.connect(self._tick)
        self.selection.changed.connect(self._showCounts)
        self.model.foundMore.connect(self._found)
        self.view.resized.connect(self.columns.fit)
        self.view.detailsWanted.connect(self.showDetails)
        self.view.setContextMenuPolicy(Qt.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._openMenu)
        self._search.changed.connect(self._filter)
        self._search.left.connect(self.view.setFocus)
        self._actions.byName["clearFinished"].triggered.connect(self._changed)
        theme.themes.changed.connect(self.refresh)

    def _gathered(self) -> None:
        if self.isVisible() and not self._gathering.isFrozen:
            self.model.mark()
        self.refresh()

    def _filter(self, filter: Filter) -> None:
        self.model.setFilter(filter)
        self.view.bar.setValue(0)
        self.refresh()

    def _changed(self) -> None:
        """The user has changed what there is to see."""
        self.model.mark()
        self._summaries.update_()
        self.view.showChange()
        self.refresh()

    def _found(self) -> None:
        if self._gathering.isFrozen:
            self.view.showChange()
            self._showCounts()
        else:
            self._gathering.mark()

    def _tick(self) -> None:
        if not self._gathering.isFrozen:
            self.view.updateRows()
        self._keepTime()

    def _keepTime(self) -> None:
        """Times go on only while a task is held, waits or runs, and somebody sees it."""
        goesOn = self.isVisible() and not self.queue.dispatcher.isIdle
        if goesOn and not self._timer.isActive():
            self._timer.start()
        elif not goesOn:
            self._timer.stop()

    def _showCounts(self) -> None:
        isFiltered = bool(self.model.filter)
        running = self.queue.running()
        paused = sum(task.state is TaskState.PAUSED for task in running)
        self._counts.show_(
            len(running) - paused,
            paused,
            len(self.queue.schedule),
            len(self.queue.dispatcher.holding),
            self._finished.failed,
            self.model.total if isFiltered else None,
            len(self.selection),
        )
        self._add.setVisible(not isFiltered and not self.model.isFiltering and self.model.total == 0)
        if self.model.isFiltering:
            self.view.emptyText = "Searching…"
        elif isFiltered:
            self.view.emptyText = "No task matches. Press Esc in the search field, or choose All states."
        else:
            self.view.emptyText = "Nothing to do. Zoom with the wheel, or add work with Ctrl+N."

    def _openMenu(self, position: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for name in _MENU:
            if name is None:
                menu.addSeparator()
            else:
                menu.addAction(self._actions.byName[name])
        menu.popup(self.view.viewport().mapToGlobal(position))

    def _layOut(self) -> None:
        self._add = QToolButton(self.view.viewport())
        self._add.setText("Add work…")
        self._add.setIcon(icon("add"))
        self._add.setAccessibleName("Add work")
        self._add.setToolButtonStyle(Qt.ToolButtonTextBesideIcon)
        self._add.setToolTip("Queue commands (Ctrl+N)")
        self._add.clicked.connect(lambda _=False: self.addWanted.emit())
        place = QVBoxLayout(self.view.viewport())
        place.addStretch(2)
        place.addWidget(self._add, 0, Qt.AlignHCenter)
        place.addStretch(1)
        clear = QToolButton(self)
        clear.setDefaultAction(self._actions.byName["clearFinished"])
        clear.setAutoRaise(True)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self._counts, 1)
        head.addWidget(clear)
        lines = QVBoxLayout()
        lines.setContentsMargins(12, 4, 8, 0)
        lines.setSpacing(4)
        lines.addLayout(head)
        lines.addWidget(self._search)
        lines.addWidget(self._note)
        lines.addWidget(self._summaries)
        rows = QHBoxLayout()
        rows.setSpacing(0)
        rows.addWidget(self.view, 1)
        rows.addWidget(self.view.bar)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(lines)
        layout.addLayout(rows, 1)
        QWidget.setTabOrder(self._search.field, self._search.states)
        QWidget.setTabOrder(self._search.states, self.view)
