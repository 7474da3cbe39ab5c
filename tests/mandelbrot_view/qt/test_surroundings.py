# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest

from mandelbrot_view.qt.framing import Mapping
from mandelbrot_view.qt.surroundings import surroundings

SIZE = (200, 120)
WHERE = Mapping(0.5, 70.0, 20.0)


def picture(size=SIZE):
    """Dark at the left and bright at the right."""
    grey = np.linspace(0, 255, size[0]).astype(np.uint32)
    return np.tile(0xFF000000 | grey << 16 | grey << 8 | grey, (size[1], 1))


def around(where, size=SIZE):
    found = surroundings(picture(size), where, size)
    assert found is not None
    return found


def drawn(blocks, where, x, y):
    """The blue of the block that lies at a position."""
    return int(blocks[int((y - where.dy) / where.factor), int((x - where.dx) / where.factor)] & 0xFF)


@pytest.mark.parametrize("size", [SIZE, (203, 127), (500, 33)])
@pytest.mark.parametrize("where", [WHERE, Mapping(0.76, 24.0, 14.4), Mapping(1.0, 13.0, -9.0)])
def test_all_of_a_picture_is_covered_with_something_to_mix_at_its_edges(size, where):
    blocks, there = around(where, size)
    half = there.factor / 2
    height, width = blocks.shape
    assert there.dx + half <= 0
    assert there.dy + half <= 0
    assert there.dx + there.factor * width - half >= size[0]
    assert there.dy + there.factor * height - half >= size[1]


def test_it_goes_on_at_the_edges_as_in_a_mirror():
    blocks, where = around(WHERE)
    left, right = WHERE.dx, WHERE.dx + WHERE.factor * SIZE[0]
    for aside in (4, 12, 20):
        assert drawn(blocks, where, left - aside, 60) == drawn(blocks, where, left + aside, 60)
        # The last block is half as wide.
        assert abs(drawn(blocks, where, right + aside, 60) - drawn(blocks, where, right - aside, 60)) <= 25
    assert drawn(blocks, where, left - 4, 60) < 20 < 230 < drawn(blocks, where, right + 4, 60)


def test_an_even_colour_stays_what_it_is():
    found = surroundings(np.full((37, 51), 0xFF123456, np.uint32), Mapping(0.5, 9.0, 8.0), (51, 37))
    assert found is not None
    assert (found[0] == 0xFF123456).all()


def test_what_is_far_away_has_none():
    assert surroundings(picture(), Mapping(0.05, 95.0, 57.0), SIZE) is None
    assert surroundings(picture(), Mapping(1.0, 1e12, 0.0), SIZE) is None
    assert surroundings(picture((1, 1)), Mapping(1.0, 100.0, 60.0), SIZE) is None
