# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest

from mandelbrot_view.colour.palettes import DEFAULT, PALETTES
from mandelbrot_view.mcm.tiles import averaged, coloured_tile
from mandelbrot_view.pictures.tiles import Tile, tilesOf
from mandelbrot_view.places.place import Place

PLACE = Place.make("-0.6", "0", "1.8", 100)
SIZE = (40, 30)
PALETTE = PALETTES[DEFAULT]


def whole(antialias, size=SIZE):
    return coloured_tile(PLACE, size, Tile(0, 0, *size), PALETTE, antialias)


@pytest.mark.parametrize("antialias", [1, 2, 3])
def test_however_it_is_cut_the_picture_is_the_same(antialias):
    picture = whole(antialias)
    for tile in tilesOf(SIZE, 16):
        part = coloured_tile(PLACE, SIZE, tile, PALETTE, antialias)
        assert (part == picture[tile.y : tile.y + tile.height, tile.x : tile.x + tile.width]).all()


@pytest.mark.parametrize("n", [2, 3])
def test_antialiasing_is_the_mean_of_a_larger_picture(n):
    assert (whole(n) == averaged(whole(1, (n * SIZE[0], n * SIZE[1])), n)).all()
    assert (whole(n) != whole(1)).any()


@pytest.mark.parametrize("n", [1, 2, 3])
def test_what_is_of_one_colour_keeps_it(n):
    plain = np.broadcast_to(np.arange(256, dtype=np.uint8)[:, None, None], (256, 6, 3)).repeat(n, axis=0)
    assert (averaged(plain, n)[:, 0, 0] == np.arange(256)).all()


def test_light_is_averaged_and_not_numbers():
    board = np.array([[0, 255], [255, 0]], np.uint8)[..., None].repeat(3, axis=2)
    assert averaged(board, 2).tolist() == [[[188, 188, 188]]]
