# SPDX-License-Identifier: GPL-3.0-or-later
"""The stored truths, found out once more. What takes long is slow, and done in pieces of some seconds."""

from math import ceil

import pytest

from .judging import MORE_MOVES, MOVES, load
from .making import true_count

# Of one test, by the time that the truth once took.
SECONDS = 15.0
QUICK = 0.5


def pieces():
    """A truth and some of its pixels each: their counts, and one of the moved ones in turn."""
    for truth in load():
        share = 2 * len(truth.pixels) / sum(1 + len(pixel.moved) for pixel in truth.pixels)
        count = ceil(truth.seconds * share / SECONDS)
        marks = [pytest.mark.slow] if truth.seconds > QUICK else []
        for i in range(count):
            pixels = list(enumerate(truth.pixels))[i::count]
            yield pytest.param(truth, pixels, marks=marks, id=f"{truth.name}-{i + 1}-of-{count}")


@pytest.mark.parametrize(("truth", "pixels"), list(pieces()))
def test_a_truth_is_found_again(truth, pixels):
    for number, pixel in pixels:
        assert true_count(truth.place, truth.limit, pixel.column, pixel.row) == pixel.count
        which = number % len(pixel.moved)
        moved = true_count(truth.place, truth.limit, pixel.column, pixel.row, (MOVES + MORE_MOVES)[which])
        assert moved == pixel.moved[which]
