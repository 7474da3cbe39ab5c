# SPDX-License-Identifier: GPL-3.0-or-later
"""How truths are found out: by scripts/make_truths.py, and again by the slow tests."""

import random
from collections.abc import Callable
from time import process_time

from mandelbrot_view.places.place import Place

from .iteration import count_at
from .judging import MORE_MOVES, MOVES, SIZE, WILD, Pixel, Truth, largest_change

# At least 40 random pixels a place.
PIXELS = 40


def pixels_of(name: str) -> list[tuple[int, int]]:
    """The columns and rows of the pixels that are looked at: random ones, always the same for a name."""
    dice = random.Random(name)
    return [(dice.randrange(SIZE[0]), dice.randrange(SIZE[1])) for _ in range(PIXELS)]


def true_count(place: Place, limit: int, column: int, row: int, move: tuple[float, float] = (0.0, 0.0)) -> float:
    """The count of a pixel's centre, or of the point beside it where `move` leads."""
    return round(count_at(place, SIZE, column + 0.5, row + 0.5, limit, move), 6)


def make(name: str, place: Place, limit: int, told: Callable[[Pixel], object] = lambda pixel: None) -> Truth:
    """Find out the truth of a place. It may take half an hour; told: called with each pixel."""
    begin = process_time()
    pixels = []
    for column, row in pixels_of(name):
        count = true_count(place, limit, column, row)
        moved = [true_count(place, limit, column, row, move) for move in MOVES]
        if largest_change(count, moved, limit) > WILD:
            moved += [true_count(place, limit, column, row, move) for move in MORE_MOVES]
        pixels.append(Pixel(column, row, count, tuple(moved)))
        told(pixels[-1])
    return Truth(name, place, limit, round(process_time() - begin, 1), tuple(pixels))
