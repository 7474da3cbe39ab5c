# SPDX-License-Identifier: GPL-3.0-or-later
import subprocess
import sys

import numpy as np
import pytest

from mandelbrot_view.colour.perceptual import perceptual, perceptual_named


def test_well_known_ones_are_there_and_none_for_categories():
    assert {"fire", "bmy", "kbc", "colorwheel", "CET_C1", "rainbow", "coolwarm"} <= set(perceptual())
    assert not [name for name in perceptual() if "glasbey" in name]


def test_cyclic_ones_come_first_and_none_comes_twice():
    assert next(iter(perceptual())) == "CET_C1"
    assert len({palette.stops for palette in perceptual().values()}) == len(perceptual())


@pytest.mark.parametrize("name", ["CET_C1", "colorwheel", "cyclic_isoluminant"])
def test_a_cyclic_one_comes_around_as_it_is(name):
    assert len(perceptual()[name].stops) == 256


@pytest.mark.parametrize("name", ["fire", "bmy", "coolwarm", "rainbow", "isolum"])
def test_another_one_goes_there_and_back(name):
    colours = [colour for _, colour in perceptual()[name].stops]
    assert len(colours) == 510
    assert colours[1:] == colours[:0:-1]


@pytest.mark.parametrize("name", ["CET_C1", "fire", "bmy", "colorwheel"])
def test_each_goes_around_without_a_step(name):
    table = perceptual()[name].table(512).astype(int)
    assert np.abs(np.roll(table, -1, axis=0) - table).max() <= 20


def test_any_of_colorcet_s_names_will_do():
    assert perceptual_named("FIRE") is perceptual()["fire"]
    for name in ("linear_kryw_0_100_c71", "cet_l3"):
        found = perceptual_named(name)
        assert found is not None
        assert (found.name.lower(), found.stops) == (name, perceptual()["fire"].stops)
    assert perceptual_named("mud") is None


def test_nobody_imports_colorcet_who_asks_for_none_of_its_palettes():
    lines = [
        "import sys, mandelbrot_view.colour.colour, mandelbrot_view.colour.ownpalettes",
        "from mandelbrot_view.colour.catalogue import palette_named",
        "palette_named('Ember')",
        "assert 'colorcet' not in sys.modules",
        "palette_named('fire')",
        "assert 'colorcet' in sys.modules",
    ]
    subprocess.run([sys.executable, "-c", "\n".join(lines)], check=True, timeout=60)
