# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest

from mandelbrot_view.colour.colouring import Shading
from mandelbrot_view.colour.shading import MOST_COARSE, shade

both = pytest.mark.parametrize("shading", [Shading.DISTANCE, Shading.RELIEF])


def lit(counts, shading=Shading.DISTANCE, **options):
    """What is left of white, 0 to 255."""
    counts = np.asarray(counts)
    pixels = np.full(counts.shape, 0xFFFFFFFF, np.uint32)
    shade(pixels, counts, shading, **options)
    assert (pixels >> 24 == 0xFF).all()
    assert (pixels >> 16 & 0xFF == pixels & 0xFF).all()
    assert (pixels >> 8 & 0xFF == pixels & 0xFF).all()
    return (pixels & 0xFF).astype(int)


def disc(size=64, middle=(32, 32), radius=20):
    """A disc with the potential of one: log2 of log of the distance to its middle, in radii; inside within."""
    y, x = np.mgrid[:size, :size]
    distance = np.hypot(x - middle[0], y - middle[1]) / radius
    return np.where(distance <= 1, -1, 20 - np.log2(np.log(np.maximum(distance, 1.0001))))


def noisy(shape=(70, 50), seed=3):
    counts = np.random.default_rng(seed).uniform(5, 90, shape)
    counts[20:30, 10:20] = -1
    counts[40:50, 30:35] = np.nan
    return counts


def test_the_nearer_to_the_set_the_darker():
    row = lit(disc())[32, 53:]
    assert (np.diff(row) >= 0).all()
    assert row[0] < 0.9 * row[-1]


def test_the_distance_is_in_pixels():
    """The same set, seen twice as large, is as dark at twice as many pixels from it."""
    small, large = disc(64), disc(128, (64, 64), 40)
    assert lit(large)[64, 64 + 40 + 8] > lit(small)[32, 32 + 20 + 4] - 1
    assert lit(small, spacing=2.0)[32, 56] == pytest.approx(lit(large)[64, 112], abs=3)


def test_a_thread_of_one_pixel_is_dark():
    counts = np.full((20, 20), 10.0)
    counts[:, 10] = 30.0
    found = lit(counts)
    assert (found[:, 10] < 100).all()
    assert (found[:, :9] == 255).all()


def test_the_light_comes_from_the_upper_left():
    found = lit(disc(), Shading.RELIEF)
    upper_left, lower_right = found[32 - 17, 32 - 17], found[32 + 17, 32 + 17]
    assert lower_right < 0.6 * upper_left


def test_what_is_level_is_lit_alike():
    assert len(np.unique(lit(np.full((9, 9), 40.0), Shading.RELIEF))) == 1


def test_rounding_of_high_counts_is_no_relief():
    counts = 3e6 + np.linspace(0, 1, 4096).reshape(64, 64)
    found = lit(counts, Shading.RELIEF)
    assert found.max() - found.min() < 40


@both
def test_inside_and_what_is_unknown_keep_their_colour(shading):
    counts = noisy()
    found = lit(counts, shading)
    assert (found[~(counts >= 0)] == 255).all()


@both
def test_beside_the_inside_and_what_is_unknown_the_slope_is_that_to_the_other_side(shading):
    ramp = np.tile(np.linspace(10, 20, 30), (8, 1))
    for edge in (-1.0, -7.0, np.nan):
        cut = ramp.copy()
        cut[:, 20:] = edge
        assert (lit(cut, shading)[:, :20] == lit(ramp, shading)[:, :20]).all()


@both
def test_parts_with_a_frame_of_a_pixel_have_no_seams(shading):
    counts = noisy((200, 90))
    whole = lit(counts, shading)
    parts = [lit(counts[max(y - 1, 0) : y + 11], shading)[min(y, 1) :][:10] for y in range(0, 200, 10)]
    assert (np.concatenate(parts) == whole).all()
    columns = [lit(counts[:, max(x - 1, 0) : x + 31], shading)[:, min(x, 1) :][:, :30] for x in range(0, 90, 30)]
    assert (np.concatenate(columns, axis=1) == whole).all()


@both
def test_blocks_of_a_coarse_pass_are_shaded_as_their_samples_are(shading):
    samples = noisy((12, 9))
    blocks, sizes = samples.repeat(4, 0).repeat(4, 1), np.full((48, 36), 4, np.uint8)
    assert (lit(blocks, shading, fineness=sizes) == lit(samples, shading, spacing=4.0).repeat(4, 0).repeat(4, 1)).all()


@both
def test_a_block_beside_a_sharp_pixel_is_no_step(shading):
    ramp = np.tile(np.linspace(10, 20, 32), (16, 1))
    fineness = np.ones(ramp.shape, np.uint8)
    mixed = ramp.copy()
    mixed[:, 16:] = ramp[:, 16::8].repeat(8, 1)
    fineness[:, 16:] = 8
    assert (lit(mixed, shading, fineness=fineness)[:, :16] == lit(ramp, shading)[:, :16]).all()


def test_the_largest_blocks_keep_their_colour():
    counts = noisy((64, 64))
    assert (lit(counts, fineness=np.full((64, 64), MOST_COARSE + 1, np.uint8)) == 255).all()


@both
@pytest.mark.parametrize("shape", [(0, 5), (5, 0), (1, 1), (1, 9), (9, 1)])
def test_the_smallest_pictures(shading, shape):
    assert lit(np.full(shape, 5.0), shading).shape == shape
