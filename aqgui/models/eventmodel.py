# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of the events panel: the time and the text of each event, the newest last."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PyQt5.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from PyQt5.QtGui import QColor

from aqgui import theme

from .events import Event, EventLog, Severity

_HEADERS = ("Time", "Event")
_MARKS = {Severity.INFO: "", Severity.WARNING: "⚠ ", Severity.ERROR: "✕ "}


class EventModel(QAbstractTableModel):
    """A window on an EventLog, as it was at the last `refresh`.

    Args:
        localTime: Turns seconds of the Unix epoch into a local time.
    """

    def __init__(
        self, log: EventLog, localTime: Callable[[float], time.struct_time], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._log = log
        self._localTime = localTime
        self._events: list[Event] = []

    def refresh(self) -> None:
        """Show what has come since."""
        events = list(self._log.events)
        known = len(self._events)
        if events[:known] != self._events:
            # Some were forgotten: that is seldom, and then all is new.
            self.beginResetModel()
            self._events = events
            self.endResetModel()
        elif len(events) > known:
            self.beginInsertRows(QModelIndex(), known, len(events) - 1)
            self._events = events
            self.endInsertRows()

    def detailsOf(self, row: int) -> str:
        """What there is to say of an event besides its text."""
        return self._events[row].details

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many events there are."""
        return 0 if parent.isValid() else len(self._events)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Time and text."""
        return 0 if parent.isValid() else len(_HEADERS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.DisplayRole) -> Any:
        """The columns' names."""
        return _HEADERS[section] if orientation == Qt.Horizontal and role == Qt.DisplayRole else None

    def data(self, index: QModelIndex, role: int = Qt.DisplayRole) -> Any:
        """What stands in a cell."""
        if not index.isValid():
            return None
        event = self._events[index.row()]
        if role == Qt.DisplayRole:
            if index.column() == 0:
                return time.strftime("%H:%M:%S", self._localTime(event.time))
            return _MARKS[event.severity] + event.text
        if role == Qt.ToolTipRole:
            return event.text
        if role == Qt.ForegroundRole:
            return _colour(event.severity)
        return None


def _colour(severity: Severity) -> QColor:
    current = theme.current()
    return {Severity.ERROR: current.bad, Severity.WARNING: current.warn}.get(severity, current.text)
