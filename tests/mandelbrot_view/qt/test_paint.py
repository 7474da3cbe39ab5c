# SPDX-License-Identifier: GPL-3.0-or-later
"""Colours that depend on a pixel's neighbours, or on the whole picture, while the picture fills in."""

import numpy as np
import pytest

from mandelbrot_view.colour.colour import colour
from mandelbrot_view.colour.colouring import Colouring, Interior, Scale, Shading
from mandelbrot_view.colour.ranks import Ranks
from mandelbrot_view.pictures.tiles import Tile, tilesOf
from mandelbrot_view.places.place import HOME
from mandelbrot_view.qt.framing import Framing
from mandelbrot_view.qt.paint import Paint
from mandelbrot_view.qt.picture import Picture
from mandelbrot_view.qt.scaling import scaleSmoothly

SIZE = (96, 72)
WHOLE = Tile(0, 0, *SIZE)
EQUALISED = Colouring(scale=Scale.EQUALISED)
shaded = pytest.mark.parametrize("shading", [Shading.DISTANCE, Shading.RELIEF])


def some(seed=1):
    """Counts of a picture of SIZE with a hole."""
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    counts = 30 + 20 * np.sin(x / 9) * np.cos(y / 7 + seed) + np.random.default_rng(seed).uniform(0, 1, x.shape)
    counts[30:40, 50:70] = -4
    return counts


def pixelsOf(counts, colouring):
    return colour(counts, *colouring).view(np.uint32)[..., 0]


def make(colouring):
    picture = Picture(Framing(HOME, SIZE, 500), 0xFF15181D, scaleSmoothly)
    picture.setColouring(colouring)
    recoloured(picture)
    return picture


def recoloured(picture, most=10**6):
    slices = []
    while picture.isStale:
        slices.append(picture.recolour(most))
    return slices


def takeCoarse(picture, counts):
    for tile in (Tile(0, 0, 96, 40), Tile(0, 40, 96, 32)):
        picture.take(picture.framing, tile, 8, 0, counts[tile.y : tile.y + tile.height : 8, ::8])


def takeSharp(picture, counts, edge=24, rows=5):
    """Tile by tile in some order, each in batches of rows of its three passes."""
    tiles = tilesOf(SIZE, edge)
    np.random.default_rng(7).shuffle(tiles)
    for tile in (Tile(*map(int, numbers)) for numbers in tiles):
        part = counts[tile.y : tile.y + tile.height, tile.x : tile.x + tile.width]
        for step in (4, 2, 1):
            samples = part[::step, ::step]
            for first in range(0, len(samples), rows):
                picture.take(picture.framing, tile, step, first, samples[first : first + rows])


@shaded
def test_a_picture_that_came_in_pieces_has_no_seams(shading):
    colouring, counts = Colouring(shading=shading), some()
    picture = make(colouring)
    takeCoarse(picture, counts)
    takeSharp(picture, counts)
    assert picture.isSharp
    assert not picture.isStale
    assert (picture.pixels == pixelsOf(counts, colouring)).all()


@shaded
def test_nor_has_one_after_a_pan(shading):
    colouring, counts = Colouring(shading=shading), some()
    picture = make(colouring)
    takeSharp(picture, counts)
    picture.moveTo(Framing(HOME.pannedBy(10, -7, SIZE[1]), SIZE, 500))
    moved = np.roll(counts, (-7, 10), axis=(0, 1))
    takeSharp(picture, moved)
    # At the upper and the right border there still is the slope towards what went out of sight.
    assert (picture.pixels == pixelsOf(moved, colouring))[1:, :-1].all()


@shaded
def test_shaded_pixels_are_told_with_those_around(shading):
    picture = make(Colouring(shading=shading))
    where = picture.take(picture.framing, Tile(8, 8, 16, 16), 1, 0, some()[8:24, 8:24])
    assert where == Tile(7, 7, 18, 18)


@shaded
def test_what_is_coarse_is_shaded_too(shading):
    counts = some()
    plain, picture = make(Colouring()), make(Colouring(shading=shading))
    for each in (plain, picture):
        takeCoarse(each, counts)
    assert (picture.pixels != plain.pixels).mean() > 0.3


@pytest.mark.parametrize("most", [96 * 9 * 3, 10**6])
@shaded
def test_in_slices_it_is_shaded_as_at_once(shading, most):
    counts, colouring = some(), Colouring(shading=shading, interior=Interior.PERIOD)
    picture = make(Colouring())
    takeSharp(picture, counts)
    picture.setColouring(colouring)
    assert recoloured(picture, most)[0].height == min(most // (96 * 9), 72)
    assert (picture.pixels == pixelsOf(counts, colouring)).all()


def test_colours_stay_while_an_equalised_picture_fills_in():
    counts = some()
    picture = make(EQUALISED)
    takeCoarse(picture, counts)
    picture.rank()
    recoloured(picture)
    takeSharp(picture, counts)
    ranks = Ranks.of(counts[::8, ::8])
    assert (picture.pixels == colour(counts, *EQUALISED, ranks=ranks).view(np.uint32)[..., 0]).all()
    before = picture.pixels.copy()
    picture.rank()
    assert not picture.isStale
    assert (picture.pixels == before).all()


def test_another_place_is_ranked_anew_by_its_coarse_pass():
    picture = make(EQUALISED)
    takeSharp(picture, some())
    picture.rank()
    recoloured(picture)
    picture.moveTo(Framing(HOME.pannedBy(500, 0, SIZE[1]), SIZE, 500))
    deeper = some(2) + 4000
    takeCoarse(picture, deeper)
    assert not picture.isStale
    flat = np.unique(picture.pixels).size
    picture.rank()
    assert picture.isStale
    recoloured(picture)
    assert np.unique(picture.pixels).size > 5 * flat


def test_what_is_not_equalised_is_not_ranked():
    picture = make(Colouring())
    takeCoarse(picture, some())
    picture.rank()
    assert not picture.isStale


@pytest.mark.parametrize("most", [96 * 8, 10**6])
def test_a_coarse_pass_stays_smooth_in_other_colours(most):
    """Where it was not overtaken by something finer, which gets the other colours as it is."""
    counts = some()
    other = Colouring(offset=0.4)
    picture, expected = make(Colouring()), make(other)
    for each in (picture, expected):
        takeCoarse(each, counts)
        each.take(each.framing, Tile(24, 24, 24, 24), 1, 0, counts[24:48, 24:48])
    picture.setColouring(other)
    recoloured(picture, most)
    assert (np.abs(channels(picture.pixels) - channels(expected.pixels)) <= 2).all()


def channels(pixels):
    return np.ascontiguousarray(pixels).view(np.uint8).astype(int)


class TestTheAutomaticScale:
    def counts(self, lowest, highest):
        return np.linspace(lowest, highest, 400 * 400).reshape(400, 400)

    def test_counts_of_a_wide_range_are_coloured_by_themselves(self):
        paint, counts = Paint(), self.counts(5, 300)
        assert not paint.rank(counts)
        assert paint.shown == Colouring(scale=Scale.SMOOTH)
        assert (paint.ofSamples(counts, 1.0) == colour(counts, *Colouring()).view(np.uint32)[..., 0]).all()

    def test_in_the_depth_where_they_are_nearly_the_same_they_are_equalised(self):
        paint, counts = Paint(), self.counts(16_600, 16_650)
        assert paint.rank(counts)
        assert paint.shown == EQUALISED
        assert len(np.unique(paint.ofSamples(counts, 1.0))) > 1000

    def test_while_pictures_pass_what_is_equalised_stays_so(self):
        paint = Paint()
        paint.rank(self.counts(16_600, 16_700), isPassing=True)
        for isPassing in (True, False):
            paint.rank(self.counts(16_600, 30_000), isPassing)
            assert paint.isEqualised == isPassing

    def test_what_it_is_stays_until_the_range_is_clearly_another(self):
        paint = Paint()
        shown = []
        for width in (100, 1900, 4500, 1900, 100):
            paint.rank(self.counts(16_600, 16_600 + width))
            shown.append(paint.shown.scale)
        assert shown == [Scale.EQUALISED] * 2 + [Scale.SMOOTH] * 2 + [Scale.EQUALISED]

    def test_what_the_user_has_chosen_stays(self):
        for chosen in (Scale.SMOOTH, Scale.EQUALISED):
            paint = Paint()
            paint.colouring = Colouring(scale=chosen)
            for width in (50, 100_000):
                paint.rank(self.counts(16_600, 16_600 + width))
                assert paint.shown.scale is chosen
