# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest

from mandelbrot_view.colour.colour import colour
from mandelbrot_view.colour.palettes import DEFAULT, PALETTES, Palette

PALETTE = PALETTES[DEFAULT]
GREY = Palette("grey", ((0, "000000"), (0.5, "ffffff")))


def test_pixels_are_blue_green_red_and_opaque():
    pure = Palette("pure", ((0, "010203"), (0.5, "010203")))
    assert colour(np.array([[5.0]], np.float32), pure).tolist() == [[[3, 2, 1, 255]]]


def test_inside_and_where_there_is_no_count_yet_it_is_black():
    white = Palette("white", ((0, "ffffff"), (0.5, "ffffff")))
    found = colour(np.array([[-1.0, np.nan, 0.0, 7.0]], np.float32), white)
    assert found[0, :, :3].max(axis=1).tolist() == [0, 0, 255, 255]
    assert (found[..., 3] == 255).all()


def test_like_counts_have_like_colours():
    counts = np.linspace(3, 1000, 100_000, dtype=np.float32).reshape(100, 1000)
    flat = colour(counts, PALETTE).reshape(-1, 4).astype(int)
    assert np.abs(np.diff(flat, axis=0)).max() < 12


def cycles(counts, **options) -> float:
    """How often the palette comes around: by the black it passes."""
    grey = colour(counts, GREY, **options)[0, :, 0].astype(int)
    rising = np.diff(grey[np.flatnonzero(np.diff(grey, prepend=-1))]) > 0
    return float(np.count_nonzero(np.diff(rising.astype(int)) > 0))


def test_density_is_in_proportion_to_the_cycles():
    counts = np.linspace(1, 10_000, 100_000, dtype=np.float32)[np.newaxis]
    assert cycles(counts, density=4) == pytest.approx(4 * cycles(counts), abs=4)
    assert cycles(counts) >= 4


def test_an_offset_turns_the_palette_and_a_whole_one_leads_back():
    counts = np.linspace(1, 900, 1000, dtype=np.float32)[np.newaxis]
    here = colour(counts, PALETTE)
    assert (colour(counts, PALETTE, offset=0.5) != here).any()
    for turns in (1, -2):
        assert np.abs(colour(counts, PALETTE, offset=turns).astype(int) - here).max() <= 1


def test_it_writes_where_it_is_told():
    counts = np.linspace(-1, 90, 40_000).reshape(200, 200)
    out = np.zeros((200, 200, 4), np.uint8)
    assert colour(counts, PALETTE, out=out) is out
    assert (out == colour(counts.astype(np.float32), PALETTE)).all()


def test_no_counts_no_colours():
    assert colour(np.empty((0, 5), np.float32), PALETTE).shape == (0, 5, 4)
