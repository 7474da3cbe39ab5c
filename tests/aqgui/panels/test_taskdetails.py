# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PyQt5.QtGui import QGuiApplication
from PyQt5.QtWidgets import QDialogButtonBox, QLabel, QPlainTextEdit

from aqgui.commands.command import Command, CommandFailed
from aqgui.panels.outputview import OutputView
from aqgui.panels.taskdetails import TaskDetails
from aqgui.panels.terminalline import plainText
from aqlib import WorkerLost
from aqlib.quarantine import MOST_DEATHS


@pytest.fixture
def details(bench):
    """details(task): its window, opened as a double click does."""
    bench.show()

    def open(task):
        bench.panel.showDetails(task)
        [dialog] = bench.panel.findChildren(TaskDetails)
        return dialog

    yield open
    for dialog in bench.panel.findChildren(TaskDetails):
        dialog.close()


def texts(dialog):
    """The texts that can be seen, by their titles."""
    views = dialog.findChildren(QPlainTextEdit)
    found = {view.accessibleName(): view.toPlainText() for view in views if view.isVisible()}
    [output] = dialog.findChildren(OutputView)
    if output.isVisible():
        found["Output"] = "\n".join(plainText(spans) for spans in output.rows(0, output.rowCount))
    return found


def facts(dialog):
    labels = [label.text() for label in dialog.findChildren(QLabel)]
    return {name: label.text() for name, label in dialog._factLabels.items() if name in labels}


def test_it_shows_the_call_with_its_arguments_shortened(bench, details):
    [task] = bench.tasks.add("a", f=len, args=("x" * 10_000,))
    dialog = details(task)
    assert not dialog.isModal()
    assert texts(dialog)["Call"].startswith("len('xxx")
    assert len(texts(dialog)["Call"]) < 200


def test_it_is_live(bench, details):
    _, task = bench.tasks.add("runs", "a", group="reports")
    dialog = details(task)
    assert facts(dialog)["Place"] == "1"
    assert facts(dialog)["Group"] == "reports"
    bench.tasks.workers[0].step()
    bench.finished.taskOutput(task, bench.tasks.workers[0], "stdout", "one\n")
    bench.tasks.workers[0].progress(1, 2)
    bench.settle()
    assert facts(dialog)["Place"] == "–"
    assert (facts(dialog)["Worker"], facts(dialog)["Progress"]) == ("worker 1 (no process)", "50%")
    assert texts(dialog)["Output"] == "one"
    assert "\nRunning for: " in dialog.text()
    bench.finished.taskOutput(task, bench.tasks.workers[0], "stdout", "two\n")
    bench.tasks.workers[0].step()
    bench.settle()
    assert texts(dialog)["Output"] == "one\ntwo"
    assert dialog._state.text() == "done"
    assert "\nRan for: " in dialog.text()


def test_it_tells_how_often_a_task_was_tried(bench, details):
    [task] = bench.tasks.add("a", f=int, args=("x",), retries=1)
    dialog = details(task)
    assert "Attempts" not in facts(dialog)
    bench.tasks.workers[0].step()
    bench.clock.advance(2)
    bench.settle()
    assert facts(dialog)["Attempts"] == "2"


def test_it_tells_that_a_task_is_in_quarantine_and_its_memory_limit(bench, details):
    [task] = bench.tasks.add("poison", retries=9, backoff=0.0, retryOn=WorkerLost, memoryLimit=500_000_000)
    dialog = details(task)
    assert facts(dialog)["Memory limit"] == "500 MB"
    for _ in range(MOST_DEATHS):
        bench.tasks.workers[0].fail(WorkerLost(7, 9))
        bench.clock.advance(0.001)
    bench.settle()
    assert dialog._state.text() == "failed, in quarantine"
    assert "State: failed, in quarantine" in dialog.text()


def test_it_shows_the_traceback_of_one_that_failed(bench, details):
    [task] = bench.tasks.end("a", f=int, args=("x",))
    assert "ValueError: invalid literal" in texts(details(task))["Traceback"]


def test_what_there_is_not_takes_no_room(bench, details):
    [task] = bench.tasks.end("a")
    assert list(texts(details(task))) == ["Call"]


def test_all_of_it_can_be_copied(bench, details):
    [task] = bench.tasks.end("a", f=int, args=("x",), group="reports")
    dialog = details(task)
    [copy] = [button for button in dialog.findChild(QDialogButtonBox).buttons() if "Copy" in button.text()]
    copy.click()
    text = QGuiApplication.clipboard().text()
    assert "Task 1: a" in text
    assert "State: failed" in text
    assert "Group: reports" in text
    assert "int('x')" in text
    assert "ValueError" in text


def test_a_task_has_one_window(bench, details):
    [task] = bench.tasks.end("a")
    assert details(task) is details(task)


def test_closed_it_is_gone(bench, details, qtbot):
    [task] = bench.tasks.end("a")
    dialog = details(task)
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()
    bench.tasks.many(3)
    bench.settle()
    assert task not in bench.panel._details


def test_a_command_is_shown_with_its_folder_and_status_and_without_a_call_or_a_traceback(bench, details):
    _, task = bench.tasks.add("runs", "make", f=Command("make all", "/tmp"), args=())
    dialog = details(task)
    assert facts(dialog)["Folder"] == "/tmp"
    assert texts(dialog) == {"Command": "make all"}


def test_the_exit_status_of_a_command_is_told_without_a_traceback(bench, details):
    [task] = bench.tasks.add("false", f=Command("false", "/tmp"), args=(), doNext=True)
    bench.tasks.workers[0].fail(CommandFailed("false", 3))
    dialog = details(task)
    assert facts(dialog)["Exit status"] == "3"
    assert list(texts(dialog)) == ["Command"]
