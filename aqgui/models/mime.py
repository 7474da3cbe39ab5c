# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks on their way from one place in the queue to another, as MIME data: their ids, and whose they are."""

from __future__ import annotations

import json
import os

from PyQt5.QtCore import QMimeData

from aqlib import Schedule, Task

TASKS_MIME_TYPE = "application/x-aqgui-tasks"


def packTasks(tasks: list[Task]) -> QMimeData:
    """MIME data that names these tasks of this process."""
    data = QMimeData()
    content = {"process": os.getpid(), "tasks": [task.id for task in tasks]}
    data.setData(TASKS_MIME_TYPE, json.dumps(content).encode())
    return data


def unpackTasks(data: QMimeData, schedule: Schedule) -> list[Task]:
    """The tasks that `data` names and that still wait, in running order. None of another process."""
    if not data.hasFormat(TASKS_MIME_TYPE):
        return []
    content = json.loads(bytes(data.data(TASKS_MIME_TYPE)))
    if content["process"] != os.getpid():
        return []
    wanted = set(content["tasks"])
    return [task for task in schedule.slice(0, len(schedule)) if task.id in wanted]
