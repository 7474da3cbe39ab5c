# SPDX-License-Identifier: GPL-3.0-or-later
"""A palette is made, seen while it is, saved, taken away, or all is as it was."""

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QColor
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QAbstractButton, QColorDialog, QLabel

from mandelbrot_view.colour.colouring import Colouring, Scale, Shading
from mandelbrot_view.colour.ownpalettes import OwnPalettes
from mandelbrot_view.colour.palettes import PALETTES, Palette
from mandelbrot_view.colour.perceptual import perceptual
from mandelbrot_view.qt.colouring.editor import GradientEditor

START = Colouring(PALETTES["Dusk"], 2.0, 0.25, Scale.EQUALISED, Shading.RELIEF)


class Watched(GradientEditor):
    """Keeps what it has told in `seen`."""

    def __init__(self, own, colouring):
        super().__init__(own, colouring)
        self.seen: list[Colouring] = []
        self.previewed.connect(self.seen.append)


@pytest.fixture
def own(tmp_path):
    return OwnPalettes(tmp_path / "palettes")


@pytest.fixture
def makeEditor(own, qtbot):
    editors = []

    def make(colouring=START):
        editor = Watched(own, colouring)
        editors.append(editor)
        with qtbot.waitExposed(editor):
            editor.show()
        return editor

    yield make
    for editor in editors:
        editor.deleteLater()


@pytest.fixture
def editor(makeEditor):
    editor = makeEditor()
    editor.setAttribute(Qt.WA_DeleteOnClose, False)
    return editor


def test_each_change_is_seen_at_once_and_the_rest_of_the_colouring_stays(editor):
    editor.strip.choose(1)
    editor.strip.moveStop(0.3)
    editor.density.setValue(0)
    [moved, sparser] = editor.seen
    assert moved.palette.stops[1] == (0.3, START.palette.stops[1][1])
    assert moved._replace(palette=START.palette) == START
    assert sparser == moved._replace(density=1.0)


def test_to_open_it_changes_nothing(editor):
    assert editor.seen == []


def test_cancelling_leads_back(editor):
    editor.strip.remove()
    editor.offset.setValue(7)
    QTest.keyClick(editor, Qt.Key_Escape)
    assert editor.seen[-1] == START
    assert not editor.isVisible()


def test_a_saved_palette_has_the_name_and_is_there_again(editor, own, qtbot):
    editor.strip.choose(2)
    editor.strip.recolour("123456")
    editor.name.setText(" Mine ")
    with qtbot.waitSignal(editor.saved) as told:
        editor.accept()
    [colouring] = told.args
    assert colouring.palette.name == "Mine"
    assert colouring.palette.stops[2][1] == "123456"
    assert colouring._replace(palette=START.palette) == START
    assert OwnPalettes(own.folder).palettes == {"Mine": colouring.palette}
    assert not editor.isVisible()


@pytest.mark.parametrize(
    ("name", "wrong"), [("dusk", "'dusk' is the name of a palette that comes with"), ("", "A palette needs a name")]
)
def test_a_name_that_will_not_do_is_told_in_the_dialog(editor, own, qtbot, name, wrong):
    editor.name.setText(name)
    with qtbot.assertNotEmitted(editor.saved):
        editor.accept()
    assert editor.isVisible()
    assert editor._wrong.isVisible()
    assert editor._wrong.text().startswith(wrong)
    assert own.palettes == {}
    assert editor.strip.geometry().bottom() < editor.fields.geometry().top()


def test_a_copy_of_a_palette_has_a_free_name_and_one_s_own_keeps_its_name(editor, makeEditor, own):
    assert editor.name.text() == "Dusk 2"
    assert not editor.forget.isVisible()
    mine = Palette("Mine", START.palette.stops)
    own.save(mine)
    other = makeEditor(Colouring(mine))
    assert other.name.text() == "Mine"
    assert other.forget.isVisible()


def test_one_s_own_can_be_taken_away(makeEditor, own, qtbot):
    mine = Palette("Mine", START.palette.stops)
    own.save(mine)
    editor = makeEditor(Colouring(mine))
    editor.setAttribute(Qt.WA_DeleteOnClose, False)
    with qtbot.waitSignal(editor.removed) as told:
        editor.forget.click()
    assert told.args == ["Mine"]
    assert OwnPalettes(own.folder).palettes == {}
    assert not editor.isVisible()


def test_a_palette_of_hundreds_of_stops_can_be_edited_too(makeEditor):
    editor = makeEditor(Colouring(perceptual()["fire"]))
    assert len(editor.strip.gradient) < 30
    assert editor.seen == []
    assert editor.name.text() == "fire 2"


def test_another_palette_is_edited_when_it_is_chosen_meanwhile(editor):
    other = Colouring(PALETTES["Slate"], density=0.5)
    editor.edit(other)
    assert editor.strip.gradient.stops == PALETTES["Slate"].stops
    assert (editor.density.density, editor.offset.offset) == (0.5, 0)
    assert editor.seen == []
    editor.reject()
    assert editor.seen == [START]


def test_figures_move_and_colour_the_stop(editor):
    editor.strip.choose(1)
    assert editor.fields.position.value() == 20.0
    editor.fields.position.setValue(25.5)
    assert editor.strip.gradient.stops[1][0] == pytest.approx(0.255)
    editor.fields.hex.setText("#ABCDEF")
    editor.fields.hex.editingFinished.emit()
    assert editor.strip.gradient.stops[1][1] == "abcdef"


def test_what_is_no_colour_gives_way_to_the_one_that_is(editor):
    editor.strip.choose(1)
    editor.fields.hex.setText("reddish")
    editor.fields.hex.editingFinished.emit()
    assert editor.fields.hex.text() == f"#{START.palette.stops[1][1]}"
    assert editor.seen == []


def test_a_colour_is_seen_while_it_is_chosen_and_gone_when_that_is_cancelled(editor, qtbot):
    editor.strip.choose(1)
    QTest.keyClick(editor.strip, Qt.Key_Return)
    dialog = editor.findChild(QColorDialog)
    dialog.setCurrentColor(QColor("#112233"))
    assert editor.strip.gradient.stops[1][1] == "112233"
    dialog.reject()
    assert editor.strip.gradient.stops == START.palette.stops
    assert editor.seen[-1].palette.stops == START.palette.stops


def test_add_and_remove_can_be_pressed_while_there_is_room(editor):
    editor.add.click()
    assert len(editor.strip.gradient) == 7
    while editor.remove.isEnabled():
        editor.remove.click()
    assert len(editor.strip.gradient) == 2
    editor.spread.click()
    editor.reverse.click()
    assert [position for position, _ in editor.strip.gradient.stops] == [0, 0.5]


def test_tab_goes_as_the_eye_does_and_each_has_a_name(editor, qtbot):
    editor.activateWindow()
    editor.name.setFocus()
    qtbot.waitUntil(editor.name.hasFocus)
    names = []
    for _ in range(13):
        widget = editor.focusWidget()
        names.append(widget.accessibleName() or widget.text().replace("&", ""))
        QTest.keyClick(widget, Qt.Key_Tab)
    assert names == [
        "Name of the palette", "Gradient", "Position of the stop", "Colour of the stop", "Colour…", "Add", "Remove",
        "Reverse", "Even out", "Import…", "Density", "Offset", "Save",
    ]  # fmt: skip


def test_no_two_mnemonics_are_alike(editor):
    texts = [button.text() for button in editor.findChildren(QAbstractButton)] + ["&Name", "&Density", "&Offset"]
    letters = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
    assert len(letters) == len(set(letters))
    assert all(widget.toolTip() for widget in (editor.strip, editor.add, editor.fields.swatch))


def test_a_palette_file_of_another_program_is_edited_and_seen(editor, tmp_path):
    (tmp_path / "Sunset.map").write_text("0 0 0\n255 128 0\n10 20 30\n")
    editor.load(str(tmp_path / "Sunset.map"))
    assert [colour for _, colour in editor.strip.gradient.stops] == ["000000", "ff8000", "0a141e"]
    assert editor.seen[-1].palette.stops == editor.strip.gradient.stops
    assert editor.name.text().startswith("Sunset")


def test_what_is_wrong_with_it_is_said_and_nothing_changes(editor, tmp_path):
    before = editor.strip.gradient.stops
    editor.load(str(tmp_path / "nowhere.map"))
    assert editor.strip.gradient.stops == before
    assert any("nowhere.map" in label.text() for label in editor.findChildren(QLabel))
