# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QMainWindow

from aqgui.actions import Actions
from aqgui.window.toolbar import ToolBar


@pytest.fixture
def bar(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    bar = ToolBar(Actions(window), window)
    window.addToolBar(bar)
    yield bar
    window.close()


def test_what_is_shown_is_not_told_as_a_choice(bar, qtbot):
    with qtbot.assertNotEmitted(bar.workersChosen), qtbot.assertNotEmitted(bar.limitChosen):
        bar.showWorkers(3)
        bar.showLimit(1000, 1000)
    assert (bar.workers.value(), bar.limit.value()) == (3, 1000)


def test_a_number_of_workers_can_be_chosen(bar, qtbot):
    bar.showWorkers(2)
    with qtbot.waitSignal(bar.workersChosen) as told:
        bar.workers.stepUp()
    assert told.args == [3]


def test_the_limit_doubles_and_halves_from_the_one_in_force(bar, qtbot):
    bar.showLimit(None, 520)
    assert bar.limit.text() == "auto 520"
    with qtbot.waitSignal(bar.limitChosen) as told:
        bar.limit.stepBy(1)
    assert told.args == [1040]
    bar.limit.stepBy(-2)
    assert bar.limit.value() == 260


def test_auto_can_be_typed(bar, qtbot):
    bar.showLimit(1000, 1000)
    bar.limit.selectAll()
    with qtbot.waitSignal(bar.limitChosen) as told:
        qtbot.keyClicks(bar.limit, "auto")
        qtbot.keyClick(bar.limit, Qt.Key_Return)
    assert told.args == [None]
    bar.showLimit(None, 2080)
    assert bar.limit.text() == "auto 2,080"
    bar.limit.selectAll()
    with qtbot.waitSignal(bar.limitChosen) as told:
        qtbot.keyClicks(bar.limit, "700")
        qtbot.keyClick(bar.limit, Qt.Key_Return)
    assert told.args == [700]


def test_zero_is_auto(bar, qtbot):
    bar.showLimit(1000, 1000)
    with qtbot.waitSignal(bar.limitChosen) as told:
        bar.limit.setValue(0)
    assert told.args == [None]
