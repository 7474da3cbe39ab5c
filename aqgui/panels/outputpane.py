# SPDX-License-Identifier: GPL-3.0-or-later
"""OutputPane: a task's output with a field to find text in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QKeySequence, QPalette
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QShortcut, QToolButton, QVBoxLayout, QWidget

from aqgui.icons import icon
from aqgui.models.slices import SlicedWork
from aqgui.models.taskoutput import TaskOutput

from .outputview import OutputView


class OutputPane(QWidget):
    """The title, the field to find text, and the output. It hides while there is none.

    Args:
        reactor: Runs a search in slices, until `stop`.
    """

    def __init__(self, reactor: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reactor = reactor
        self._work: SlicedWork | None = None
        self._isFound = False
        self._shownSize = -1
        self.view = OutputView(self)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Find (Ctrl+F)")
        self.search.setAccessibleName("Find in the output")
        self.search.setClearButtonEnabled(True)
        self._found = QLabel(self)
        self._found.setForegroundRole(QPalette.PlaceholderText)
        title = QLabel("Output", self)
        title.setForegroundRole(QPalette.PlaceholderText)
        title.setBuddy(self.view)
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(title)
        line.addStretch()
        line.addWidget(self._found)
        line.addWidget(self.search)
        for name, tip, keys, isBackward in (
            ("up", "Find the previous one", "Shift+F3", True), ("down", "Find the next one", "F3", False),
        ):  # fmt: skip
            button = QToolButton(self)
            button.setIcon(icon(name))
            button.setAutoRaise(True)
            button.setToolTip(f"{tip} ({keys})")
            button.setAccessibleName(tip)
            button.clicked.connect(lambda _=False, isBackward=isBackward: self.findText(isBackward))
            QShortcut(QKeySequence(keys), self, lambda isBackward=isBackward: self.findText(isBackward))
            line.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(line)
        layout.addWidget(self.view, 1)
        self.search.returnPressed.connect(lambda: self.findText(False))
        self.search.textEdited.connect(self._edited)
        self.hide()

    def show_(self, output: TaskOutput | None) -> None:
        """Show it, or what has been added to it."""
        size = output.size if output is not None else 0
        if size != self._shownSize:
            self._shownSize = size
            self.view.show_(output)
            self.setVisible(size > 0)

    def findText(self, isBackward: bool) -> None:
        """Find the next or the previous place of the text in the field."""
        self.stop()
        self._isFound = not self.search.text()
        self._found.setText("Searching…")
        self._work = SlicedWork(self._reactor, self._searchSteps(isBackward), self._showFound)

    def _edited(self) -> None:
        self.stop()
        self._found.clear()

    def stop(self) -> None:
        """Search no more."""
        if self._work is not None:
            self._work.stop()

    def _searchSteps(self, isBackward: bool) -> Iterator[None]:
        for isFound in self.view.searchSteps(self.search.text(), isBackward):
            self._isFound = isFound
            yield

    def _showFound(self) -> None:
        self._found.setText("" if self._isFound else "Not found")

    def beginSearch(self) -> None:
        """Give the field the keyboard."""
        self.search.setFocus(Qt.ShortcutFocusReason)
        self.search.selectAll()
