# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside is what has an attracting cycle, and nothing else: the deep kernel against the double one."""

import numpy as np
import pytest

from mandelbrot_view.kernels.escape import Work
from mandelbrot_view.orbits.reference import compute
from mandelbrot_view.pictures.depth import grid_of
from mandelbrot_view.pictures.grid import coordinates
from mandelbrot_view.pictures.tiles import Tile
from mandelbrot_view.places.place import Place

from .nuclei import nuclei

SIZE = (16, 12)
WHOLE = Tile(0, 0, *SIZE)
LIMIT = 200_000


def counts_of(work: Work) -> np.ndarray:
    while not work.is_done:
        work.run(0.005)
    return work.counts


def both(re: str, im: str, zoom: str, compiled, deep, limit: int = LIMIT) -> tuple[np.ndarray, np.ndarray, Work]:
    """What the double kernel and the deep one give for a picture, and the deep one's work."""
    place = Place.make(re, im, zoom, limit)
    reference = compute(re, im, zoom, SIZE, limit)
    work = deep(grid_of(place, SIZE, WHOLE, 1, reference), reference, limit)
    return counts_of(compiled(*coordinates(place, SIZE, WHOLE, 1), limit)), counts_of(work), work


@pytest.mark.parametrize("period", [3, 7, 20, 41, 61, 90, 112, 150, 188])
@pytest.mark.parametrize("scale", [0.3, 1.0, 5.0])
def test_inside_and_outside_are_those_of_the_double_kernel(period, scale, compiled, deep):
    _, re, im, size = nuclei()[period - 1]
    if size < 1e-9:
        scale /= 1e4  # a double cannot tell the pixels of so small a one apart
    doubles, found, work = both(re, im, repr(scale / size), compiled, deep)
    assert np.mean((doubles < 0) != (found < 0)) <= 0.02
    assert work.units < LIMIT * found.size


def test_points_that_come_to_their_cycle_slowly_are_found_long_before_the_limit(compiled, deep):
    # The border of a component of period 112, from both sides: nothing comes nearer to its cycle within the limit.
    re, im = REGION
    doubles, found, work = both(re, im, "7e10", compiled, deep, 4_000_000)
    assert np.mean((doubles < 0) != (found < 0)) <= 0.05
    inside = found < 0
    assert inside.mean() > 0.2
    assert (found[inside] < -1).mean() > 0.9
    known = (doubles < -1) & (found < -1)
    assert np.mean(doubles[known] == found[known]) > 0.8
    # To the limit, even all lanes together would take a million blocks.
    assert work.units < 1_000_000


REGION = (
    "-0.049470029063104093751692226",
    "-0.674787575844675364011392053",
)
