# SPDX-License-Identifier: GPL-3.0-or-later
"""The line above the tasks: a field to search them with, and which states to show."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QRectF, Qt, pyqtSignal
from PyQt5.QtGui import QIcon, QKeyEvent, QPainter, QPixmap
from PyQt5.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QToolButton, QWidget

from aqgui import theme
from aqgui.icons import icon
from aqgui.models.filtering import STATE_GROUPS, Filter
from aqgui.shapes import paintState
from aqlib import TaskState

# The state whose shape stands for a group of states.
_SHAPES = dict(
    zip(
        STATE_GROUPS,
        (
            TaskState.RUNNING, TaskState.WAITING, TaskState.HELD, TaskState.DONE, TaskState.FAILED,
            TaskState.CANCELLED,
        ),
        strict=True,
    )
)  # fmt: skip


class QueueSearch(QWidget):
    """What to show of the queue."""

    changed = pyqtSignal(object)
    left = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QLineEdit(self)
        self.field.setPlaceholderText("Search")
        self.field.setToolTip("Show tasks that have all of these words in name, group, series or worker")
        self.field.setAccessibleName("Search the tasks")
        self.field.setClearButtonEnabled(True)
        self.field.addAction(icon("search"), QLineEdit.LeadingPosition)
        self.field.textChanged.connect(self._tell)
        self.field.installEventFilter(self)
        self._menu = QMenu(self)
        self._states = {}
        for group in STATE_GROUPS:
            action = self._menu.addAction(group)
            action.setCheckable(True)
            action.setChecked(True)
            action.toggled.connect(self._tell)
            self._states[group] = action
        self._menu.addSeparator()
        self._all = self._menu.addAction("All states")
        self._all.triggered.connect(self._showAll)
        self.states = QToolButton(self)
        self.states.setToolTip("Which states to show")
        self.states.setAccessibleName("Which states to show")
        self.states.setIcon(icon("filter"))
        self.states.setToolButtonStyle(Qt.ToolButtonTextBesideIcon)
        self.states.setAutoRaise(True)
        self.states.clicked.connect(self._openMenu)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.field, 1)
        layout.addWidget(self.states)
        self._sayStates()
        self._dress()
        theme.themes.changed.connect(self._dress)

    def filter(self) -> Filter:
        """What was chosen."""
        chosen = [states for group, states in STATE_GROUPS.items() if self._states[group].isChecked()]
        return Filter(frozenset().union(*chosen), self.field.text())

    def clear(self) -> None:
        """Show all."""
        self.field.clear()
        self._showAll()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Escape and Down leave the field: Escape shows all again, Down goes to what was found."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.KeyPress:
            if event.key() == Qt.Key_Escape:
                self.field.clear()
            if event.key() in (Qt.Key_Escape, Qt.Key_Down, Qt.Key_Return, Qt.Key_Enter):
                self.left.emit()
                return True
        return False

    def _openMenu(self) -> None:
        self._menu.popup(self.states.mapToGlobal(self.states.rect().bottomLeft()))

    def _showAll(self) -> None:
        for action in self._states.values():
            action.setChecked(True)

    def _tell(self) -> None:
        self._sayStates()
        self.changed.emit(self.filter())

    def _sayStates(self) -> None:
        chosen = [group for group, action in self._states.items() if action.isChecked()]
        if len(chosen) == len(self._states):
            self.states.setText("All states")
        elif len(chosen) == 1:
            self.states.setText(chosen[0])
        else:
            self.states.setText(f"{len(chosen)} of {len(self._states)} states")
        self._all.setEnabled(len(chosen) < len(self._states))

    def _dress(self) -> None:
        for group, action in self._states.items():
            action.setIcon(_shapeIcon(_SHAPES[group]))


def _shapeIcon(state: TaskState) -> QIcon:
    colours = theme.current()
    made = QIcon()
    for side in (16, 32):
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.transparent)
        painter = QPainter(pixmap)
        paintState(painter, QRectF(1, 1, side - 2, side - 2), state, theme.stateColour(state, colours))
        painter.end()
        made.addPixmap(pixmap)
    return made
