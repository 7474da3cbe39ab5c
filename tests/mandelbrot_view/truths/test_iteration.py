# SPDX-License-Identifier: GPL-3.0-or-later
import random

import pytest

from mandelbrot_view.orbits.numbers import fixed
from mandelbrot_view.places.place import Place

from ..kernels.direct import smooth_count as plain_count
from ..orbits.direct import E112, count
from .iteration import count_at, smooth_count


def points():
    """Some that escape at once, in a while, and never."""
    dice = random.Random(2)
    yield from ((0.26, 0.0), (16.0, -16.0), (-2.0, 0.0), (0.0, 100.0), (0.25001, 0.0))
    yield from ((dice.uniform(-2.2, 0.7), dice.uniform(-1.3, 1.3)) for _ in range(100))


@pytest.mark.parametrize("limit", [1, 2, 3, 31, 1024, 1025, 2000])
def test_counts_are_those_of_the_definition(limit):
    bits = 200
    for re, im in points():
        found = smooth_count(fixed(str(re), bits), fixed(str(im), bits), bits, limit)
        exact = count(str(re), str(im), bits, limit)
        assert found == pytest.approx(exact if exact < limit + 1 else -1.0, abs=1e-9)
        if limit < 40:
            assert found == pytest.approx(plain_count(complex(re, im), limit), abs=1e-6)


def test_a_position_of_a_deep_picture_is_the_point_there():
    place = Place.make(*E112)
    re, im = place.pointAt(700.5, 20.5, (1280, 720))
    found = count_at(place, (1280, 720), 700.5, 20.5, 20_000)
    assert 0 < found < 20_000
    assert found == pytest.approx(count(str(re), str(im), 600, 20_000), abs=1e-9)
    assert found != count_at(place, (1280, 720), 701.5, 20.5, 20_000)
