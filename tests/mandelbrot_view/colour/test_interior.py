# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest

from mandelbrot_view.colour.colour import colour
from mandelbrot_view.colour.colouring import Interior, Shading
from mandelbrot_view.colour.interior import MOST_PERIODS, of_periods
from mandelbrot_view.colour.palettes import Palette

WHITE = Palette("white", ((0, "ffffff"), (0.5, "ffffff")))
BLACK = 0xFF000000


def pixels(*counts, **options):
    return colour(np.array([counts]), WHITE, **options).view(np.uint32)[0, :, 0].tolist()


def test_each_period_has_its_colour_and_none_known_is_black():
    found = pixels(-1, -2, -3, -4, 5, np.nan, interior=Interior.PERIOD)
    assert found[0] == found[5] == BLACK
    assert found[1:4] == of_periods()[1:4].tolist()
    assert found[4] == 0xFFFFFFFF


def test_or_all_of_it_is_black():
    assert pixels(-1, -2, -300, -1e7) == [BLACK] * 4


def test_very_long_periods_have_one_colour():
    assert pixels(-1 - MOST_PERIODS, -9e4, -1e7, interior=Interior.PERIOD) == [int(of_periods()[-1])] * 3


def test_the_first_periods_can_be_told_apart_and_are_calm():
    table = of_periods()[1:13].view(np.uint8).reshape(-1, 4)[:, :3].astype(int)
    distance = np.abs(table[:, None] - table[None]).max(axis=2)
    assert distance[~np.eye(12, dtype=bool)].min() >= 12
    assert table.max() < 190
    assert table.max(axis=1).min() > 50


@pytest.mark.parametrize("shading", list(Shading))
def test_shading_leaves_it_alone(shading):
    assert pixels(-1, -2, 9, shading=shading, interior=Interior.PERIOD)[:2] == of_periods()[:2].tolist()
