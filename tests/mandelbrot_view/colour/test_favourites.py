# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from mandelbrot_view.colour.catalogue import PaletteError, palette_named
from mandelbrot_view.colour.colouring import Colouring, Interior, Scale, Shading
from mandelbrot_view.colour.favourites import NUMBER, first_favourite, from_text, to_text
from mandelbrot_view.colour.palettes import PALETTES, Palette

FULL = Colouring(PALETTES["Dusk"], 2.5, 0.25, Scale.EQUALISED, Shading.RELIEF, Interior.PERIOD)


@pytest.mark.parametrize("colouring", [Colouring(), FULL])
def test_there_and_back(colouring):
    assert from_text(to_text(colouring), palette_named) == colouring


def test_an_offset_is_a_part_of_a_cycle():
    assert from_text(to_text(FULL._replace(offset=-0.25)), palette_named).offset == 0.75


@pytest.mark.parametrize(
    "text",
    [
        "", "5", "[]", "{}", "null", "[" * 99_999, to_text(FULL._replace(density=float("nan"))),
        to_text(FULL._replace(offset=float("inf"))), to_text(FULL._replace(density=0)),
        to_text(FULL).replace("relief", "fog"), to_text(FULL).replace('"Dusk"', "7"),
        to_text(FULL).replace("2.5", '"x"'),
    ],
)  # fmt: skip
def test_what_is_none_is_told(text):
    with pytest.raises(PaletteError, match="no colouring"):
        from_text(text, palette_named)


def test_a_whole_text_needs_no_palette_to_be_there():
    palette = Palette("Mine", ((0.0, "102030"), (0.5, "ffeedd")))
    colouring = FULL._replace(palette=palette)
    assert from_text(to_text(colouring, isWhole=True), palette_named) == colouring
    with pytest.raises(PaletteError, match="no palette 'Mine'"):
        from_text(to_text(colouring), palette_named)
    with pytest.raises(PaletteError, match="a colour"):
        from_text(to_text(colouring, isWhole=True).replace("ffeedd", "white"), palette_named)


def test_of_a_palette_that_is_there_it_takes_that_one():
    changed = Palette("Mine", ((0.0, "000000"), (0.5, "ffeedd")))
    kept = to_text(FULL._replace(palette=Palette("Mine", ((0.0, "ff0000"), (0.5, "ffeedd")))), isWhole=True)
    assert from_text(kept, lambda _: changed).palette is changed
    assert "stops" not in to_text(FULL, isWhole=True)


def test_a_palette_that_is_gone_is_told():
    with pytest.raises(PaletteError, match="no palette 'Gone'"):
        from_text(to_text(FULL).replace("Dusk", "Gone"), palette_named)


def test_each_key_has_something_at_first():
    first = [first_favourite(number) for number in range(1, NUMBER + 1)]
    assert len(set(first)) == NUMBER
    assert first[0] == Colouring()
