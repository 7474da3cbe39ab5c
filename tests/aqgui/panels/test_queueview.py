# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PyQt5.QtCore import QItemSelectionModel, QPoint, QPointF, Qt
from PyQt5.QtGui import QWheelEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QSpinBox

from aqgui.models.describing import Column


def wheel(view, clicks):
    middle = QPointF(view.viewport().rect().center())
    event = QWheelEvent(
        middle, view.viewport().mapToGlobal(middle.toPoint()), QPoint(), QPoint(0, -120 * clicks), Qt.NoButton,
        Qt.NoModifier, Qt.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)


class TestWindow:
    def test_there_are_as_many_rows_as_fit(self, bench):
        bench.tasks.many(1000)
        bench.show()
        height = bench.view.viewport().height()
        assert len(bench.rows) == -(-height // bench.view.lineHeight)
        assert bench.view.bar.maximum() == 1000 - height // bench.view.lineHeight
        assert bench.view.bar.pageStep() == bench.view.page

    def test_with_few_rows_there_is_no_scroll_bar(self, bench):
        bench.tasks.many(3)
        bench.show()
        assert bench.rows == ["task 0", "task 1", "task 2"]
        assert not bench.view.bar.isVisible()

    def test_a_higher_view_shows_more(self, bench):
        bench.tasks.many(1000)
        bench.show(height=300)
        before = len(bench.rows)
        bench.panel.resize(900, 600)
        QApplication.processEvents()
        assert len(bench.rows) > before

    def test_the_last_row_can_be_seen_whole(self, bench):
        bench.tasks.many(1000)
        bench.show()
        bench.view.bar.setValue(bench.view.bar.maximum())
        task, rect = bench.view.visibleRows()[-1]
        assert task.name == "task 999"
        bottom = bench.view.viewport().mapToGlobal(bench.view.viewport().rect().bottomLeft()).y()
        assert rect.bottom() <= bottom

    def test_the_wheel_scrolls_over_all_rows(self, bench):
        bench.tasks.many(1000)
        bench.show()
        wheel(bench.view, 2)
        lines = QApplication.wheelScrollLines()
        assert bench.rows[0] == f"task {2 * lines}"
        wheel(bench.view, -1)
        assert bench.rows[0] == f"task {lines}"

    def test_at_the_top_it_shows_what_is_at_the_top(self, bench):
        bench.tasks.many(1000)
        bench.show()
        bench.tasks.workers[0].step()
        bench.settle()
        assert bench.rows[0] == "task 1"

    def test_scrolled_it_stays_with_its_tasks(self, bench):
        all = bench.tasks.many(1000)
        bench.show()
        bench.view.bar.setValue(500)
        bench.queue.cancel(all[10:20])
        bench.settle()
        assert bench.rows[0] == "task 500"
        assert bench.view.bar.value() == 490

    def test_when_most_rows_go_it_shows_the_last(self, bench):
        all = bench.tasks.many(1000)
        bench.show()
        bench.view.bar.setValue(900)
        bench.queue.cancel(all[30:])
        bench.finished.clear()
        bench.settle()
        assert bench.rows[-1] == "task 29"
        assert bench.view.bar.value() == bench.view.bar.maximum() > 0

    def test_rows_are_where_it_says(self, bench):
        bench.tasks.many(10)
        bench.show()
        for row, (task, rect) in enumerate(bench.view.visibleRows()):
            assert bench.view.taskUnder(bench.view.viewport().mapFromGlobal(rect.center())) is task
            assert bench.model.taskAt(row) is task

    def test_another_font_has_other_rows(self, bench):
        bench.tasks.many(1000)
        bench.show()
        before = len(bench.rows)
        font = bench.panel.font()
        font.setPointSizeF(font.pointSizeF() * 2)
        bench.panel.setFont(font)
        QApplication.processEvents()
        assert len(bench.rows) < before
        _, rect = bench.view.visibleRows()[0]
        assert rect.height() == bench.view.lineHeight > bench.view.fontMetrics().height()


class TestMouse:
    def test_a_click_selects(self, bench):
        bench.tasks.many(10)
        bench.show()
        bench.click(3)
        assert (bench.selected, bench.selectedRows()) == (["task 3"], [3])

    def test_with_control_one_more(self, bench):
        bench.tasks.many(10)
        bench.show()
        bench.click(3)
        bench.click(5, Qt.ControlModifier)
        assert bench.selectedRows() == [3, 5]
        bench.click(3, Qt.ControlModifier)
        assert bench.selectedRows() == [5]

    def test_with_shift_a_range_over_rows_that_cannot_be_seen(self, bench):
        bench.tasks.many(1000)
        bench.show()
        bench.click(3)
        bench.view.bar.setValue(800)
        bench.click(0, Qt.ShiftModifier)
        assert len(bench.selection) == 798
        assert bench.selectedRows() == [0]
        bench.view.bar.setValue(700)
        assert bench.selectedRows() == list(range(bench.model.rowCount()))

    def test_a_press_on_one_of_several_keeps_them_until_the_release(self, bench):
        bench.tasks.many(10)
        bench.show()
        bench.click(3)
        bench.click(5, Qt.ShiftModifier)
        QTest.mousePress(bench.view.viewport(), Qt.LeftButton, Qt.NoModifier, bench.at(4))
        assert bench.selectedRows() == [3, 4, 5]
        QTest.mouseRelease(bench.view.viewport(), Qt.LeftButton, Qt.NoModifier, bench.at(4))
        assert bench.selectedRows() == [4]

    def test_a_click_below_the_rows_selects_none(self, bench):
        bench.tasks.many(3)
        bench.show()
        bench.click(1)
        QTest.mouseClick(
            bench.view.viewport(), Qt.LeftButton, Qt.NoModifier, bench.at(2) + QPoint(0, 3 * bench.view.lineHeight)
        )
        assert bench.selected == []

    def test_the_selection_moves_with_its_tasks(self, bench):
        all = bench.tasks.many(10)
        bench.show()
        bench.click(5)
        bench.queue.move([all[5]], all[1])
        bench.settle()
        assert bench.selectedRows() == [1]

    def test_a_double_click_wants_details_of_the_task_that_was_clicked_first(self, bench):
        bench.tasks.many(10)
        bench.show()
        wanted: list = []
        bench.view.detailsWanted.disconnect()
        bench.view.detailsWanted.connect(lambda task: wanted.append(task.name))
        bench.click(3)
        bench.tasks.workers[0].step()
        bench.settle()
        QTest.mouseDClick(bench.view.viewport(), Qt.LeftButton, Qt.NoModifier, bench.at(3))
        assert wanted == ["task 3"]

    def test_a_double_click_on_a_niceness_edits_it(self, bench):
        all = bench.tasks.many(10)
        bench.show()
        cell = bench.view.visualRect(bench.model.index(3, Column.NICENESS)).center()
        QTest.mouseClick(bench.view.viewport(), Qt.LeftButton, Qt.NoModifier, cell)
        QTest.mouseDClick(bench.view.viewport(), Qt.LeftButton, Qt.NoModifier, cell)
        editor = bench.view.viewport().findChild(QSpinBox)
        assert (editor.value(), editor.minimum(), editor.maximum()) == (0, -20, 20)
        QTest.keyClicks(editor, "-7")
        bench.tasks.workers[0].step()
        bench.settle()
        assert editor.text() == "-7", "rows that change do not disturb who types"
        details: list[object] = []
        bench.view.detailsWanted.connect(details.append)
        QTest.keyClick(editor, Qt.Key_Return)
        assert details == []
        assert all[3].niceness == -7
        bench.stack.undo()
        assert all[3].niceness == 0


class TestKeys:
    @pytest.fixture(autouse=True)
    def thousand(self, bench):
        bench.tasks.many(1000)
        bench.show()
        bench.click(3)

    def test_up_and_down(self, bench):
        bench.press(Qt.Key_Down)
        assert bench.selected == ["task 4"]
        bench.press(Qt.Key_Up)
        bench.press(Qt.Key_Up)
        assert bench.selected == ["task 2"]

    def test_home_and_end(self, bench):
        bench.press(Qt.Key_End)
        assert (bench.selected, bench.rows[-1]) == (["task 999"], "task 999")
        bench.press(Qt.Key_Home)
        assert (bench.selected, bench.rows[0]) == (["task 0"], "task 0")

    def test_pages(self, bench):
        bench.press(Qt.Key_PageDown)
        assert bench.selected == [f"task {3 + bench.view.page}"]
        assert bench.selected[0] in bench.rows
        bench.press(Qt.Key_PageUp)
        bench.press(Qt.Key_PageUp)
        assert bench.selected == ["task 0"]

    def test_shift_extends_and_shrinks(self, bench):
        bench.press(Qt.Key_End, Qt.ShiftModifier)
        assert len(bench.selection) == 997
        bench.press(Qt.Key_Home, Qt.ShiftModifier)
        assert bench.selected == ["task 0", "task 1", "task 2", "task 3"]
        bench.press(Qt.Key_Down, Qt.ShiftModifier)
        assert bench.selected == ["task 1", "task 2", "task 3"]

    def test_control_goes_and_space_selects(self, bench):
        bench.press(Qt.Key_Down, Qt.ControlModifier)
        bench.press(Qt.Key_Down, Qt.ControlModifier)
        assert bench.selected == ["task 3"]
        assert bench.view.currentIndex().row() == 5
        bench.press(Qt.Key_Space, Qt.ControlModifier)
        assert bench.selected == ["task 3", "task 5"]

    def test_return_wants_details(self, bench, qtbot):
        bench.view.detailsWanted.disconnect()
        with qtbot.waitSignal(bench.view.detailsWanted) as signal:
            bench.press(Qt.Key_Return)
        assert signal.args[0].name == "task 3"

    def test_without_a_current_one_the_first_that_can_be_seen_is_next(self, bench):
        bench.selection.discard(list(bench.selection.tasks))
        bench.view.bar.setValue(500)
        bench.press(Qt.Key_Down)
        assert bench.selected == ["task 500"]

    def test_all_can_be_selected(self, bench):
        bench.actions["selectAll"].trigger()
        assert len(bench.selection) == 1000

    def test_letters_search_nowhere(self, bench):
        QTest.keyClicks(bench.view, "task9")
        assert bench.selected == ["task 3"]

    def test_one_who_comes_by_tab_sees_where_the_keyboard_is(self, bench):
        bench.panel._search.states.setFocus()
        bench.selection.clear()
        bench.selection.discard(list(bench.queue.schedule))
        QTest.keyClick(bench.panel._search.states, Qt.Key_Tab)
        assert bench.view.hasFocus()
        assert bench.selection.current is bench.model.taskAt(0)
        assert bench.selected == []


class TestSelectionModel:
    def test_what_others_select_in_it_is_selected(self, bench):
        bench.tasks.many(10)
        bench.show()
        bench.view.selectionModel().select(
            bench.model.index(2, 0), QItemSelectionModel.ClearAndSelect | QItemSelectionModel.Rows
        )
        assert bench.selected == ["task 2"]


class TestDrag:
    """The gesture itself is tested with a real pointer; here, what it begins and ends with."""

    @pytest.fixture
    def dragged(self, bench, monkeypatch):
        """Drags that end at once; what they took, and whether the rows held still meanwhile."""
        dragged: list = []

        def exec_(drag, *_):
            dragged.append((drag.mimeData().formats(), bench.model.isHeld, bench.view.isDragging))
            return Qt.IgnoreAction

        monkeypatch.setattr("aqgui.panels.queuedrag.QDrag.exec_", exec_)
        return dragged

    def test_the_rows_hold_still_until_the_drop(self, bench, dragged):
        bench.tasks.many(10)
        bench.show()
        bench.click(3)
        bench.view.startDrag(Qt.MoveAction)
        assert dragged == [(["application/x-aqgui-tasks"], True, True)]
        assert not bench.model.isHeld
        assert not bench.view.isDragging

    def test_while_the_panels_are_frozen_they_hold_still_after_it_too(self, bench, dragged):
        bench.tasks.many(10)
        bench.show()
        bench.gathering.freeze()
        bench.click(3)
        bench.view.startDrag(Qt.MoveAction)
        assert bench.model.isHeld

    def test_what_runs_is_not_dragged(self, bench, dragged):
        bench.tasks.many(10)
        bench.show()
        bench.click(0)
        bench.view.startDrag(Qt.MoveAction)
        assert dragged == []

    def test_a_line_shows_between_which_rows_a_drop_would_go(self, bench):
        bench.tasks.many(5)
        bench.show()
        drag = bench.view._drag
        rect = bench.view.visualRect(bench.model.index(2, Column.NAME))
        drag.at(QPoint(50, rect.top() + 2))
        assert drag.line == rect.top()
        drag.at(QPoint(50, rect.bottom() - 2))
        assert drag.line == rect.bottom() + 1
        drag.at(QPoint(50, rect.bottom() + 200))
        assert drag.line == bench.view.visualRect(bench.model.index(4, Column.NAME)).bottom() + 1
        drag.left()
        assert drag.line is None

    def test_at_an_edge_the_rows_scroll(self, bench, qtbot):
        bench.tasks.many(1000)
        bench.show()
        drag = bench.view._drag
        drag.at(QPoint(50, bench.view.viewport().height() - 2))
        qtbot.waitUntil(lambda: bench.view.bar.value() > 3)
        drag.at(QPoint(50, 2))
        qtbot.waitUntil(lambda: bench.view.bar.value() == 0)
        drag.at(QPoint(50, 100))
        assert not drag._timer.isActive()
