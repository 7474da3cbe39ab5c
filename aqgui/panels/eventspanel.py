# SPDX-License-Identifier: GPL-3.0-or-later
"""The events log as a list; the details of the chosen event stand below it."""

from __future__ import annotations

import time

from PyQt5.QtCore import QSize, Qt
from PyQt5.QtGui import QFontDatabase
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from aqgui.gathering import Gathering
from aqgui.icons import icon
from aqgui.models.eventmodel import EventModel
from aqgui.models.events import EventLog
from aqgui.texts import plural

from .cells import MARGIN, CellDelegate, rowHeight
from .listview import ListView


class EventsPanel(QWidget):
    """Shows an EventLog, the newest event last."""

    def __init__(self, log: EventLog, gathering: Gathering, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.log = log
        self._gathering = gathering
        self.model = EventModel(log, time.localtime, self)
        self.view = ListView(self.model, CellDelegate(), "Events")
        self.view.setSelectionMode(QAbstractItemView.SingleSelection)
        self.view.header().resizeSection(0, self.fontMetrics().horizontalAdvance("88:88:88") + 4 * MARGIN)
        self.view.header().setSectionResizeMode(1, QHeaderView.Stretch)
        self.view.selectionModel().currentChanged.connect(lambda index, _: self._showDetails(index.row()))
        self._details = QPlainTextEdit(self)
        self._details.setReadOnly(True)
        self._details.setFrameShape(QPlainTextEdit.NoFrame)
        self._details.setFont(QFontDatabase.systemFont(QFontDatabase.FixedFont))
        self._details.setAccessibleName("Details of the event")
        self._details.hide()
        self._summary = QLabel(self)
        self._layOut()
        gathering.listen(self.refresh)
        self.refresh()

    def sizeHint(self) -> QSize:
        """Low, so that the picture keeps its height."""
        return QSize(super().sizeHint().width(), 8 * rowHeight(self.fontMetrics()))

    def refresh(self) -> None:
        """Show what has been added, unless the panels are frozen."""
        if self._gathering.isFrozen:
            return
        bar = self.view.verticalScrollBar()
        wasAtEnd = bar.value() == bar.maximum()
        self.model.refresh()
        number = self.model.rowCount()
        self._summary.setText(plural(number, "event") if number else "No events.")
        if wasAtEnd:
            self.view.scrollToBottom()

    def clear(self) -> None:
        """Forget all events."""
        self.log.clear()
        self.refresh()
        self._details.hide()

    def _showDetails(self, row: int) -> None:
        details = self.model.detailsOf(row) if row >= 0 else ""
        self._details.setPlainText(details)
        self._details.setVisible(bool(details))

    def _layOut(self) -> None:
        clear = QToolButton(self)
        clear.setIcon(icon("clear"))
        clear.setToolTip("Forget all events")
        clear.setAccessibleName("Forget all events")
        clear.setAutoRaise(True)
        clear.clicked.connect(self.clear)
        line = QHBoxLayout()
        line.setContentsMargins(12, 4, 8, 0)
        line.addWidget(self._summary, 1)
        line.addWidget(clear)
        parts = QSplitter(Qt.Horizontal, self)
        parts.addWidget(self.view)
        parts.addWidget(self._details)
        parts.setSizes([600, 400])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(line)
        layout.addWidget(parts, 1)
