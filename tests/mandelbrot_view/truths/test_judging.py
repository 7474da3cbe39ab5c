# SPDX-License-Identifier: GPL-3.0-or-later
from decimal import Decimal
from math import hypot

import numpy as np
import pytest

from mandelbrot_view.places.place import HOME, Place

from .judging import MORE_MOVES, MOVES, WILD, Pixel, Truth, judge, largest_change, load
from .making import PIXELS, pixels_of

# Limit 1000.
STEADY = Pixel(3, 4, 500.25, (500.26, 500.24, 500.25, 500.27))
INSIDE = Pixel(5, 6, -1.0, (-1.0, -1.0, -1.0, -1.0))
AT_THE_EDGE = Pixel(7, 8, 600.5, (600.5, -1.0, 607.0, 600.5))
INSIDE_AT_THE_EDGE = Pixel(9, 10, -1.0, (-1.0, -1.0, 700.0, -1.0))
ROUGH = Pixel(11, 12, 700.0, (650.0, 710.0, 705.0, 720.0))
CHAOS = Pixel(13, 14, 700.0, (650.0, 710.0, 705.0, 720.0, *(690.0, 702.0, 710.0, 680.0) * 5))


def complaints(pixel, count):
    return judge(Truth("somewhere", HOME, 1000, 1.0, (pixel,)), [count])


@pytest.mark.parametrize(
    ("pixel", "count"),
    [
        (STEADY, 500.25),
        (STEADY, 500.25 + 0.028),
        (STEADY, 500.25 - 0.028),
        (INSIDE, -1),
        (INSIDE, -4),
        (AT_THE_EDGE, 600.5),
        (AT_THE_EDGE, -1),
        (AT_THE_EDGE, 900.0),
        (INSIDE_AT_THE_EDGE, -1),
        (INSIDE_AT_THE_EDGE, 710.0),
        (ROUGH, 640.0),
        (ROUGH, 770.0),
        (CHAOS, 601.0),
        (CHAOS, 799.0),
    ],
)
def test_counts_that_a_move_explains_are_right(pixel, count):
    assert complaints(pixel, count) == []


@pytest.mark.parametrize(
    ("pixel", "count", "words"),
    [
        (STEADY, -1, "column 3, row 4: inside, where the count is 500.25"),
        (INSIDE, 999.5, "column 5, row 6: 999.5, where it is inside"),
        (STEADY, 500.25 + 0.031, "500.281, where it is 500.25, and moving the point changes that by 0.0"),
        (STEADY, 500.25 - 0.031, "moving"),
        (ROUGH, 628.0, "moving"),
        (ROUGH, 772.0, "moving"),
        (CHAOS, 599.0, "moving"),
        (CHAOS, -1, "inside"),
        (AT_THE_EDGE, 20.0, "moving"),
        (INSIDE_AT_THE_EDGE, 500.0, "moving"),
        (STEADY, float("nan"), "nan is no count"),
        (STEADY, float("inf"), "inf is no count"),
        (STEADY, float("-inf"), "-inf is no count"),
        (STEADY, -4, "inside"),
        (INSIDE, -2.5, "-2.5 is no count"),
        (INSIDE, -0.5, "-0.5 is no count"),
        (AT_THE_EDGE, 1001.0, "1001.0 is no count"),
    ],
)
def test_counts_that_no_move_explains_are_told(pixel, count, words):
    (complaint,) = complaints(pixel, count)
    assert complaint.startswith("somewhere, column ")
    assert words in complaint


def test_a_large_count_may_be_rounded_to_single_precision():
    pixel = Pixel(0, 0, 4_000_000.13, (4_000_000.13,) * 4)
    truth = Truth("deep", HOME, 5_000_000, 1.0, (pixel,))
    assert judge(truth, np.array([pixel.count], np.float32)) == []
    assert len(judge(truth, [pixel.count + 0.5])) == 1


def test_more_moves_are_as_far_as_the_four_or_half_as_far():
    assert len(MORE_MOVES) == 20
    assert len({*MOVES, *MORE_MOVES}) == 24
    lengths = [hypot(*move) for move in MORE_MOVES]
    assert lengths == pytest.approx([0.002] * 12 + [0.001] * 8, rel=1e-3)


def test_each_wrong_pixel_has_its_complaint():
    truth = Truth("somewhere", HOME, 1000, 1.0, (STEADY, INSIDE, ROUGH))
    assert len(judge(truth, [-1, 30.0, -1])) == 3
    assert len(judge(truth, [500.25, -1, -1])) == 1


def test_all_pixels_must_be_there():
    truth = Truth("somewhere", HOME, 1000, 1.0, (STEADY, INSIDE))
    with pytest.raises(ValueError, match="shorter"):
        judge(truth, [500.25])


def test_a_truth_is_read_as_it_was_written():
    place = Place.make("-1." + "3" * 200, "1e-300", "1e310", 1000)
    truth = Truth("somewhere", place, 1000, 12.5, (STEADY, CHAOS))
    assert Truth.of(truth.text()) == truth


# --- those that are stored

# Decimal digits of zoom, at least one truth each: the kernels change their ways on the way down.
BANDS = (
    *((0, 2), (6, 9), (10, 12), (13, 14), (17, 20), (25, 30), (35, 40), (50, 60), (70, 90), (110, 120), (150, 160)),
    *((200, 210), (220, 230), (280, 286), (290, 299), (300, 308), (310, 320), (420, 430), (1000, 1000), (1086, 1086)),
)


def test_the_stored_truths_are_of_all_depths():
    depths = sorted(Decimal(truth.place.zoom).adjusted() for truth in load())
    for low, high in BANDS:
        assert any(low <= depth <= high for depth in depths), f"none from 1e{low} to 1e{high}"


@pytest.mark.parametrize("truth", load(), ids=lambda truth: truth.name)
def test_a_stored_truth_has_enough_random_pixels(truth):
    assert len(truth.pixels) >= PIXELS
    assert [(pixel.column, pixel.row) for pixel in truth.pixels] == pixels_of(truth.name)
    for pixel in truth.pixels:
        wild = largest_change(pixel.count, pixel.moved[: len(MOVES)], truth.limit) > WILD
        assert len(pixel.moved) == len(MOVES) + wild * len(MORE_MOVES)
    assert judge(truth, [pixel.count for pixel in truth.pixels]) == []
    assert judge(truth, np.array([pixel.count for pixel in truth.pixels], np.float32)) == []


def test_some_of_their_pixels_are_inside():
    assert sum(pixel.count < 0 for truth in load() for pixel in truth.pixels) > 150
