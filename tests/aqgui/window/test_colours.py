# SPDX-License-Identifier: GPL-3.0-or-later
"""The menu Palette, the tool bar and the gradient editor in the window, which are always of one mind."""

import json

import numpy as np
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest

from aqgui.models.events import Severity
from aqgui.settings import Settings
from aqgui.window import fetching
from mandelbrot_view.colour.colouring import Colouring, Interior, Scale, Shading
from mandelbrot_view.colour.favourites import NUMBER, to_text
from mandelbrot_view.colour.palettes import DEFAULT, PALETTES, Palette
from mandelbrot_view.colour.perceptual import perceptual

STOPS = ((0.0, "102030"), (0.5, "ffeedd"))


def keep(settings, name, stops=STOPS):
    """Write a palette of the user's own."""
    folder = settings.folder / "palettes"
    folder.mkdir(exist_ok=True)
    (folder / f"{name.lower()}.json").write_text(json.dumps({"name": name, "stops": stops}))


def trigger(window, *names):
    for name in names:
        window.actions_[name].trigger()


def missing():
    """In place of a function that imports colorcet."""
    raise ImportError("no colorcet")


def whole(window, qtbot):
    """Wait for the perceptual palettes."""
    window.toolBar.palettes.wanted.emit()
    qtbot.waitUntil(lambda: window.toolBar.palettes.isComplete, timeout=20_000)


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("equalise", "scale", Scale.EQUALISED), ("shadeDistance", "shading", Shading.DISTANCE),
        ("shadeRelief", "shading", Shading.RELIEF), ("showPeriods", "interior", Interior.PERIOD),
    ],
)  # fmt: skip
def test_an_action_turns_something_on_and_off(window, name, field, value):
    assert not window.actions_[name].isChecked()
    trigger(window, name)
    assert window.view.colouring == Colouring()._replace(**{field: value})
    assert window.actions_[name].isChecked()
    trigger(window, name)
    assert getattr(window.view.colouring, field) not in (value, Scale.AUTOMATIC)
    assert not window.actions_[name].isChecked()


def test_whether_to_equalise_is_decided_by_the_picture_until_somebody_chooses(window):
    assert window.actions_["autoScale"].isChecked()
    trigger(window, "equalise")
    assert not window.actions_["autoScale"].isChecked()
    trigger(window, "autoScale")
    assert window.view.colouring == Colouring()
    window.view.picture.counts[:] = np.linspace(16_600, 16_610, window.view.picture.counts.shape[1])
    window.view._equaliser.rank()
    assert window.actions_["equalise"].isChecked()
    trigger(window, "autoScale")
    assert window.view.colouring.scale is Scale.EQUALISED


def test_one_shading_gives_way_to_the_other(window):
    trigger(window, "shadeDistance", "shadeRelief")
    assert window.view.colouring.shading is Shading.RELIEF
    assert not window.actions_["shadeDistance"].isChecked()


def test_the_colour_button_has_the_actions_too(window):
    actions = window.toolBar.colours.menu().actions()
    assert {window.actions_[name] for name in ("equalise", "shadeRelief", "editGradient")} <= set(actions)


def test_each_key_has_a_favourite_at_first(window):
    trigger(window, "favourite2")
    assert window.view.palette is list(PALETTES.values())[1]
    assert window.toolBar.palettes.currentText() == window.view.palette.name
    trigger(window, f"favourite{NUMBER}")
    assert window.actions_["equalise"].isChecked()


def test_a_favourite_is_kept_with_all_of_its_colouring_until_another_run(makeWindow):
    window = makeWindow()
    chosen = Colouring(PALETTES["Dusk"], 2.0, 0.25, Scale.EQUALISED, Shading.DISTANCE, Interior.PERIOD)
    window.colours.apply(chosen)
    trigger(window, "keepFavourite4", "favourite1")
    assert window.view.colouring == Colouring()
    assert window.actions_["favourite4"].text() == "Favourite &4: Dusk"
    again = makeWindow()
    assert again.actions_["favourite4"].text() == "Favourite &4: Dusk"
    assert not again.actions_["favourite4"].icon().isNull()
    trigger(again, "favourite4")
    assert again.view.colouring == chosen


def test_keys_keep_and_use_favourites(window, qtbot):
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.colours.apply(Colouring(PALETTES["Ember"]))
    QTest.keyClick(window, Qt.Key_7, Qt.AltModifier | Qt.ShiftModifier)
    QTest.keyClick(window, Qt.Key_1, Qt.AltModifier)
    assert window.view.palette.name == DEFAULT
    QTest.keyClick(window, Qt.Key_7, Qt.AltModifier)
    assert window.view.palette.name == "Ember"
    assert window.hint == "These colours are favourite 7 now; Alt+7 brings them back."


def test_a_favourite_of_a_palette_of_colorcet_s_comes_when_that_is_there(window, settings, qtbot):
    settings.set("favourites/3", to_text(Colouring(perceptual()["kbc"])))
    assert not window.toolBar.palettes.isComplete
    trigger(window, "favourite3")
    qtbot.waitUntil(lambda: window.view.palette.name == "kbc", timeout=20_000)
    assert window.toolBar.palettes.currentText() == "kbc"


def test_a_favourite_that_is_gone_or_spoiled_is_told(window, settings, qtbot):
    whole(window, qtbot)
    settings.set("favourites/3", to_text(Colouring(Palette("Gone", STOPS))))
    settings.set("favourites/4", "?")
    trigger(window, "favourite3")
    assert window.hint == "Favourite 3 cannot be used: there is no palette 'Gone' any more."
    trigger(window, "favourite4")
    assert window.hint == "Favourite 4 cannot be used: '?' is no colouring."
    assert window.view.colouring == Colouring()


def test_the_perceptual_palettes_are_listed_when_a_hand_comes_near(window, qtbot):
    box = window.toolBar.palettes
    assert "fire" not in box.palettes
    whole(window, qtbot)
    box.setCurrentText("fire")
    box.activated.emit(box.currentIndex())
    assert window.view.palette == perceptual()["fire"]


def test_a_palette_of_colorcet_s_that_was_chosen_last_is_there_at_once(makeWindow):
    window = makeWindow()
    window.colours.apply(Colouring(perceptual()["bmy"]))
    window.save()
    again = makeWindow()
    assert again.view.palette == perceptual()["bmy"]
    assert again.toolBar.palettes.currentText() == "bmy"
    assert not again.toolBar.palettes.isComplete


def test_colours_are_as_they_were_although_the_palette_is_gone(makeWindow, settings):
    keep(settings, "Mine")
    window = makeWindow()
    mine = Colouring(window.toolBar.palettes.palettes["Mine"])
    window.colours.apply(mine)
    window.save()
    (settings.folder / "palettes" / "mine.json").unlink()
    assert makeWindow().view.colouring == mine


def test_when_colorcet_cannot_be_had_it_is_told_and_ours_are_there(window, qtbot, monkeypatch):
    monkeypatch.setattr(fetching, "perceptual", missing)
    window.toolBar.palettes.showPopup()
    qtbot.waitUntil(window.toolBar.palettes.view().isVisible, timeout=20_000)
    window.toolBar.palettes.hidePopup()
    assert list(window.toolBar.palettes.palettes) == list(PALETTES)
    [event] = [event for event in window.eventsPanel.log.events if "perceptual" in event.text]
    assert event.text == "The perceptual palettes are missing: no colorcet. Reinstall colorcet."


@pytest.mark.parametrize("kept", ["?", to_text(Colouring(Palette("Gone", STOPS)))])
def test_colours_that_cannot_be_had_again_are_told(makeWindow, settings, kept):
    settings.set("view/colouring", kept)
    window = makeWindow()
    assert window.view.colouring == Colouring()
    assert "The last colours cannot be restored" in window.hint


def test_bad_files_of_one_s_own_are_told_and_skipped(makeWindow, settings):
    keep(settings, "Mine")
    keep(settings, "Bad", [[0, "black"]])
    window = makeWindow()
    assert "Mine" in window.toolBar.palettes.palettes
    assert "Bad" not in window.toolBar.palettes.palettes
    [event] = [event for event in window.eventsPanel.log.events if "bad.json" in event.text]
    assert event.severity == Severity.WARNING


class TestEditor:
    def test_the_picture_follows_and_cancelling_leads_back(self, window):
        trigger(window, "editGradient")
        editor = window.colours.editor
        editor.strip.choose(2)
        editor.strip.recolour("ff00ff")
        editor.density.setValue(50)
        assert window.view.palette.stops[2][1] == "ff00ff"
        assert window.view.density == window.toolBar.colours.density.density == 2.0
        editor.reject()
        assert window.view.colouring == Colouring()
        assert window.toolBar.colours.density.density == 1.0
        assert window.colours.editor is None

    def test_there_is_one(self, window):
        trigger(window, "editGradient")
        editor = window.colours.editor
        trigger(window, "editGradient")
        assert window.colours.editor is editor
        editor.reject()

    def test_what_is_chosen_meanwhile_is_edited(self, window):
        trigger(window, "editGradient")
        editor = window.colours.editor
        trigger(window, "favourite3", "shadeRelief")
        assert editor.strip.gradient.stops == window.view.palette.stops == list(PALETTES.values())[2].stops
        editor.strip.remove()
        assert window.view.colouring.shading is Shading.RELIEF
        editor.reject()
        assert window.view.colouring == Colouring()

    def test_a_saved_palette_is_listed_and_there_again(self, makeWindow):
        window = makeWindow()
        trigger(window, "editGradient")
        editor = window.colours.editor
        editor.strip.remove()
        editor.name.setText("Mine")
        editor.accept()
        assert window.toolBar.palettes.currentText() == "Mine"
        assert window.hint == "The palette Mine was saved."
        window.save()
        again = makeWindow()
        assert again.view.palette.name == again.toolBar.palettes.currentText() == "Mine"
        assert len(again.view.palette.stops) == 4

    def test_a_palette_that_is_taken_away_gives_way_to_the_default(self, makeWindow, settings):
        keep(settings, "Mine")
        window = makeWindow()
        window.colours.apply(Colouring(window.toolBar.palettes.palettes["Mine"]))
        trigger(window, "editGradient")
        window.colours.editor.forget.click()
        assert window.view.palette.name == window.toolBar.palettes.currentText() == DEFAULT
        assert "Mine" not in window.toolBar.palettes.palettes
        assert list((settings.folder / "palettes").iterdir()) == []

    def test_it_lies_beside_most_of_the_picture(self, window):
        trigger(window, "editGradient")
        editor = window.colours.editor
        middle = window.view.mapToGlobal(window.view.rect().center())
        assert not editor.frameGeometry().contains(middle)
        editor.reject()


def test_settings_are_a_file_beside_one_s_own_palettes(tmp_path):
    assert Settings(tmp_path / "settings.ini").folder == tmp_path
