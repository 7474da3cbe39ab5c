# SPDX-License-Identifier: GPL-3.0-or-later
import re

import pytest
from PyQt5.QtCore import QModelIndex, Qt
from PyQt5.QtGui import QGuiApplication
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QInputDialog, QMenu, QToolButton

from aqgui.commands.command import Command, CommandFailed
from aqgui.models.describing import Column
from aqgui.models.filtering import SHORTEST_REST
from aqgui.models.mime import packTasks
from aqlib import TaskState, WorkerLost


def said(label):
    """The text of a label without its colours."""
    return re.sub("<[^>]*>", "", label.text())


def menuOf(bench, qtbot):
    bench.panel._openMenu(bench.at(0))
    menu = bench.panel.findChild(QMenu, options=Qt.FindDirectChildrenOnly)
    qtbot.addWidget(menu)
    return menu


class TestCounts:
    def test_what_runs_waits_and_has_failed(self, bench):
        bench.tasks.end("bad", f=int, args=("x",))
        bench.tasks.many(1433)
        bench.show()
        assert said(bench.panel._counts) == "1 running · 1,432 waiting · 1 failed"
        assert bench.panel._counts.toolTip() == bench.panel._counts.text()

    def test_what_is_shown_and_selected(self, bench):
        bench.tasks.many(30)
        bench.show()
        bench.panel._search.field.setText("7")
        bench.view.selectAll()
        bench.settle()
        assert said(bench.panel._counts) == "1 running · 29 waiting · 3 shown · 3 selected"


class TestNotes:
    def test_a_paused_queue_says_so(self, bench):
        bench.show()
        assert not bench.panel._note.isVisible()
        bench.queue.pause()
        bench.settle()
        assert said(bench.panel._note) == "Paused. Waiting tasks start when you resume."
        bench.queue.resume()
        bench.settle()
        assert not bench.panel._note.isVisible()

    def test_so_does_one_that_is_degraded(self, bench):
        bench.show()
        bench.queue.degradedReason = "The kernel cannot be imported."
        bench.gathering.mark()
        bench.settle()
        assert "The kernel cannot be imported." in said(bench.panel._note)

    def test_dropped_tasks_are_counted(self, bench):
        bench.show()
        bench.panel._finished.dropped = 1200
        bench.gathering.mark()
        bench.settle()
        assert said(bench.panel._note) == "1,200 older finished tasks dropped from the list."
        bench.panel._finished.droppedFailures = 3
        bench.gathering.mark()
        bench.settle()
        assert said(bench.panel._note) == "1,200 older finished tasks dropped from the list, 3 of them failed."
        bench.panel._finished.clear()
        bench.gathering.mark()
        bench.settle()
        assert not bench.panel._note.isVisible()

    def test_frozen_it_says_so_and_holds_still(self, bench):
        bench.tasks.many(1000)
        bench.show()
        bench.gathering.freeze()
        assert said(bench.panel._note).startswith("Panels frozen")
        bench.tasks.workers[0].step()
        bench.settle()
        bench.view.bar.setValue(1)
        assert bench.rows[0] == "task 1"
        bench.view.bar.setValue(0)
        assert bench.rows[0] == "task 0"
        bench.gathering.thaw()
        assert bench.rows[0] == "task 1"
        assert not bench.panel._note.isVisible()

    def test_what_the_user_does_is_seen_while_it_is_frozen(self, bench):
        bench.tasks.many(10)
        bench.show()
        bench.gathering.freeze()
        bench.click(5)
        bench.actions["top"].trigger()
        assert bench.rows[:3] == ["task 0", "task 5", "task 1"]
        bench.panel._search.field.setText("task 7")
        assert bench.rows == ["task 7"]

    def test_without_tasks_it_says_how_to_get_some(self, bench):
        bench.show()
        assert bench.view.emptyText == "Nothing to do. Zoom with the wheel, or add work with Ctrl+N."
        bench.panel._search.field.setText("x")
        assert bench.view.emptyText.startswith("No task matches")


class TestSummaries:
    def test_hidden_pieces_are_counted(self, bench):
        bench.tasks.end("1", "2", group="picture")
        bench.tasks.end("other")
        bench.show()
        [(_, label)] = bench.panel._summaries._lines.values()
        assert label.text() == "picture: 2 done"
        assert bench.rows == ["other"]

    def test_they_can_be_shown_and_hidden(self, bench):
        bench.tasks.end("1", "2", group="picture")
        bench.show()
        button = bench.panel._summaries.findChild(QToolButton)
        button.click()
        assert bench.rows == ["2", "1"]
        button.click()
        assert bench.rows == []

    def test_without_any_there_is_no_line(self, bench):
        bench.tasks.end("other")
        bench.show()
        assert not bench.panel._summaries.isVisible()


class TestSearch:
    def test_words_narrow_the_rows_down(self, bench):
        bench.tasks.many(200)
        bench.show()
        bench.panel.search()
        QTest.keyClicks(bench.panel._search.field, "task 19")
        bench.settle()
        assert bench.rows[:3] == ["task 19", "task 119", "task 190"]

    def test_escape_shows_all_and_gives_the_keyboard_to_the_rows(self, bench, qtbot):
        bench.tasks.many(200)
        bench.show()
        bench.panel.search()
        QTest.keyClicks(bench.panel._search.field, "nothing")
        QTest.keyClick(bench.panel._search.field, Qt.Key_Escape)
        assert bench.model.total == 200
        assert bench.view.hasFocus()

    def test_states_can_be_chosen(self, bench):
        bench.tasks.end("done")
        bench.tasks.add("runs", "waits")
        bench.show()
        search = bench.panel._search
        search._states["Waiting"].setChecked(False)
        search._states["Done"].setChecked(False)
        assert bench.rows == ["runs"]
        assert search.states.text() == "4 of 6 states"
        search._all.trigger()
        assert bench.rows == ["runs", "waits", "done"]
        assert search.states.text() == "All states"

    def test_tasks_that_come_are_found(self, bench):
        bench.tasks.many(3)
        bench.show()
        bench.panel._search.field.setText("new")
        bench.tasks.add("new")
        bench.settle()
        bench.clock.advance(SHORTEST_REST)
        bench.settle()
        bench.settle()
        assert bench.rows == ["new"]


class TestActions:
    @pytest.fixture(autouse=True)
    def ten(self, bench):
        bench.tasks.many(10)
        bench.show()

    def test_each_has_a_shortcut_and_a_tool_tip(self, bench):
        for name, action in bench.actions.items():
            assert not action.shortcut().isEmpty(), name
            assert action.toolTip().endswith(f"({action.shortcut().toString()})")

    def test_the_menu_has_them_all(self, bench, qtbot):
        assert set(bench.actions.values()) <= set(menuOf(bench, qtbot).actions())

    @pytest.mark.parametrize(("keys", "place"), [(Qt.Key_Home, 1), (Qt.Key_Up, 4), (Qt.Key_Down, 6), (Qt.Key_End, 9)])
    def test_keys_move_the_selected_task(self, keys, place, bench):
        bench.click(5)
        bench.press(keys, Qt.AltModifier)
        assert bench.queue.schedule.at(place - 1).name == "task 5"
        assert bench.selectedRows() == [place]
        bench.stack.undo()
        bench.settle()
        assert bench.selectedRows() == [5]

    def test_without_a_waiting_task_nothing_can_be_moved(self, bench):
        bench.click(0)
        enabled = {name for name, action in bench.actions.items() if action.isEnabled()}
        assert enabled == {"cancel", "copyCommand", "details", "pauseTask", "selectAll"}

    def test_delete_cancels_what_is_selected_waiting_or_running(self, bench):
        bench.click(0)
        bench.click(4, Qt.ShiftModifier)
        assert bench.actions["cancel"].text() == "&Cancel 5 tasks"
        bench.press(Qt.Key_Delete)
        bench.settle()
        assert bench.tasks.waiting() == [f"task {n}" for n in range(6, 10)]
        assert bench.stack.undoText() == "cancelling 4 tasks"
        bench.stack.undo()
        assert len(bench.tasks.waiting()) == 8

    def test_delete_cancels_held_tasks_too_and_none_of_them_for_the_end_of_another(self, bench):
        waiting = bench.model.taskAt(4)
        [first] = bench.tasks.add("held 1", after=[waiting])
        [second] = bench.tasks.add("held 2", after=[first])
        bench.settle()
        assert "9 waiting · 2 held" in said(bench.panel._counts)
        bench.view.selectAll()
        bench.press(Qt.Key_Delete)
        assert [first.state, second.state] == [TaskState.CANCELLED] * 2

    def test_what_is_queued_again_by_an_undo_is_selected(self, bench):
        bench.click(4)
        bench.press(Qt.Key_Delete)
        bench.stack.undo()
        bench.settle()
        assert bench.selectedRows() == [4]
        assert [task.state for task in bench.selection.tasks] == [TaskState.WAITING]

    def test_niceness_is_asked_for(self, bench):
        bench.click(4)
        bench.click(5, Qt.ControlModifier)
        bench.actions["niceness"].trigger()
        dialog = bench.view.findChild(QInputDialog)
        assert (dialog.intMinimum(), dialog.intMaximum()) == (-20, 20)
        dialog.setIntValue(7)
        dialog.accept()
        assert bench.tasks.waiting()[-2:] == ["task 4", "task 5"]
        assert bench.stack.undoText() == "setting the niceness of 2 tasks"

    def test_finished_tasks_are_retried(self, bench):
        bench.tasks.workers[0].step()
        bench.settle()
        bench.click(9)
        assert bench.selected == ["task 0"]
        bench.actions["retry"].trigger()
        bench.settle()
        assert bench.tasks.waiting()[-1] == "task 0"
        assert bench.selectedRows() == [9]

    def test_one_in_quarantine_is_run_again_by_hand(self, bench):
        [poison] = bench.tasks.add("poison", doNext=True, retries=9, backoff=0.0, retryOn=WorkerLost)
        bench.tasks.workers[0].step()
        while not poison.isFinished:
            bench.tasks.workers[0].fail(WorkerLost(7, 9))
            bench.clock.advance(0.001)
        assert bench.queue.quarantined == [poison]
        bench.settle()
        bench.selection.setOnly(poison)
        bench.actions["retry"].trigger()
        [again] = bench.selection.tasks
        while not again.isFinished:
            bench.tasks.workers[0].step()
        assert again.state is TaskState.DONE

    def test_finished_tasks_are_cleared(self, bench):
        bench.tasks.workers[0].step()
        bench.settle()
        bench.click(9)
        bench.actions["clearFinished"].trigger()
        assert bench.model.total == 9
        assert bench.selected == []
        assert not bench.actions["clearFinished"].isEnabled()


class TestWhenNobodyLooks:
    def test_hidden_it_does_nothing_and_shown_it_has_caught_up(self, bench):
        bench.tasks.many(10)
        bench.show()
        bench.panel.hide()
        assert not bench.panel._timer.isActive()
        bench.tasks.workers[0].step()
        bench.settle()
        assert bench.model.windowTasks()[0].name == "task 0"
        bench.panel.show()
        assert bench.rows[0] == "task 1"

    def test_hidden_it_looks_for_nothing(self, bench):
        bench.tasks.many(10)
        bench.show()
        bench.panel._search.field.setText("new")
        bench.panel.hide()
        bench.tasks.add("new")
        bench.clock.settle()
        assert bench.clock.getDelayedCalls() == []
        bench.panel.show()
        bench.clock.settle()
        assert bench.rows == ["new"]

    def test_frozen_while_it_is_hidden_it_holds_still_when_it_is_shown(self, bench):
        bench.tasks.many(10)
        bench.show()
        bench.panel.hide()
        bench.gathering.freeze()
        bench.panel.show()
        bench.tasks.workers[0].step()
        bench.settle()
        assert bench.rows[0] == "task 0"
        bench.panel.hide()
        bench.gathering.thaw()
        bench.panel.show()
        assert bench.rows[0] == "task 1"

    def test_times_go_on_only_while_something_waits_or_runs(self, bench):
        bench.show()
        assert not bench.panel._timer.isActive()
        bench.tasks.many(1)
        bench.settle()
        assert bench.panel._timer.isActive()
        bench.clock.advance(5)
        bench.panel._timer.timeout.emit()
        assert bench.model.index(0, 9).data() == "5.0 s"
        bench.tasks.workers[0].step()
        bench.settle()
        assert not bench.panel._timer.isActive()


class TestManyTasks:
    def test_a_hundred_thousand_are_opened_scrolled_filtered_and_dragged(self, bench):
        all = bench.tasks.many(100_000)
        bench.show()
        seen = bench.model.rowCount()
        assert seen < 50
        bench.view.bar.setValue(60_000)
        assert bench.rows[0] == "task 60000"
        bench.tasks.workers[0].step()
        bench.settle()
        assert (bench.rows[0], bench.view.bar.value()) == ("task 60000", 59_999)
        bench.model.dropMimeData(packTasks(all[90_000:91_000]), Qt.MoveAction, 2, 0, QModelIndex())
        bench.clock.turn(100)
        bench.settle()
        assert bench.rows[1:4] == ["task 60001", "task 90000", "task 90001"]
        bench.panel._search.field.setText("task 99999")
        while bench.model.isFiltering:
            bench.clock.turn()
        bench.settle()
        assert bench.rows == ["task 99999"]
        assert bench.model.rowCount() == 1
        QApplication.processEvents()


class TestOfCommands:
    @pytest.fixture
    def task(self, bench):
        [task] = bench.tasks.add("make", f=Command("make all", "/tmp"), args=(), doNext=True)
        bench.finished.taskOutput(task, bench.tasks.workers[0], "stdout", "built\n")
        bench.tasks.workers[0].fail(CommandFailed("make all", 2))
        bench.show(1400)
        bench.click(0)
        return task

    def test_its_exit_status_and_start_are_columns(self, bench, task):
        assert bench.model.index(0, Column.EXIT).data() == "2"
        assert bench.model.index(0, Column.STARTED).data().count(":") == 2

    def test_command_and_output_are_copied(self, bench, task):
        bench.actions["copyCommand"].trigger()
        assert QGuiApplication.clipboard().text() == "make all"
        bench.actions["copyOutput"].trigger()
        assert QGuiApplication.clipboard().text() == "built\n"

    def test_it_is_edited_and_run_again(self, bench, task, qtbot):
        with qtbot.waitSignal(bench.panel.editWanted) as caught:
            bench.actions["editAgain"].trigger()
        assert caught.args == [task]

    def test_other_tasks_cannot_be_edited(self, bench):
        bench.tasks.add("tile")
        bench.show()
        bench.click(0)
        assert not bench.actions["editAgain"].isEnabled()
        assert not bench.actions["copyOutput"].isEnabled()
        assert bench.actions["copyCommand"].isEnabled()


def test_an_empty_panel_has_a_button_to_add_work(bench, qtbot):
    bench.show()
    [add] = [each for each in bench.view.findChildren(QToolButton) if each.text() == "Add work…"]
    assert add.isVisible()
    with qtbot.waitSignal(bench.panel.addWanted):
        add.click()
    bench.tasks.add("tile")
    bench.settle()
    assert not add.isVisible()
