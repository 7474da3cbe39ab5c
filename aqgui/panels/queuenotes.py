# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines above the tasks: how many there are, what the queue is not doing and why, and what pieces there were."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QPalette
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from aqgui import theme
from aqgui.elided import ElidedLabel
from aqgui.models.finished import FinishedTasks, GroupSummary
from aqgui.texts import count, plural


def coloured(text: str, colour: str) -> str:
    """Rich text in one of the theme's colours, named by its role."""
    return f'<span style="color:{getattr(theme.current(), colour).name()}">{escape(text)}</span>'


class Counts(QLabel):
    """'2 running · 1 paused · 431 waiting · 5 held · 3 failed', and what a filter leaves of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.RichText)
        self.setAccessibleName("Numbers of tasks")

    def show_(
        self, running: int, paused: int, waiting: int, held: int, failed: int, shown: int | None, selected: int
    ) -> None:
        """Say it.

        Args:
            shown: How many the filter shows; None without a filter.
            selected: How many are selected.
        """
        parts = [escape(f"{count(running)} running")]
        if paused:
            parts.append(coloured(f"{count(paused)} paused", "warn"))
        parts.append(escape(f"{count(waiting)} waiting"))
        if held:
            parts.append(escape(f"{count(held)} held"))
        if failed:
            parts.append(coloured(f"{count(failed)} failed", "bad"))
        if shown is not None:
            parts.append(coloured(f"{count(shown)} shown", "accent"))
        if selected > 1:
            parts.append(coloured(f"{count(selected)} selected", "muted"))
        text = coloured(" · ", "muted").join(parts)
        if text != self.text():
            self.setText(text)
            self.setToolTip(text)  # a narrow panel cuts it off


class Note(QLabel):
    """What the user should know about the queue as a whole. It takes no room when there is nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.RichText)
        self.setAccessibleName("State of the queue")
        self.hide()

    def show_(self, degraded: str | None, isPaused: bool, isFrozen: bool, dropped: int, droppedFailures: int) -> None:
        """Say it.

        Args:
            dropped: Number of finished tasks that the list has dropped.
            droppedFailures: Number of these that failed.
        """
        lines = []
        if degraded is not None:
            lines.append(coloured(f"The workers failed: {degraded} Add a worker to try again.", "bad"))
        if isPaused:
            lines.append(coloured("Paused. Waiting tasks start when you resume.", "warn"))
        if isFrozen:
            lines.append(coloured("Panels frozen; the queue keeps running.", "warn"))
        if dropped:
            failures = f", {count(droppedFailures)} of them failed" if droppedFailures else ""
            tasks = plural(dropped, "older finished task")
            lines.append(coloured(f"{tasks} dropped from the list{failures}.", "muted"))
        text = "<br>".join(lines)
        if text != self.text():
            self.setText(text)
        self.setVisible(bool(lines))


class Summaries(QWidget):
    """A line for each group whose finished pieces are counted and not shown, with a button that shows them.

    Args:
        changed: Called when the user shows or hides some.
        before: What the keyboard comes from by Tab.
    """

    def __init__(
        self, finished: FinishedTasks, changed: Callable[[], None], before: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._before = before
        self._finished = finished
        self._changed = changed
        self._lines: dict[str, tuple[QWidget, QLabel]] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self.hide()

    def update_(self) -> None:
        """Show what the counts are now."""
        for name, summary in self._finished.summaries.items():
            text = summarise(summary)
            if name not in self._lines:
                self._lines[name] = self._add(name)
            line, label = self._lines[name]
            if text != label.text():
                label.setText(text)
                label.setToolTip(text)
            line.setVisible(bool(text))
        self.setVisible(any(label.text() for _, label in self._lines.values()))

    def _add(self, name: str) -> tuple[QWidget, QLabel]:
        line = QWidget(self)
        label = ElidedLabel(line, takesRest=True)
        label.setForegroundRole(QPalette.PlaceholderText)
        button = QToolButton(line)
        button.setText("Show")
        button.setCheckable(True)
        button.setChecked(name not in self._finished.hiddenGroups)
        button.setAutoRaise(True)
        button.setToolTip(f"Show the finished pieces of {name} among the tasks")
        button.setAccessibleName(f"Show the finished pieces of {name}")
        button.toggled.connect(lambda on: self._show(name, on))
        QWidget.setTabOrder(self._before, button)
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(label, 1)
        layout.addWidget(button)
        self._layout.addWidget(line)
        return line, label

    def _show(self, group: str, on: bool) -> None:
        self._finished.hide(group, hidden=not on)
        self._changed()


def summarise(summary: GroupSummary) -> str:
    """'Mandelbrot view: 412 done, 2 failed'; nothing when there is nothing to say.

    Cancelled pieces are left out: each zoom cancels some, at the first start even the window's first resize.
    """
    counted = (("done", summary.done), ("failed", summary.failed))
    parts = [f"{count(number)} {what}" for what, number in counted if number]
    return f"{summary.name}: {', '.join(parts)}" if parts else ""
