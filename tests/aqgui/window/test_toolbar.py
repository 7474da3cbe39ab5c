# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PyQt5.QtWidgets import QMainWindow

from aqgui.actions import Actions
from aqgui.window.colourbox import ColourButton, PaletteBox
from aqgui.window.toolbar import ToolBar
from mandelbrot_view.colour.palettes import DEFAULT, PALETTES


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
    assert bar.limit.text() == "auto"
    with qtbot.waitSignal(bar.limitChosen) as told:
        bar.limit.stepBy(1)
    assert told.args == [1040]
    bar.limit.stepBy(-2)
    assert bar.limit.value() == 260


def test_zero_is_auto(bar, qtbot):
    bar.showLimit(1000, 1000)
    with qtbot.waitSignal(bar.limitChosen) as told:
        bar.limit.setValue(0)
    assert told.args == [None]


def test_palettes_are_listed_with_a_strip_the_default_first(qtbot):
    box = PaletteBox()
    qtbot.addWidget(box)
    assert [box.itemText(i) for i in range(box.count())] == list(PALETTES)
    strips = {bytes(box.itemIcon(i).pixmap(72, 14).toImage().bits().asarray(4000)) for i in range(box.count())}
    assert len(strips) == len(PALETTES)
    assert box.choose("Ember") is PALETTES["Ember"]
    assert box.choose("gone") is PALETTES[DEFAULT]


def test_a_chosen_palette_is_told(qtbot):
    box = PaletteBox()
    qtbot.addWidget(box)
    with qtbot.waitSignal(box.chosen) as told:
        box.activated[str].emit("Dusk")
    assert told.args == [PALETTES["Dusk"]]


def test_density_and_offset_are_told_as_they_change(qtbot):
    button = ColourButton()
    qtbot.addWidget(button)
    assert (button.density, button.offset) == (1, 0)
    with qtbot.waitSignals([button.densityChanged, button.offsetChanged]):
        button.setPosition(100, 50)
    assert (button.density, button.offset) == (4, 0.25)
    assert button.position == (100, 50)
