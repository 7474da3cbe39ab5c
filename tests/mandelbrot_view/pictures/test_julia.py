# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np

from mandelbrot_view.pictures.julia import HALF_HEIGHT, julia


def test_that_of_0_is_the_unit_disc():
    counts = julia(0.0, 0.0, (81, 61))
    y, x = np.mgrid[30:-31:-1, -40:41] * (2 * HALF_HEIGHT / 61)
    radius = np.hypot(x, y)
    assert (counts[radius < 0.97] == -1).all()
    assert (counts[radius > 1.03] >= 0).all()


def test_it_is_symmetric_about_0():
    counts = julia(-0.7, 0.27, (60, 44))
    assert np.abs(counts - counts[::-1, ::-1]).max() < 1e-3


def test_outside_the_set_it_is_dust():
    assert (julia(1.0, 1.0, (50, 40)) >= 0).all()


def test_counts_have_no_steps():
    counts = julia(0.4, 0.0, (200, 150))
    row = counts[75, :60]
    assert np.abs(np.diff(row)).max() < 2
