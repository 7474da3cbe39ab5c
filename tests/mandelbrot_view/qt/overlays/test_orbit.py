# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from mandelbrot_view.qt.overlays.orbit import orbit


def test_it_begins_with_the_point_itself():
    assert orbit(-1 + 0j, 4) == [-1, 0, -1, 0]


def test_it_ends_with_the_point_that_has_left():
    points = orbit(1 + 1j)
    assert abs(points[-1]) > 4
    assert all(abs(z) <= 4 for z in points[:-1])


@pytest.mark.parametrize("c", [0j, -0.75 + 0.1j, 1e300 + 0j])
def test_it_is_never_longer_than_asked_for(c):
    assert 1 <= len(orbit(c, 50)) <= 50
