# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QDialogButtonBox

from aqgui.commands.command import SERIES, Command
from aqgui.settings import Settings
from aqgui.workloads.adding import AddWorkDialog
from aqlib import CancelledError, TaskQueue


@pytest.fixture
def queue(reactor):
    queue = TaskQueue(reactor=reactor)
    yield queue
    queue.shutdown(cancel=True)


@pytest.fixture
def makeDialog(queue, tmp_path, qtbot):
    def make():
        dialog = AddWorkDialog(queue, Settings(tmp_path / "settings.ini"))
        dialog.setAttribute(Qt.WA_DeleteOnClose, False)  # qtbot deletes it
        qtbot.addWidget(dialog)
        return dialog

    return make


@pytest.fixture
def dialog(makeDialog, tmp_path):
    dialog = makeDialog()
    dialog.folder.setText(str(tmp_path))
    return dialog


def button(dialog):
    return dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.Ok)


def test_each_line_is_a_task(dialog, queue, tmp_path, qtbot):
    dialog.commands.setPlainText("echo one\n\n  echo two\n")
    dialog.niceness.setValue(7)
    dialog.group.setText("Echoes")
    assert button(dialog).text() == "Queue 2 tasks"
    dialog.accept()
    qtbot.waitUntil(lambda: len(queue.schedule) == 2)
    tasks = list(queue.schedule)
    assert [(task.name, task.group, task.niceness) for task in tasks] == [
        ("echo one", "Echoes", 7), ("echo two", "Echoes", 7),
    ]  # fmt: skip
    assert (tasks[0].call.f, tasks[0].series) == (Command("echo one", str(tmp_path)), SERIES)
    for task in tasks:
        task.deferred.addErrback(lambda failure: failure.trap(CancelledError))


def test_without_a_command_there_is_nothing_to_queue(dialog):
    assert not button(dialog).isEnabled()
    dialog.commands.setPlainText("true")
    assert button(dialog).isEnabled()


def test_a_folder_that_is_not_there_is_told_and_nothing_is_queued(dialog, queue):
    dialog.commands.setPlainText("true")
    dialog.folder.setText("/no/such/folder")
    dialog.show()
    dialog.accept()
    assert dialog.isVisible()
    assert any("no folder '/no/such/folder'" in label.text() for label in dialog.findChildren(type(dialog._wrong)))
    assert len(queue.schedule) == 0


def test_the_folder_is_kept_for_the_next_time(dialog, makeDialog, queue, tmp_path, qtbot):
    dialog.commands.setPlainText("true")
    dialog.accept()
    assert makeDialog().folder.text() == str(tmp_path)
    qtbot.waitUntil(lambda: len(queue.schedule) == 1)
    next(iter(queue.schedule)).deferred.addErrback(lambda failure: failure.trap(CancelledError))
