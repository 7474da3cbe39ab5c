# SPDX-License-Identifier: GPL-3.0-or-later
"""Truths: the counts of some pixels of a place's picture, by direct iteration, and those of points right beside them.

A file NAME.json holds one. How much a count may differ is what moving its point by MOVE pixels does: there are pixels
where such a move changes nothing, and others where it changes everything.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mandelbrot_view.places.place import Place

FOLDER = Path(__file__).parent
SIZE = (1280, 720)
# In pixels, (right, down).
MOVE = 0.002
MOVES = ((MOVE, 0.0), (-MOVE, 0.0), (0.0, MOVE), (0.0, -MOVE))

# By how much a count is off that was read some steps after the bail-out; see kernels/escape.py.
_READING = 1e-3


@dataclass(frozen=True)
class Pixel:
    """A pixel's column and row, the count of its centre, and those of the points that MOVES lead to; -1 is inside."""

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
    # A point inside has a count beyond the limit, or none. The four moves are along the axes; one aslant, by which a
    # count may be off as well, does up to sqrt(2) times as much as the one of them that does most.
    true, found, *moved = (limit + 1.0 if value < 0 else value for value in (pixel.count, count, *pixel.moved))
    allowed = sqrt(2) * max(abs(other - true) for other in moved) + _READING + float(np.spacing(np.float32(true)))
    if abs(found - true) > allowed:
        return f"{found}, where it is {true}, and moving the point changes that by {allowed:.4g} at most"
    return ""
