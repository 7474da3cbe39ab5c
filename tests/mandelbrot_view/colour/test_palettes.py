# SPDX-License-Identifier: GPL-3.0-or-later
import pickle

import numpy as np
import pytest

from mandelbrot_view.colour.palettes import DEFAULT, PALETTES, Palette

every_palette = pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))


def rgb(text):
    return [int(text[i : i + 2], 16) for i in (0, 2, 4)]


def test_there_are_several_and_the_default_comes_first():
    assert next(iter(PALETTES)) == DEFAULT
    assert len(PALETTES) >= 8


def test_the_default_is_the_well_known_cycle_of_blue_white_amber_and_black():
    assert PALETTES[DEFAULT].stops == (
        (0, "000764"), (0.16, "206bcb"), (0.42, "edffff"), (0.6425, "ffaa00"), (0.8575, "000200"),
    )  # fmt: skip


@every_palette
def test_stops_rise_from_0_to_below_1(palette):
    positions = [position for position, _ in palette.stops]
    assert positions[0] == 0
    assert positions == sorted(set(positions))
    assert positions[-1] < 1


@every_palette
def test_a_palette_passes_through_its_stops(palette):
    table = palette.table(10_000).astype(int)
    for position, colour in palette.stops:
        assert np.abs(table[round(position * 10_000)] - rgb(colour)).max() <= 2


@every_palette
def test_it_is_smooth_all_around(palette):
    table = palette.table().astype(int)
    assert np.abs(np.roll(table, -1, axis=0) - table).max() <= 4


def test_nothing_is_lighter_or_darker_than_the_stops():
    table = Palette("grey", ((0, "202020"), (0.5, "c0c0c0"))).table(100)
    assert table.min() == 0x20
    assert table.max() == 0xC0


def test_spectrum_is_of_one_lightness_to_the_eye():
    red, green, blue = (PALETTES["Spectrum"].table() / 255.0).T ** 2.2
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    assert luminance.std() < 0.1 * luminance.mean()


def test_a_table_is_made_once():
    assert PALETTES[DEFAULT].table(512) is PALETTES[DEFAULT].table(512)


def test_a_palette_need_not_begin_at_0():
    turned = Palette("turned", ((0.25, "000000"), (0.75, "ffffff"))).table(100)
    assert turned.tolist() == np.roll(Palette("grey", ((0, "000000"), (0.5, "ffffff"))).table(100), 25, axis=0).tolist()


def test_a_palette_that_was_sent_is_the_same_one():
    palette = PALETTES[DEFAULT]
    assert hash(palette) == hash(Palette(palette.name, palette.stops))
    sent = pickle.dumps(palette)
    assert pickle.loads(sent) == palette
    assert b"_hash" not in sent
