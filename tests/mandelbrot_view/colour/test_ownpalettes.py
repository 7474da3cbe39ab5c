# SPDX-License-Identifier: GPL-3.0-or-later
import json

import pytest

from mandelbrot_view.colour.catalogue import PaletteError
from mandelbrot_view.colour.ownpalettes import LONGEST_NAME, OwnPalettes, parse, read
from mandelbrot_view.colour.palettes import PALETTES, Palette
from mandelbrot_view.resources import resource

STOPS = ((0.0, "0a0b0c"), (0.5, "ffffff"))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "palettes"


def test_what_was_saved_is_there_again(folder):
    own = OwnPalettes(folder)
    for name in ("Dawn", "Night sky", "dämmerung/ü", "…"):
        own.save(Palette(name, STOPS))
    again = OwnPalettes(folder)
    assert list(again.palettes) == ["Dawn", "dämmerung/ü", "Night sky", "…"]
    assert again.palettes == own.palettes
    assert again.wrong == []
    assert {path.name for path in folder.iterdir()} == {
        "dawn.json", "night-sky.json", "dammerung-u.json", "palette.json",
    }  # fmt: skip


def test_one_of_the_same_name_is_replaced_and_one_of_a_like_name_is_not(folder):
    own = OwnPalettes(folder)
    own.save(Palette("Dawn", STOPS))
    own.save(Palette("Dawn!", STOPS))
    other = Palette("Dawn", ((0.0, "000000"), (0.3, "00ff00")))
    own.save(other)
    assert OwnPalettes(folder).palettes == {"Dawn": other, "Dawn!": Palette("Dawn!", STOPS)}


def test_a_removed_one_is_gone(folder):
    own = OwnPalettes(folder)
    own.save(Palette("Dawn", STOPS))
    own.remove("Dawn")
    assert own.palettes == {}
    assert list(folder.iterdir()) == []


def test_without_a_folder_there_are_none(folder):
    assert OwnPalettes(folder).palettes == {}
    assert not folder.exists()


@pytest.mark.parametrize("path", list(resource("palettes").glob("*.json")), ids=lambda path: path.stem)
def test_they_are_written_as_those_that_come_with_the_application(path):
    assert read(path) == PALETTES[read(path).name]


def test_bad_files_are_told_and_skipped(folder):
    own = OwnPalettes(folder)
    own.save(Palette("Dawn", STOPS))
    (folder / "e.json").write_text("[")
    (folder / "f.json").write_bytes(b"\xff\xfe\x00")
    (folder / "g.json").write_text(json.dumps({"name": "Dawn", "stops": STOPS}))
    (folder / "h.json").write_text(json.dumps({"name": "Ember", "stops": STOPS}))
    (folder / "i.json").mkdir()
    (folder / "j.json").write_text("[" * 60_000)
    (folder / "k.json").write_text(" " * 70_000)
    again = OwnPalettes(folder)
    assert list(again.palettes) == ["Dawn"]
    assert [text.partition(": ")[2].partition(". ")[0] for text in again.wrong] == [
        "it is no JSON text",
        "it is no JSON text",
        "another file has a palette of the name 'Dawn'",
        "'Ember' is the name of a palette that comes with the application; choose another one",
        "it cannot be read: Is a directory",
        "it is no JSON text",
        "it is too large for a palette",
    ]
    assert all("skipped" in text for text in again.wrong)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ([], "a palette is"),
        ({"name": 5, "stops": [[0, "000000"], [0.5, "ffffff"]]}, "a palette is"),
        ({"name": "x"}, "a palette is"),
        ({"name": "x", "stops": [[0, "000000"]]}, "2 to 1024 stops, not 1"),
        ({"name": "x", "stops": [[0, "000000"], [1, "ffffff"]]}, "from 0 to below 1"),
        ({"name": "x", "stops": [[0, "000000"], [-0.1, "ffffff"]]}, "from 0 to below 1"),
        ({"name": "x", "stops": [[0, "000000"], [float("nan"), "ffffff"]]}, "from 0 to below 1"),
        ({"name": "x", "stops": [[0, "000000"], [0.5, "white"]]}, 'a colour "rrggbb"'),
        ({"name": "x", "stops": [[0.5, "000000"], [0.5, "ffffff"]]}, "must rise"),
        ({"name": "x", "stops": [[True, "000000"], [0.5, "ffffff"]]}, "a stop is"),
        ({"name": "x", "stops": [0, 1]}, "a stop is"),
    ],
)
def test_what_is_wrong_with_a_palette_is_told(content, reason):
    with pytest.raises(PaletteError, match=reason):
        parse(content)


def test_colours_may_have_the_sign_and_capitals():
    assert parse({"name": "x", "stops": [[0, "#AABBCC"], [0.5, "ffffff"]]}).stops[0] == (0.0, "aabbcc")


@pytest.mark.parametrize("name", ["", "  ", "lagoon", "x" * (LONGEST_NAME + 1), "a\nb"])
def test_some_names_will_not_do(folder, name):
    with pytest.raises(PaletteError):
        OwnPalettes(folder).save(Palette(name, STOPS))
    assert not folder.exists()


def test_what_cannot_be_written_is_told_and_not_kept(folder):
    folder.write_text("a file in its place")
    own = OwnPalettes(folder)
    with pytest.raises(PaletteError, match="could not be saved"):
        own.save(Palette("Dawn", STOPS))
    assert own.palettes == {}


@pytest.mark.parametrize(("name", "free"), [("Lagoon", "Lagoon 3"), ("Lagoon 2", "Lagoon 3"), ("fire", "fire 2")])
def test_a_free_name_has_the_next_number(folder, name, free):
    own = OwnPalettes(folder)
    own.save(Palette("Lagoon 2", STOPS))
    assert own.unused(name) == free
