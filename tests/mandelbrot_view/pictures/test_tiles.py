# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from mandelbrot_view.pictures.tiles import COARSEST, Tile, bandsOf, tilesOf


def coverage(tiles, size):
    """How often each pixel of a picture is covered."""
    width, height = size
    count = [[0] * width for _ in range(height)]
    for tile in tiles:
        for y in range(tile.y, tile.y + tile.height):
            for x in range(tile.x, tile.x + tile.width):
                count[y][x] += 1
    return count


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (64, 48), (100, 37), (33, 129)])
@pytest.mark.parametrize("cut", [lambda size: tilesOf(size, 32), lambda size: bandsOf(size, 3)])
def test_pieces_cover_each_pixel_once(size, cut):
    assert coverage(cut(size), size) == [[1] * size[0] for _ in range(size[1])]


@pytest.mark.parametrize("cut", [tilesOf, lambda size: bandsOf(size, 5)])
def test_pieces_begin_at_samples_of_the_coarsest_pass(cut):
    assert all(tile.x % COARSEST == 0 and tile.y % COARSEST == 0 for tile in cut((1001, 777)))


def test_tiles_are_about_256_pixels_wide_and_cut_off_at_the_border():
    assert tilesOf((300, 256)) == [Tile(0, 0, 256, 256), Tile(256, 0, 44, 256)]


def test_an_empty_picture_has_no_tiles():
    assert tilesOf((0, 100)) == []


def test_bands_are_of_like_height_and_no_more_than_asked_for():
    bands = bandsOf((640, 480), 4)
    assert [band.height for band in bands] == [120, 120, 120, 120]
    assert len(bandsOf((640, 16), 4)) == 2
