# SPDX-License-Identifier: GPL-3.0-or-later
"""Where on the screen things are, as a JSON file: for tests that use a real pointer."""

import json
import os
from collections import deque
from pathlib import Path
from typing import Any

from PyQt5.QtCore import QPoint, QRect, QTimer
from PyQt5.QtWidgets import QDialog, QWidget

from aqlib import Observer, ProcessWorker, Task

from .mainwindow import MainWindow

_EVERY = 100  # milliseconds
_BEGUN_KEPT = 500


class LayoutFile(Observer):
    """Writes the file anew, a few times a second, as long as the window lives.

    Args:
        path: The file; it is replaced as a whole, so that a reader sees no half of it.
        window: What to tell of.
    """

    def __init__(self, path: Path, window: MainWindow) -> None:
        self._path = path
        self._window = window
        self._begun: deque[int] = deque(maxlen=_BEGUN_KEPT)
        window.queue.addObserver(self)
        self._timer = QTimer(window)
        self._timer.timeout.connect(self.write)
        self._timer.start(_EVERY)

    def taskStarted(self, task: Task) -> None:
        """Note the order in which tasks begin."""
        self._begun.append(task.id)

    def write(self) -> None:
        """Write it now."""
        window, queue = self._window, self._window.queue
        widgets: dict[str, QWidget] = {
            "window": window,
            "view": window.view,
            "queue": window.queuePanel.view,
            "workers": window.workerPanel.view,
            "workerNumber": window.toolBar.workers,
            "commandNumber": window.toolBar.commands,
        }
        content = {
            "widgets": {name: _rectangle(_onScreen(widget)) for name, widget in widgets.items()},
            "rows": [_row(task, rect) for task, rect in window.queuePanel.view.visibleRows()],
            "place": window.view.place.link,
            "isSharp": window.view.isSharp,
            "isPaused": queue.isPaused,
            "waiting": len(queue.schedule),
            "running": len(queue.running()),
            "begun": list(self._begun),
            "notice": window.notice,
            "hint": window.hint,
            "events": [event.text for event in window.eventsPanel.log.events],
            # What has not got the keyboard yet would not hear what is typed.
            "isActive": window.isActiveWindow(),
            "dialogs": [dialog.windowTitle() for dialog in window.findChildren(QDialog) if dialog.isActiveWindow()],
            "pids": [worker.pid for worker in queue.workers() if isinstance(worker, ProcessWorker)],
            "guardians": [worker.pid for worker in window.commandSlots.workers() if worker.pid is not None],
        }
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps(content), encoding="utf-8")
        os.replace(new, self._path)


def _row(task: Task, rect: QRect) -> dict[str, Any]:
    return {"id": task.id, "name": task.name, "state": task.state.value, "rect": _rectangle(rect)}


def _onScreen(widget: QWidget) -> QRect:
    return QRect(widget.mapToGlobal(QPoint(0, 0)), widget.size()) if widget.isVisible() else QRect()


def _rectangle(rect: QRect) -> list[int]:
    return [rect.x(), rect.y(), rect.width(), rect.height()]
