# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest

from mandelbrot_view.orbits.shape import Shape

# Points whose orbits are back at 0 after a number of steps, and whether a cardioid is about them.
NUCLEI = [
    (0, 1, True),
    (-1, 2, False),
    (-1.7548776662466927, 3, True),
    (-0.12256116687665362 + 0.7448617666197442j, 3, False),
    (-1.3107026413368328, 4, False),
    (-1.9407998065294847, 4, True),
    (-0.15652016683375507 + 1.0322471089228318j, 4, True),
    (0.28227139076691388 + 0.53006061757852531j, 4, False),
]


def orbit(c, period):
    z = [complex(c)]
    while len(z) < period - 1:
        z.append(z[-1] ** 2 + c)
    return np.array(z[: period - 1], complex)


@pytest.mark.parametrize(("nucleus", "period", "is_cardioid"), NUCLEI)
def test_cardioids_and_discs_are_told_apart(nucleus, period, is_cardioid):
    shape, z = Shape(), orbit(nucleus, period)
    shape.follow(z, np.zeros(len(z), np.int32))
    assert shape.is_cardioid == is_cardioid


def test_points_may_come_in_parts_and_with_exponents_of_their_own():
    whole, parts, z = Shape(), Shape(), orbit(-1.9407998065294847, 4)
    whole.follow(z, np.zeros(3, np.int32))
    parts.follow(z[:1] * 2.0**900, np.full(1, -900, np.int32))
    parts.follow(z[1:] * 2.0**-900, np.full(2, 900, np.int32))
    assert vars(parts) == vars(whole)
