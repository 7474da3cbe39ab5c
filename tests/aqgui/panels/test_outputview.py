# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtGui import QGuiApplication
from PyQt5.QtTest import QTest
from twisted.internet.task import Clock

from aqgui.models.outputfolder import OutputFolder
from aqgui.models.taskoutput import TaskOutput
from aqgui.panels.outputpane import OutputPane
from aqgui.panels.terminalline import plainText


@pytest.fixture
def folder(tmp_path):
    folder = OutputFolder(tmp_path)
    yield folder
    folder.close()


@pytest.fixture
def pane(qtbot):
    pane = OutputPane(Clock())
    qtbot.addWidget(pane)
    pane.resize(500, 300)
    return pane


@pytest.fixture
def show(pane, folder, qtbot):
    """show(text): an output with it, shown."""

    def show(text, **options):
        output = TaskOutput(folder, **options)
        output.add(text)
        pane.show_(output)
        qtbot.waitExposed(pane)
        return output

    return show


def find(view, text, isBackward=False):
    return any(view.searchSteps(text, isBackward))


def numbers(count):
    return "".join(f"{n}\n" for n in range(count))


def shown(view, first, count):
    return [plainText(spans) for spans in view.rows(first, count)]


def test_without_output_it_takes_no_room(pane):
    pane.show_(None)
    assert not pane.isVisible()


def test_every_row_of_long_output_can_be_seen(pane, show):
    show(numbers(100_000))
    assert pane.view.rowCount == 100_000
    assert shown(pane.view, 0, 2) == ["0", "1"]
    assert shown(pane.view, 99_998, 9) == ["99998", "99999"]


def test_it_follows_the_end_while_it_is_at_the_end(pane, show):
    output = show(numbers(100))
    bar = pane.view.verticalScrollBar()
    assert pane.view.isAtEnd
    output.add(numbers(50))
    pane.show_(output)
    assert pane.view.isAtEnd
    bar.setValue(7)
    output.add(numbers(50))
    pane.show_(output)
    assert bar.value() == 7


def test_what_is_cut_is_told_where_it_is_cut(pane, show):
    output = show(numbers(10_000), limit=4000)
    rows = shown(pane.view, 0, pane.view.rowCount)
    [told] = [n for n, row in enumerate(rows) if "bytes are missing here" in row]
    assert rows[:told] == [str(n) for n in range(told)]
    assert rows[told + 1 :] == [str(n) for n in range(output.cutLines.stop, 10_000)]
    assert told > 60


def test_text_is_found_from_row_to_row_and_round_the_end(pane, show):
    show("A needle\n" + numbers(30_000) + "a NEEDLE and a needle\n")
    found = []
    for isBackward in (False, False, False, False, True, True):
        assert find(pane.view, "needle", isBackward)
        assert pane.view.selectedText.lower() == "needle"
        found.append(pane.view._anchor)
    assert found == [(0, 2), (30_001, 2), (30_001, 15), (0, 2), (30_001, 15), (30_001, 2)]


def test_text_that_is_not_there_is_told(pane, show, qtbot):
    show(numbers(10))
    pane.beginSearch()
    QTest.keyClicks(pane.search, "needle")
    QTest.keyClick(pane.search, Qt.Key_Return)
    assert pane._found.text() == "Not found"


def test_a_long_search_is_made_in_slices_and_ends_when_the_text_is_edited(pane, show):
    show(numbers(300_000))
    pane.search.setText("needle")
    pane.findText(False)
    assert pane._found.text() == "Searching…"
    assert len(pane._reactor.getDelayedCalls()) == 1
    QTest.keyClicks(pane.search, "s")
    assert pane._reactor.getDelayedCalls() == []
    pane.search.setText("299999")
    pane.findText(False)
    while pane._reactor.getDelayedCalls():
        pane._reactor.advance(0)
    assert pane._found.text() == ""
    assert pane.view.selectedText == "299999"


def test_coloured_text_is_found_as_it_is_seen(pane, show):
    show("one\n\x1b[31mnee\x1b[32mdle\x1b[0m\n")
    assert find(pane.view, "needle")
    assert pane.view.selectedText == "needle"


def test_all_of_it_is_copied(pane, show):
    show("\x1b[31mred\x1b[0m\nplain\n")
    pane.view.setFocus()
    QTest.keyClick(pane.view, Qt.Key_A, Qt.ControlModifier)
    QTest.keyClick(pane.view, Qt.Key_C, Qt.ControlModifier)
    assert QGuiApplication.clipboard().text() == "red\nplain"


def test_a_piece_is_selected_with_the_pointer(pane, show):
    show("first line\nsecond line\n")
    view, height = pane.view, pane.view.fontMetrics().height()
    width = view.fontMetrics().horizontalAdvance("0")
    QTest.mousePress(view.viewport(), Qt.LeftButton, Qt.NoModifier, QPoint(4 + 6 * width, 4 + height // 2))
    view._cursor = view._positionAt(QPoint(4 + 6 * width, 4 + height + height // 2))
    assert view.selectedText == "line\nsecond"


def test_it_is_painted(pane, show):
    show("\x1b[1;31mred\x1b[7m reversed\x1b[0m \x1b[38;5;208morange\x1b[0m\n" + numbers(5))
    pane.view.selectAll()
    picture = pane.view.grab().toImage()
    colours = {picture.pixel(x, y) for x in range(0, 300, 2) for y in range(30)}
    assert len(colours) > 5
