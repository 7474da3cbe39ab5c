# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest

from mandelbrot_view.colour.oklab import of_hex, oklab, srgb


def test_there_and_back():
    colours = np.random.default_rng(1).uniform(0, 1, (500, 3))
    assert srgb(oklab(colours)) == pytest.approx(colours, abs=1e-6)


def test_greys_have_no_hue_and_white_is_lightness_1():
    assert of_hex(["000000", "ffffff", "808080"]) == pytest.approx(
        np.array([[0, 0, 0], [1, 0, 0], [0.5999, 0, 0]]), abs=1e-3
    )


def test_red_as_published():
    assert of_hex(["ff0000"])[0] == pytest.approx([0.628, 0.2249, 0.1258], abs=1e-3)


def test_no_colours():
    assert of_hex([]).shape == (0, 3)
