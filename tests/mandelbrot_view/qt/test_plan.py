# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest

from mandelbrot_view.pictures.tiles import EDGE, Tile
from mandelbrot_view.qt.plan import bandsWithin, boundsOf, coarseMissing, distance, missingTiles, unsharpWithin

SIZE = (1280, 720)


@pytest.fixture
def fineness():
    return np.full(SIZE[::-1], 255, np.uint8)


def area(tiles):
    """How often each pixel is covered."""
    covered = np.zeros(SIZE[::-1], int)
    for x, y, width, height in tiles:
        covered[y : y + height, x : x + width] += 1
    return covered


def test_tiles_cover_what_is_not_sharp_once(fineness):
    tiles = [tile for _, tile in missingTiles(fineness, [], (0, 0), (0, 0))]
    assert len(tiles) == 15
    assert (area(tiles) == 1).all()


@pytest.mark.parametrize("origin", [(0, 0), (100, -30), (-700, 999)])
def test_tiles_begin_at_the_origin_wherever_it_was_panned(fineness, origin):
    tiles = [tile for _, tile in missingTiles(fineness, [], origin, (0, 0))]
    assert (area(tiles) == 1).all()
    inner = [tile for tile in tiles if tile.x > 0 and tile.y > 0]
    assert inner
    assert {((tile.x - origin[0]) % EDGE, (tile.y - origin[1]) % EDGE) for tile in inner} == {(0, 0)}


def test_those_nearest_the_focus_come_first(fineness):
    focus = (900.0, 400.0)
    distances = [distance(tile, focus) for _, tile in missingTiles(fineness, [], (0, 0), focus)]
    assert distances == sorted(distances)
    name, first = missingTiles(fineness, [], (0, 0), focus)[0]
    assert first == Tile(768, 256, 256, 256)
    assert name == "tile 4,2"


def test_what_is_sharp_is_left_out_and_tiles_are_trimmed(fineness):
    fineness[:] = 1
    fineness[:, 1270:] = 255
    tiles = [tile for _, tile in missingTiles(fineness, [], (0, 0), (0, 0))]
    assert tiles == [Tile(1270, 0, 10, 256), Tile(1270, 256, 10, 256), Tile(1270, 512, 10, 208)]


def test_what_is_being_computed_is_left_out_even_where_it_is_out_of_the_picture(fineness):
    covered = [Tile(-100, -100, 1000, 2000)]
    tiles = [tile for _, tile in missingTiles(fineness, covered, (0, 0), (0, 0))]
    assert (area(tiles)[:, :900] == 0).all()
    assert (area(tiles)[:, 900:] == 1).all()


def test_a_sharp_picture_needs_nothing(fineness):
    fineness[:] = 1
    assert missingTiles(fineness, [], (0, 0), (0, 0)) == []
    assert coarseMissing(fineness) is None


def test_the_coarse_pass_is_for_what_is_known_more_coarsely(fineness):
    fineness[:] = 8
    fineness[100:110, 300:500] = 9
    assert coarseMissing(fineness) == Tile(300, 100, 200, 10)


def test_bands_make_up_a_tile():
    bands = bandsWithin(Tile(300, 100, 200, 90), 3)
    assert [band.x for band in bands] == [300] * 3
    assert bands[0].y == 100
    assert sum(band.height for band in bands) == 90
    assert [band.y for band in bands[1:]] == [band.y + band.height for band in bands[:-1]]


def test_what_is_not_sharp_within_a_tile(fineness):
    fineness[:] = 1
    fineness[50:60, 70:90] = 2
    assert unsharpWithin(fineness, Tile(-20, -20, 100, 100)) == Tile(70, 50, 10, 10)
    assert unsharpWithin(fineness, Tile(0, 0, 50, 50)) is None
    assert unsharpWithin(fineness, Tile(-50, 0, 50, 50)) is None


def test_bounds_of_nothing():
    assert boundsOf(np.zeros((3, 4), bool)) is None
