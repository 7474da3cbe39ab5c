# SPDX-License-Identifier: GPL-3.0-or-later
from functools import partial

import numpy as np
import pytest

from mandelbrot_view.colour.colour import CYCLES_OF_RANKS, NARROW, colour, cycles_covered
from mandelbrot_view.colour.colouring import Colouring, Interior, Scale, Shading
from mandelbrot_view.colour.palettes import DEFAULT, PALETTES, Palette
from mandelbrot_view.colour.ranks import Ranks

from ..truths.judging import load

PALETTE = PALETTES[DEFAULT]
GREY = Palette("grey", ((0, "000000"), (0.5, "ffffff")))


def test_pixels_are_blue_green_red_and_opaque():
    pure = Palette("pure", ((0, "010203"), (0.5, "010203")))
    assert colour(np.array([[5.0]]), pure).tolist() == [[[3, 2, 1, 255]]]


def test_inside_and_where_there_is_no_count_yet_it_is_black():
    white = Palette("white", ((0, "ffffff"), (0.5, "ffffff")))
    found = colour(np.array([[-1.0, np.nan, 0.0, 7.0]]), white)
    assert found[0, :, :3].max(axis=1).tolist() == [0, 0, 255, 255]
    assert (found[..., 3] == 255).all()


def test_like_counts_have_like_colours():
    counts = np.linspace(3, 1000, 100_000).reshape(100, 1000)
    flat = colour(counts, PALETTE).reshape(-1, 4).astype(int)
    assert np.abs(np.diff(flat, axis=0)).max() < 12


def cycles(counts, **options) -> float:
    """How often the palette comes around: by the black it passes."""
    grey = colour(counts, GREY, **options)[0, :, 0].astype(int)
    rising = np.diff(grey[np.flatnonzero(np.diff(grey, prepend=-1))]) > 0
    return float(np.count_nonzero(np.diff(rising.astype(int)) > 0))


def test_density_is_in_proportion_to_the_cycles():
    counts = np.linspace(1, 10_000, 100_000)[np.newaxis]
    assert cycles(counts, density=4) == pytest.approx(4 * cycles(counts), abs=4)
    assert cycles(counts) >= 4


def test_an_offset_turns_the_palette_and_a_whole_one_leads_back():
    counts = np.linspace(1, 900, 1000)[np.newaxis]
    here = colour(counts, PALETTE)
    assert (colour(counts, PALETTE, offset=0.5) != here).any()
    for turns in (1, -2):
        assert np.abs(colour(counts, PALETTE, offset=turns).astype(int) - here).max() <= 1


def test_it_writes_where_it_is_told():
    counts = np.linspace(-1, 90, 40_000).reshape(200, 200)
    out = np.zeros((200, 200, 4), np.uint8)
    assert colour(counts, PALETTE, out=out) is out
    assert (out == colour(counts, PALETTE)).all()


def test_no_counts_no_colours():
    assert colour(np.empty((0, 5)), PALETTE).shape == (0, 5, 4)


equalised = partial(colour, scale=Scale.EQUALISED)


def test_equalised_each_colour_gets_a_like_share_of_the_picture():
    counts = 9000 + np.random.default_rng(2).pareto(1.2, (120, 130)) * 20
    grey = equalised(counts, GREY, density=0.5 / CYCLES_OF_RANKS)[..., 0].astype(int)
    expected = GREY.table(1000)[:500, 0]
    for share in (0.1, 0.3, 0.5, 0.7, 0.9):
        assert np.quantile(grey, share) == pytest.approx(np.quantile(expected, share), abs=4)


def test_equalised_parts_are_coloured_by_the_ranks_of_the_whole():
    counts = np.random.default_rng(3).uniform(5, 300, (60, 40))
    counts[:20] += 500
    whole = equalised(counts, PALETTE)
    ranks = Ranks.of(counts)
    parts = [equalised(counts[y : y + 20], PALETTE, ranks=ranks) for y in range(0, 60, 20)]
    assert (np.concatenate(parts) == whole).all()
    assert (equalised(counts[:20], PALETTE) != whole[:20]).any()


def test_equalised_density_and_offset_do_what_they_do():
    counts = np.linspace(1, 10_000, 100_000)[np.newaxis]
    assert cycles(counts, density=12, scale=Scale.EQUALISED) == pytest.approx(12 * CYCLES_OF_RANKS, abs=1.1)
    here = equalised(counts, PALETTE)
    assert (equalised(counts, PALETTE, offset=0.5) != here).any()
    assert np.abs(equalised(counts, PALETTE, offset=-1).astype(int) - here).max() <= 1


def test_a_smooth_scale_has_no_use_for_ranks():
    counts = np.random.default_rng(4).uniform(5, 300, (20, 20))
    assert (colour(counts, PALETTE, ranks=Ranks.of(counts)) == colour(counts, PALETTE)).all()


def test_a_colouring_is_what_follows_the_counts():
    counts = np.random.default_rng(5).uniform(-3, 300, (20, 20))
    colouring = Colouring(PALETTE, 2.0, 0.25, Scale.EQUALISED, Shading.RELIEF, Interior.PERIOD)
    by_name = colour(
        counts, palette=PALETTE, density=2.0, offset=0.25, scale=Scale.EQUALISED, shading=Shading.RELIEF,
        interior=Interior.PERIOD,
    )  # fmt: skip
    assert (colour(counts, *colouring) == by_name).all()


@pytest.mark.parametrize("scale", list(Scale))
@pytest.mark.parametrize("shading", list(Shading))
@pytest.mark.parametrize("interior", list(Interior))
def test_doubles_and_singles_have_the_same_colours(scale, shading, interior):
    counts = np.random.default_rng(6).uniform(-9, 300, (70, 300))
    counts[5, 7] = np.nan
    colouring = Colouring(PALETTE, 1.5, 0.25, scale, shading, interior)
    out = np.zeros((70, 300, 4), np.uint8)
    assert colour(counts.astype(float), *colouring, out=out) is out
    assert (out == colour(counts, *colouring)).all()
    assert (out[..., 3] == 255).all()


@pytest.mark.parametrize(
    ("name", "isNarrow"),
    [
        ("home", False), ("seahorse_1e6", False), ("e14", False), ("minibrot_1e151", False),
        ("e50", True), ("e113", True), ("flake", True), ("e227", True), ("e318", True), ("e1000", True),
    ],
)  # fmt: skip
def test_the_counts_of_deep_places_cover_little_of_a_palette(name, isNarrow):
    truth = next(truth for truth in load() if truth.name == name)
    counts = np.array([pixel.count for pixel in truth.pixels])
    assert (cycles_covered(counts) < NARROW) == isNarrow
