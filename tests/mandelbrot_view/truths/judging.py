# SPDX-License-Identifier: GPL-3.0-or-later
"""Truths: the counts of some pixels of a place's picture, by direct iteration, and those of points right beside them.

A file NAME.json holds one. How much a count may differ is what moving its point by MOVE pixels does: there are pixels
where such a move changes nothing, and others where it changes everything. Where four moves show that it matters, more
of them were made, for there no two do the same.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, sin, sqrt, tau
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mandelbrot_view.places.place import Place

FOLDER = Path(__file__).parent
SIZE = (1280, 720)
# In pixels, (right, down).
MOVE = 0.002
MOVES = ((MOVE, 0.0), (-MOVE, 0.0), (0.0, MOVE), (0.0, -MOVE))
# Those made, too, where one of the four changes the count by WILD: between them, and half as far.
WILD = 0.1
MORE_MOVES = tuple(
    (round(length * cos(turns * tau), 6), round(length * sin(turns * tau), 6))
    for length, turns in (
        *((MOVE, sixteenth / 16) for sixteenth in range(16) if sixteenth % 4),
        *((MOVE / 2, eighth / 8) for eighth in range(8)),
    )
)

# By how much a count is off that was read some steps after the bail-out; see kernels/escape.py.
_READING = 1e-3


@dataclass(frozen=True)
class Pixel:
    """A pixel's column and row, the count of its centre, and those of the points that MOVES lead to; -1 is inside.

    If it is wild, those that MORE_MOVES lead to follow.
    """

    column: int
    row: int
    count: float
    moved: tuple[float, ...]


@dataclass(frozen=True)
class Truth:
    """What is true of a place's picture of SIZE. seconds: how long it took to find out."""

    name: str
    place: Place
    limit: int
    seconds: float
    pixels: tuple[Pixel, ...]

    def text(self) -> str:
        """As it stands in a file: a pixel a line."""
        place = self.place
        head = {"name": self.name, "re": place.re, "im": place.im, "zoom": place.zoom, "limit": self.limit}
        fields = [
            f"{json.dumps(key)}: {json.dumps(value)}" for key, value in (head | {"seconds": self.seconds}).items()
        ]
        lines = [json.dumps([pixel.column, pixel.row, pixel.count, *pixel.moved]) for pixel in self.pixels]
        return "{\n" + ",\n".join(fields) + ',\n"pixels": [\n' + ",\n".join(lines) + "\n]\n}\n"

    @staticmethod
    def of(text: str) -> "Truth":
        """The truth of which this is the text()."""
        fields = json.loads(text)
        place = Place(fields["re"], fields["im"], fields["zoom"], fields["limit"])
        pixels = tuple(Pixel(column, row, count, tuple(moved)) for column, row, count, *moved in fields["pixels"])
        return Truth(fields["name"], place, fields["limit"], fields["seconds"], pixels)


def largest_change(count: float, moved: Sequence[float], limit: int) -> float:
    """By how much the moves change a count at most; inside has a count beyond the limit, or none."""
    return max(abs(_number(other, limit) - _number(count, limit)) for other in moved)


def load(folder: Path = FOLDER) -> list[Truth]:
    """All truths that are stored, by name."""
    return [Truth.of(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def judge(truth: Truth, counts: Sequence[float] | NDArray[np.floating]) -> list[str]:
    """What is wrong with computed counts of a truth's pixels, in their order; nothing if the list is empty."""
    complaints = []
    for pixel, count in zip(truth.pixels, counts, strict=True):
        fault = _fault(pixel, float(count), truth.limit)
        if fault:
            complaints.append(f"{truth.name}, column {pixel.column}, row {pixel.row}: {fault}")
    return complaints


def _fault(pixel: Pixel, count: float, limit: int) -> str:
    # Inside may be told with its period p, as -1 - p.
    if not (0 <= count < limit + 1 or (count <= -1 and count.is_integer())):
        return f"{count} is no count"
    inside, truly_inside = count < 0, pixel.count < 0
    if inside != truly_inside and all((moved < 0) == truly_inside for moved in pixel.moved):
        return f"inside, where the count is {pixel.count}" if inside else f"{count}, where it is inside"
    true, found = _number(pixel.count, limit), _number(count, limit)
    # The four moves are along the axes: one aslant does up to sqrt(2) times as much. Of what is wild there is always
    # something wilder.
    factor = sqrt(2) if len(pixel.moved) == len(MOVES) else 2.0
    change = factor * largest_change(pixel.count, pixel.moved, limit)
    allowed = change + _READING + float(np.spacing(np.float32(true)))
    if abs(found - true) > allowed:
        return f"{found}, where it is {true}, and moving the point changes that by {allowed:.4g} at most"
    return ""


def _number(count: float, limit: int) -> float:
    return limit + 1.0 if count < 0 else count
