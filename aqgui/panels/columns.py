# SPDX-License-Identifier: GPL-3.0-or-later
"""The columns of a panel's list: how wide they are, and which of them show when there is not room for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any, NamedTuple

from PyQt5.QtCore import QObject, QPoint, Qt
from PyQt5.QtWidgets import QHeaderView, QMenu, QTreeView

from aqgui.settings import Settings

from .cells import MARGIN

# A title that just fits is not cut.
_SLACK = 2


class Plan(NamedTuple):
    """What columns there are.

    Attributes: `importance`, all of them: when there is little room, the last ones hide first, and the first one, which
    takes what room is left, never does; `titles`, the title and the meaning of each; `samples`, what each must have
    room for at first.
    """

    importance: tuple[IntEnum, ...]
    titles: Mapping[Any, tuple[str, str]]
    samples: Mapping[Any, str]


class FittingColumns(QObject):
    """Sees to the header of a view: least important columns hide by themselves, unless the user has chosen.

    Args:
        view: The view, with its model set. Call `fit` when its width has changed.
        plan: Its columns.
        settings: Keeps the widths and the choice.
        name: Under which name.
        reserved: How much of the view's width must be left free, in pixels.
    """

    def __init__(
        self, view: QTreeView, plan: Plan, settings: Settings, name: str, reserved: Callable[[], int] = lambda: 0
    ) -> None:
        super().__init__(view)
        self._view = view
        self._plan = plan
        self._main = plan.importance[0]
        self._settings = settings
        self._widthsKey, self._choiceKey = f"{name}/widths", f"{name}/columns"
        self._reserved = reserved
        self._isFitting = False
        self._byName = {column.name.lower(): column for column in sorted(plan.importance)}
        self._choice = self._savedChoice()
        header = view.header()
        header.setSectionResizeMode(QHeaderView.Interactive)
        header.setSectionResizeMode(self._main, QHeaderView.Stretch)
        header.setContextMenuPolicy(Qt.CustomContextMenu)
        header.customContextMenuRequested.connect(self._showMenu)
        header.sectionResized.connect(self._resized)
        self._widths: dict[IntEnum, int] = {}
        self._saved = self._savedWidths()
        self.adapt()

    @property
    def chosen(self) -> frozenset[IntEnum] | None:
        """The columns that the user wants to see; None when the width decides."""
        return self._choice

    def shown(self) -> list[IntEnum]:
        """The columns that show, from left to right."""
        return [column for column in self._byName.values() if not self._view.isColumnHidden(column)]

    def adapt(self) -> None:
        """Give the columns their widths: the user's own, or by the font."""
        metrics = self._view.header().fontMetrics()
        self._isFitting = True
        for column in self._byName.values():
            texts = (self._plan.samples[column], self._plan.titles[column][0])
            width = max(metrics.horizontalAdvance(text) for text in texts) + 2 * MARGIN + _SLACK
            self._widths[column] = self._saved.get(column, width)
            if column is not self._main:
                self._view.header().resizeSection(column, self._widths[column])
        self._isFitting = False
        self.fit()

    def fit(self) -> None:
        """Show as many columns as there is room for, in the order of their importance, or those that were chosen."""
        wanted = self._choice if self._choice is not None else self._fitting()
        self._isFitting = True
        for column in self._byName.values():
            if self._view.isColumnHidden(column) is (column in wanted):
                self._view.setColumnHidden(column, column not in wanted)
        self._isFitting = False

    def choose(self, columns: frozenset[IntEnum] | None) -> None:
        """Show these columns, the main one always among them; None: as many as there is room for."""
        self._choice = columns if columns is None else columns | {self._main}
        names = [column.name.lower() for column in sorted(self._choice or ())]
        self._settings.set(self._choiceKey, " ".join(names))
        self.fit()

    def menu(self) -> QMenu:
        """A menu of the columns."""
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WA_DeleteOnClose)
        shown = frozenset(self.shown())
        for column in self._byName.values():
            if column is not self._main:
                action = menu.addAction(self._plan.titles[column][0])
                action.setCheckable(True)
                action.setChecked(column in shown)
                action.setToolTip(self._plan.titles[column][1])
                action.toggled.connect(lambda _, column=column: self.choose(shown ^ {column}))
        menu.addSeparator()
        action = menu.addAction("Automatic")
        action.setCheckable(True)
        action.setChecked(self._choice is None)
        action.toggled.connect(lambda on: self.choose(None if on else shown))
        return menu

    def _showMenu(self, position: QPoint) -> None:
        self.menu().popup(self._view.header().mapToGlobal(position))

    def _fitting(self) -> frozenset[IntEnum]:
        room = self._view.viewport().width() - self._reserved() - self._widths[self._main]
        wanted = {self._main}
        for column in self._plan.importance[1:]:
            room -= self._widths[column]
            if room < 0:
                break
            wanted.add(column)
        return frozenset(wanted)

    def _resized(self, section: int, old: int, new: int) -> None:
        if self._isFitting or not new or section == self._main:
            return
        column = next(column for column in self._byName.values() if column == section)
        self._saved[column] = self._widths[column] = new
        text = " ".join(f"{column.name.lower()}={width}" for column, width in sorted(self._saved.items()))
        self._settings.set(self._widthsKey, text)
        if self._choice is None:
            self.fit()

    def _savedChoice(self) -> frozenset[IntEnum] | None:
        names = self._settings.get(self._choiceKey, "").split()
        return frozenset(self._byName[name] for name in names if name in self._byName) or None

    def _savedWidths(self) -> dict[IntEnum, int]:
        widths = {}
        for part in self._settings.get(self._widthsKey, "").split():
            name, _, width = part.partition("=")
            if name in self._byName and width.isdecimal() and 24 <= int(width) <= 2000:
                widths[self._byName[name]] = int(width)
        return widths
