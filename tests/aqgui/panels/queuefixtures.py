# SPDX-License-Identifier: GPL-3.0-or-later
"""A queue panel on a queue in memory."""

from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtTest import QAbstractItemModelTester, QTest
from PyQt5.QtWidgets import QApplication, QUndoStack

from aqgui.gathering import Gathering
from aqgui.models.finished import FinishedTasks
from aqgui.panels.queuepanel import QueuePanel
from aqgui.settings import Settings
from aqlib.testing import MemoryWorker

from ..tasks import Tasks


class Bench:
    """The panel and what is behind it. `show` it when the queue is as the test wants it."""

    def __init__(self, folder, qtbot, workers: int = 1, kind: type[MemoryWorker] = MemoryWorker) -> None:
        self.tasks = Tasks(workers, kind)
        self.queue = self.tasks.queue
        self.clock = self.tasks.clock
        self.gathering = Gathering(self.queue, self.clock)
        self.finished = FinishedTasks(self.queue, ["picture"])
        self.stack = QUndoStack()
        self.settings = Settings(folder / "settings.ini")
        self.panel = QueuePanel(self.queue, self.gathering, self.finished, self.stack, self.settings)
        self.view = self.panel.view
        self.model = self.panel.model
        self.selection = self.panel.selection
        self.tester = QAbstractItemModelTester(self.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
        self.actions = self.panel.actions()
        qtbot.addWidget(self.panel)

    def show(self, width: int = 900, height: int = 500) -> None:
        self.panel.resize(width, height)
        self.panel.show()
        assert QTest.qWaitForWindowExposed(self.panel)
        self.panel.activateWindow()
        self.view.setFocus()
        self.settle()

    def settle(self) -> None:
        """Let the panel show what has happened."""
        self.clock.advance(0.05)
        QApplication.processEvents()

    def close(self) -> None:
        self.panel.hide()
        self.gathering.close()

    @property
    def rows(self) -> list[str]:
        """The names that can be seen."""
        return [task.name for task, _ in self.view.visibleRows()]

    @property
    def selected(self) -> list[str]:
        return sorted(task.name for task in self.selection.tasks)

    def selectedRows(self) -> list[int]:
        """The rows that are painted as selected."""
        return sorted(index.row() for index in self.view.selectionModel().selectedRows())

    def at(self, row: int) -> QPoint:
        """The middle of a row of the window."""
        return self.view.visualRect(self.model.index(row, 1)).center()

    def click(self, row: int, modifiers=Qt.NoModifier) -> None:
        QTest.mouseClick(self.view.viewport(), Qt.LeftButton, modifiers, self.at(row))

    def press(self, key, modifiers=Qt.NoModifier) -> None:
        QTest.keyClick(self.view, key, modifiers)
