# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest
from PyQt5.QtCore import QSize
from PyQt5.QtGui import QIcon

from mandelbrot_view.colour.palettes import PALETTES
from mandelbrot_view.colour.perceptual import perceptual
from mandelbrot_view.qt.colouring.images import STRIP, stripIcon, stripImage

WIDTH = STRIP.width()


@pytest.mark.parametrize("palette", [PALETTES["Lagoon"], perceptual()["CET_C1"], perceptual()["fire"]])
def test_it_is_a_cycle_of_the_palette(palette):
    image = stripImage(palette, WIDTH)
    shown = np.array([image.pixelColor(x, 0).getRgb()[:3] for x in range(WIDTH)])
    assert np.abs(shown - palette.table(WIDTH)).max() <= 16


@pytest.mark.parametrize("size", [STRIP, 2 * STRIP, 3 * STRIP, QSize(16, 16), QSize(32, 32)])
def test_an_icon_fills_its_room_in_lists_and_menus(qapp, size):
    assert stripIcon(PALETTES["Dusk"]).pixmap(size).size() == size


def test_the_one_that_is_chosen_has_its_own_colours_still(qapp):
    icon = stripIcon(PALETTES["Dusk"])
    assert icon.pixmap(STRIP, QIcon.Selected).toImage() == icon.pixmap(STRIP).toImage()
