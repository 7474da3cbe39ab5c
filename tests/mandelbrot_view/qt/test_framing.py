# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from mandelbrot_view.pictures.tiles import Tile
from mandelbrot_view.places.place import HOME, Place
from mandelbrot_view.qt.framing import Framing, Mapping, clipped, isSameLattice, mapping

SIZE = (400, 300)
DEEP = Place("-0.743643887037158704752191506114774", "0.131825904205311970493132056385139", "1e12")
DEEPER = Place("-0.74" + "3619" * 300, "0.1" + "7263" * 300, "1e1000")


def framing(place, size=SIZE, limit=500):
    return Framing(place, size, limit)


@pytest.mark.parametrize("place", [HOME, DEEP, DEEPER])
def test_a_pan_is_a_shift_by_its_pixels(place):
    panned = framing(place.pannedBy(30, -7, SIZE[1]))
    where = mapping(framing(place), panned)
    assert where == (1.0, 30.0, -7.0)
    assert where.isShift
    assert where.shifted(Tile(100, 50, 8, 9)) == Tile(130, 43, 8, 9)
    assert isSameLattice(framing(place), panned)


@pytest.mark.parametrize("place", [HOME, DEEP, DEEPER])
def test_a_zoom_leaves_its_spot_where_it_is(place):
    where = mapping(framing(place), framing(place.zoomedBy(1.7, 123, 45, SIZE)))
    assert where.factor == pytest.approx(1.7)
    assert (where.factor * 123 + where.dx, where.factor * 45 + where.dy) == pytest.approx((123, 45), abs=1e-2)
    assert not where.isShift


@pytest.mark.parametrize("place", [HOME, DEEP, DEEPER])
def test_clicks_of_the_wheel_and_back_lead_to_the_same_pixels(place):
    there = place
    for factor in [2**0.4] * 20 + [2**-0.4] * 20:
        there = there.zoomedBy(factor, 123, 45, SIZE)
    assert mapping(framing(place), framing(there)) == (1.0, 0.0, 0.0)


def test_a_mapping_leads_back():
    one, other = framing(HOME), framing(DEEP.zoomedBy(1e-10, 3, 5, SIZE), (500, 200))
    there, back = mapping(one, other), mapping(other, one)
    x, y = 17 * there.factor + there.dx, 23 * there.factor + there.dy
    assert (x * back.factor + back.dx, y * back.factor + back.dy) == pytest.approx((17, 23), abs=1e-3)


@pytest.mark.parametrize(("width", "isSame"), [(420, True), (410, True), (401, False)])
def test_another_width_keeps_the_pixels_if_the_middle_is_one_still(width, isSame):
    assert isSameLattice(framing(HOME), framing(HOME, (width, SIZE[1]))) is isSame


def test_another_height_or_limit_is_another_lattice():
    assert not isSameLattice(framing(HOME), framing(HOME, (400, 302)))
    assert not isSameLattice(framing(HOME), framing(HOME, limit=501))


def test_from_depth_to_the_whole_set_all_is_finite():
    for deep in (DEEP, DEEPER):
        for where in (mapping(framing(deep), framing(HOME)), mapping(framing(HOME), framing(deep))):
            assert all(abs(number) <= 1e12 for number in where)
            assert where.factor >= 1e-12


def test_a_sample_is_drawn_as_a_block_about_its_own_pixel():
    blocks = Mapping(1.0, -10.0, 5.0).ofBlocks(16, 24, 8)
    # The first block's middle is that of pixel (16, 24), which lies at (6, 29) now.
    assert (blocks.factor / 2 + blocks.dx, blocks.factor / 2 + blocks.dy) == (6.5, 29.5)


def test_a_tile_is_clipped_to_the_picture():
    assert clipped(Tile(-10, 290, 20, 20), SIZE) == Tile(0, 290, 10, 10)
    assert clipped(Tile(-10, 0, 10, 10), SIZE) is None
