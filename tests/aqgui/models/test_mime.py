# SPDX-License-Identifier: GPL-3.0-or-later
import json

import pytest
from PyQt5.QtCore import QMimeData

from aqgui.models.mime import TASKS_MIME_TYPE, packTasks, unpackTasks

from ..tasks import Tasks


@pytest.fixture
def tasks():
    return Tasks()


def test_tasks_come_out_in_running_order(tasks):
    a, _, c = tasks.add("a", "b", "c")
    assert unpackTasks(packTasks([c, a]), tasks.queue.schedule) == [a, c]


def test_it_has_their_ids_and_the_process_they_are_in(tasks, monkeypatch):
    monkeypatch.setattr("os.getpid", lambda: 123)
    [a] = tasks.add("a")
    content = json.loads(bytes(packTasks([a]).data(TASKS_MIME_TYPE)))
    assert content == {"process": 123, "tasks": [a.id]}


def test_one_that_waits_no_more_does_not_come_out(tasks):
    a, b = tasks.add("a", "b")
    data = packTasks([a, b])
    tasks.queue.cancel([a])
    assert unpackTasks(data, tasks.queue.schedule) == [b]


def test_other_data_has_no_tasks(tasks):
    tasks.add("a")
    data = QMimeData()
    data.setText("1")
    assert unpackTasks(data, tasks.queue.schedule) == []
