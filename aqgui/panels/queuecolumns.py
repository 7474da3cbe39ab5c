# SPDX-License-Identifier: GPL-3.0-or-later
"""The columns of the queue panel: how wide they are, and which of them show when there is not room for all."""

from __future__ import annotations

from PyQt5.QtCore import QObject, QPoint, Qt
from PyQt5.QtWidgets import QHeaderView, QMenu, QTreeView

from aqgui.models.describing import TITLES, Column
from aqgui.settings import Settings

# When there is little room, the last of these hide first.
IMPORTANCE = (
    Column.NAME, Column.PLACE, Column.NICENESS, Column.PROGRESS, Column.WORKER, Column.RUNNING, Column.STATE,
    Column.WAITING, Column.GROUP, Column.SERIES,
)  # fmt: skip

# What a column must have room for at first; the name takes what is left.
_SAMPLES = {
    Column.PLACE: "100,000",
    Column.NAME: "a name of twenty letters",
    Column.GROUP: "Mandelbrot view",
    Column.STATE: "suspended",
    Column.NICENESS: "Nice",
    Column.SERIES: "series",
    Column.WORKER: "o process 12",
    Column.PROGRESS: "progress 100%",
    Column.WAITING: "12 min 34 s",
    Column.RUNNING: "12 min 34 s",
}
_MARGINS = 16
_WIDTHS_KEY, _CHOICE_KEY = "queue/widths", "queue/columns"


class QueueColumns(QObject):
    """Sees to the header of a view: least important columns hide by themselves, unless the user has chosen.

    Args:
        view: The view, with its model set. Call `fit` when its width has changed.
        settings: Keeps the widths and the choice.
    """

    def __init__(self, view: QTreeView, settings: Settings) -> None:
        super().__init__(view)
        self._view = view
        self._settings = settings
        self._isFitting = False
        self._choice = _columns(settings.get(_CHOICE_KEY, ""))
        header = view.header()
        header.setSectionResizeMode(QHeaderView.Interactive)
        header.setSectionResizeMode(Column.NAME, QHeaderView.Stretch)
        header.setContextMenuPolicy(Qt.CustomContextMenu)
        header.customContextMenuRequested.connect(self._showMenu)
        header.sectionResized.connect(self._resized)
        self._widths: dict[Column, int] = {}
        self._saved = _widths(settings.get(_WIDTHS_KEY, ""))
        self.adapt()

    @property
    def chosen(self) -> frozenset[Column] | None:
        """The columns that the user wants to see; None when the width decides."""
        return self._choice

    def shown(self) -> list[Column]:
        """The columns that show, from left to right."""
        return [column for column in Column if not self._view.isColumnHidden(column)]

    def adapt(self) -> None:
        """Give the columns their widths: the user's own, or by the font."""
        metrics = self._view.header().fontMetrics()
        self._isFitting = True
        for column in Column:
            texts = (_SAMPLES[column], TITLES[column][0])
            width = max(metrics.horizontalAdvance(text) for text in texts) + _MARGINS
            self._widths[column] = self._saved.get(column, width)
            if column is not Column.NAME:
                self._view.header().resizeSection(column, self._widths[column])
        self._isFitting = False
        self.fit()

    def fit(self) -> None:
        """Show as many columns as there is room for, in the order of their importance, or those that were chosen."""
        wanted = self._choice if self._choice is not None else self._fitting()
        self._isFitting = True
        for column in Column:
            if self._view.isColumnHidden(column) is (column in wanted):
                self._view.setColumnHidden(column, column not in wanted)
        self._isFitting = False

    def choose(self, columns: frozenset[Column] | None) -> None:
        """Show these columns, the name always among them; None: as many as there is room for."""
        self._choice = columns if columns is None else columns | {Column.NAME}
        names = [column.name.lower() for column in sorted(self._choice or ())]
        self._settings.set(_CHOICE_KEY, " ".join(names))
        self.fit()

    def menu(self) -> QMenu:
        """A menu of the columns."""
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WA_DeleteOnClose)
        shown = frozenset(self.shown())
        for column in Column:
            if column is not Column.NAME:
                action = menu.addAction(TITLES[column][0])
                action.setCheckable(True)
                action.setChecked(column in shown)
                action.setToolTip(TITLES[column][1])
                action.toggled.connect(lambda _, column=column: self.choose(shown ^ {column}))
        menu.addSeparator()
        action = menu.addAction("As the width allows")
        action.setCheckable(True)
        action.setChecked(self._choice is None)
        action.toggled.connect(lambda on: self.choose(None if on else shown))
        return menu

    def _showMenu(self, position: QPoint) -> None:
        self.menu().popup(self._view.header().mapToGlobal(position))

    def _fitting(self) -> frozenset[Column]:
        room = self._view.viewport().width() - self._widths[Column.NAME]
        wanted = {Column.NAME}
        for column in IMPORTANCE[1:]:
            room -= self._widths[column]
            if room < 0:
                break
            wanted.add(column)
        return frozenset(wanted)

    def _resized(self, section: int, old: int, new: int) -> None:
        if self._isFitting or not new or section == Column.NAME:
            return
        self._saved[Column(section)] = self._widths[Column(section)] = new
        text = " ".join(f"{column.name.lower()}={width}" for column, width in sorted(self._saved.items()))
        self._settings.set(_WIDTHS_KEY, text)
        if self._choice is None:
            self.fit()


def _columns(text: str) -> frozenset[Column] | None:
    names = {column.name.lower(): column for column in Column}
    found = frozenset(names[name] for name in text.split() if name in names)
    return found or None


def _widths(text: str) -> dict[Column, int]:
    names = {column.name.lower(): column for column in Column}
    widths = {}
    for part in text.split():
        name, _, width = part.partition("=")
        if name in names and width.isdecimal() and 24 <= int(width) <= 2000:
            widths[names[name]] = int(width)
    return widths
