# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QAction

from aqgui.window.colourbox import ColourButton, PaletteBox
from mandelbrot_view.colour.palettes import DEFAULT, PALETTES, Palette

STOPS = ((0.0, "000000"), (0.5, "ffffff"))
OWN = {name: Palette(name, STOPS) for name in ("Mine", "fire")}
PERCEPTUAL = {name: Palette(name, ((0.0, "ff0000"), (0.5, "ffffff"))) for name in ("CET_C1", "fire", "kbc")}


@pytest.fixture
def box(qtbot):
    box = PaletteBox()
    qtbot.addWidget(box)
    return box


def texts(box):
    return [box.itemText(i) for i in range(box.count())]


def test_palettes_are_listed_with_a_strip_the_default_first(box):
    assert texts(box) == list(PALETTES)
    assert box.currentText() == DEFAULT
    strips = {bytes(box.itemIcon(i).pixmap(72, 14).toImage().bits().asarray(4000)) for i in range(box.count())}
    assert len(strips) == len(PALETTES)


def test_then_come_the_user_s_own_and_the_perceptual_ones_under_headings(box):
    box.setOwn(OWN)
    box.setPerceptual(PERCEPTUAL)
    assert texts(box)[len(PALETTES) :] == [
        "Your own", "Mine", "fire", "Perceptual, by colorcet", "CET_C1", "kbc",
    ]  # fmt: skip
    assert box.palettes["fire"] is OWN["fire"]


def test_a_heading_cannot_be_chosen(box):
    box.setOwn(OWN)
    box.showPalette(list(PALETTES.values())[-1])
    QTest.keyClick(box, Qt.Key_Down)
    assert box.currentText() == "Mine"


def test_without_palettes_there_is_no_heading(box):
    box.setOwn(OWN)
    box.setOwn({})
    box.setPerceptual({})
    assert texts(box) == list(PALETTES)
    assert box.isComplete


def test_a_chosen_palette_is_told_and_one_that_is_shown_is_not(box, qtbot):
    with qtbot.waitSignal(box.chosen) as told:
        QTest.keyClick(box, Qt.Key_Down)
    assert told.args == [list(PALETTES.values())[1]]
    with qtbot.assertNotEmitted(box.chosen):
        box.showPalette(PALETTES["Dusk"])
        box.setPerceptual(PERCEPTUAL)
    assert box.currentText() == "Dusk"


def test_one_that_is_not_listed_is_shown_too(box):
    box.showPalette(PERCEPTUAL["kbc"])
    assert box.currentText() == "kbc"
    box.setPerceptual(PERCEPTUAL)
    assert box.currentText() == "kbc"
    assert texts(box).count("kbc") == 1


def test_the_perceptual_ones_are_asked_for_when_a_hand_comes_near(box, qtbot):
    with qtbot.waitExposed(box):
        box.show()
    box.clearFocus()
    with qtbot.waitSignal(box.wanted):
        box.activateWindow()
        box.setFocus()
    box.setPerceptual(PERCEPTUAL)
    with qtbot.assertNotEmitted(box.wanted):
        box.clearFocus()
        box.setFocus()


def test_the_list_opens_when_it_is_whole(box, qtbot):
    with qtbot.waitExposed(box):
        box.show()
    box.showPopup()
    assert not box.view().isVisible()
    box.setPerceptual(PERCEPTUAL)
    assert box.view().isVisible()
    box.hidePopup()


def test_density_and_offset_are_told_as_they_change(qtbot):
    button = ColourButton()
    qtbot.addWidget(button)
    with qtbot.waitSignals([button.densityChosen, button.offsetChosen]) as told:
        button.density.setValue(100)
        button.offset.setValue(50)
    assert [signal.args for signal in told.all_signals_and_args] == [(4.0,), (0.25,)]


def test_below_the_sliders_are_actions(qtbot):
    button = ColourButton()
    qtbot.addWidget(button)
    action = QAction("Shade", button)
    button.addActions([None, action])
    assert button.menu().actions()[1].isSeparator()
    assert button.menu().actions()[2] is action
