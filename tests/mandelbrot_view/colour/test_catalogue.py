# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from mandelbrot_view.colour.catalogue import PaletteError, palette_named
from mandelbrot_view.colour.palettes import PALETTES, Palette
from mandelbrot_view.colour.perceptual import perceptual

OWN = {name: Palette(name, ((0.0, "000000"), (0.5, "ffffff"))) for name in ("Mine", "fire", "ember")}


def test_ours_come_first_then_the_user_s_then_colorcet_s():
    assert palette_named("Ember", OWN) is PALETTES["Ember"]
    assert palette_named("fire", OWN) is OWN["fire"]
    assert palette_named("fire") is perceptual()["fire"]


@pytest.mark.parametrize("text", ["mine", " MINE "])
def test_case_and_spaces_around_do_not_matter(text):
    assert palette_named(text, OWN) is OWN["Mine"]


def test_what_there_is_not_is_told_with_what_there_is():
    with pytest.raises(PaletteError, match=r"there is no palette 'mud'; there are: Lagoon, .*Mine, .*CET_C1, .*fire"):
        palette_named("mud", OWN)
