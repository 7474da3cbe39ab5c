# SPDX-License-Identifier: GPL-3.0-or-later
from fractions import Fraction

import numpy as np
import pytest

from mandelbrot_view.pictures.grid import coordinates
from mandelbrot_view.pictures.tiles import Tile
from mandelbrot_view.places.place import HOME, Place

SEAHORSE = Place("-0.743643887037151", "0.13182590420533", "2e9")
SIZE = (301, 200)
WHOLE = Tile(0, 0, *SIZE)


@pytest.mark.parametrize("place", [HOME, SEAHORSE, Place("-1.25", "1e-20", "1e30"), Place("16", "-16", "0.05")])
def test_a_coordinate_is_the_double_nearest_to_the_exact_one(place):
    re, im = coordinates(place, SIZE, WHOLE, 1)
    for i in range(0, 200, 37):
        exact_re, exact_im = place.pointAt(i + 0.5, i + 0.5, SIZE)
        assert re[i] == float(Fraction(exact_re))
        assert im[i] == float(Fraction(exact_im))


def test_a_grid_has_a_point_in_every_step_th_pixel_from_the_corner_of_its_tile():
    re, im = coordinates(SEAHORSE, SIZE, WHOLE, 1)
    part_re, part_im = coordinates(SEAHORSE, SIZE, Tile(40, 16, 21, 17), 8)
    assert part_re.tolist() == re[[40, 48, 56]].tolist()
    assert part_im.tolist() == im[[16, 24, 32]].tolist()


def test_a_point_keeps_its_coordinates_in_a_pan():
    re, im = coordinates(SEAHORSE, SIZE, WHOLE, 1)
    moved_re, moved_im = coordinates(SEAHORSE.pannedBy(-31, 14, 200), SIZE, WHOLE, 1)
    assert (moved_re[:-31] == re[31:]).all()
    assert (moved_im[14:] == im[:-14]).all()


def test_rows_run_down():
    _, im = coordinates(HOME, SIZE, WHOLE, 1)
    assert (np.diff(im) < 0).all()
