# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QDialogButtonBox, QFileDialog, QMessageBox, QToolButton

from aqgui.commands.command import SERIES, Command
from aqgui.settings import Settings
from aqgui.workloads.adding import AddWorkDialog
from aqgui.workloads.history import CommandHistory
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
    assert any(
        "Folder '/no/such/folder' does not exist." in label.text() for label in dialog.findChildren(type(dialog._wrong))
    )
    assert len(queue.schedule) == 0


def test_the_folder_is_kept_for_the_next_time(dialog, makeDialog, queue, tmp_path, qtbot):
    dialog.commands.setPlainText("true")
    dialog.accept()
    assert makeDialog().folder.text() == str(tmp_path)
    qtbot.waitUntil(lambda: len(queue.schedule) == 1)
    next(iter(queue.schedule)).deferred.addErrback(lambda failure: failure.trap(CancelledError))


def forget(queue):
    for task in queue.schedule:
        task.deferred.addErrback(lambda failure: failure.trap(CancelledError))


def test_all_lines_together_are_one_task(dialog, queue, tmp_path, qtbot):
    script = "# Encode\nfor n in 1 2\ndo\n  echo $n\ndone"
    dialog.commands.setPlainText(f"\n{script}\n")
    assert button(dialog).text() == "Queue 5 tasks"
    dialog.asScript.setChecked(True)
    assert button(dialog).text() == "Queue 1 task"
    dialog.accept()
    qtbot.waitUntil(lambda: len(queue.schedule) == 1)
    [task] = queue.schedule
    assert (task.call.f, task.name) == (Command(script, str(tmp_path)), "for n in 1 2 …")
    forget(queue)


def test_escape_asks_before_text_is_lost(dialog):
    dialog.show()
    dialog.commands.setPlainText("true")
    QTest.keyClick(dialog, Qt.Key_Escape)
    [question] = dialog.findChildren(QMessageBox)
    assert question.text() == "Discard the commands?"
    assert dialog.isVisible()
    next(each for each in question.buttons() if "Discard" in each.text()).click()
    assert not dialog.isVisible()


def test_without_text_escape_closes_at_once(dialog):
    dialog.show()
    QTest.keyClick(dialog, Qt.Key_Escape)
    assert not dialog.isVisible()


def test_ctrl_return_queues(dialog, queue, qtbot):
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    QTest.keyClick(dialog.commands, Qt.Key_Return, Qt.ControlModifier)
    assert dialog.isVisible()  # there is nothing to queue
    dialog.commands.setPlainText("true")
    QTest.keyClick(dialog.commands, Qt.Key_Return, Qt.ControlModifier)
    assert not dialog.isVisible()
    qtbot.waitUntil(lambda: len(queue.schedule) == 1)
    forget(queue)


def test_earlier_commands_are_offered_the_newest_first_and_once(dialog, makeDialog, queue, tmp_path, qtbot):
    for text in ("echo one", "echo two && true", "echo one"):
        each = makeDialog()
        each.folder.setText(str(tmp_path))
        each.commands.setPlainText(text)
        each.accept()
    dialog._historyMenu.aboutToShow.emit()
    offered = dialog._historyMenu.actions()
    assert [action.text() for action in offered] == ["echo one", "echo two &&&& true"]
    offered[1].trigger()
    assert dialog.commands.toPlainText() == "echo two && true"
    qtbot.waitUntil(lambda: len(queue.schedule) == 3)
    forget(queue)


@pytest.mark.parametrize("kept", ["", "no JSON", "7", '{"a": 1}', "[1, null]"])
def test_a_history_that_makes_no_sense_is_passed_over(tmp_path, kept):
    settings = Settings(tmp_path / "settings.ini")
    settings.set("commands/history", kept)
    history = CommandHistory(settings)
    assert history.texts == []
    history.add("true")
    assert history.texts == ["true"]


def test_the_folder_is_chosen_from_a_dialog(dialog, tmp_path):
    next(each for each in dialog.findChildren(QToolButton) if each.toolTip() == "Choose the folder").click()
    [choice] = dialog.findChildren(QFileDialog)
    choice.fileSelected.emit("/tmp")
    assert dialog.folder.text() == "/tmp"
    choice.close()


def test_a_task_is_edited_and_run_again(queue, tmp_path, qtbot):
    script = "echo 1\necho 2"
    task = queue.using(series=SERIES, group="Echoes", niceness=7).submit(Command(script, str(tmp_path)))
    dialog = AddWorkDialog(queue, Settings(tmp_path / "settings.ini"), again=task)
    dialog.setAttribute(Qt.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    assert (dialog.commands.toPlainText(), dialog.folder.text()) == (script, str(tmp_path))
    assert (dialog.group.text(), dialog.niceness.value(), dialog.asScript.isChecked()) == ("Echoes", 7, True)
    dialog.accept()
    qtbot.waitUntil(lambda: len(queue.schedule) == 2)
    assert [each.call.f for each in queue.schedule] == [task.call.f] * 2
    forget(queue)
