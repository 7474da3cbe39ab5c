# SPDX-License-Identifier: GPL-3.0-or-later
"""What a picture frames of the plane, and where the pixels of one picture lie in another."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from functools import lru_cache
from typing import NamedTuple

from ..pictures.tiles import Tile
from ..places.place import Place

# A difference is rounded only after it was taken, so that this is enough for centres of any number of digits.
_DIFFERENCES = Context(prec=40)
# Beyond it, and below its inverse, nothing of one picture is to be seen in the other; it keeps the arithmetic finite.
_FARTHEST = 1e12


class Framing(NamedTuple):
    """A place, the picture's size (width, height) in device pixels, and the limit of iterations in force."""

    place: Place
    size: tuple[int, int]
    limit: int

    @property
    def whole(self) -> Tile:
        """All of the picture."""
        return Tile(0, 0, *self.size)


class Mapping(NamedTuple):
    """The position (x, y) of one picture is (x * factor + dx, y * factor + dy) in another."""

    factor: float
    dx: float
    dy: float

    @property
    def isShift(self) -> bool:
        """Whether pixels fall on pixels: then what is computed for the one picture is right in the other."""
        return self.factor == 1 and self.dx.is_integer() and self.dy.is_integer()

    def ofBlocks(self, x: float, y: float, step: int) -> Mapping:
        """Of samples that are pixels `step` apart, from (x, y) on, if each is drawn as one pixel step times as large.

        A sample's own pixel is in the middle of it.
        """
        aside = (step - 1) / 2
        return Mapping(self.factor * step, self.dx + self.factor * (x - aside), self.dy + self.factor * (y - aside))

    def shifted(self, tile: Tile) -> Tile:
        """Where a tile lies in the other picture, if this is a shift."""
        return tile._replace(x=tile.x + int(self.dx), y=tile.y + int(self.dy))


@lru_cache(maxsize=64)  # it is asked for each batch of rows that comes
def mapping(one: Framing, other: Framing) -> Mapping:
    """Where the pixels of `one` lie in `other`."""
    spacing, otherSpacing = (framing.place.exactSpacing(framing.size[1]) for framing in (one, other))
    with localcontext(_DIFFERENCES):
        factor = spacing / otherSpacing
        right = (Decimal(one.place.re) - Decimal(other.place.re)) / otherSpacing
        down = (Decimal(other.place.im) - Decimal(one.place.im)) / otherSpacing
        middle, otherMiddle = ([Decimal(length) / 2 for length in framing.size] for framing in (one, other))
        dx = right + otherMiddle[0] - middle[0] * factor
        dy = down + otherMiddle[1] - middle[1] * factor
    return Mapping(max(_bounded(factor), 1 / _FARTHEST), _bounded(dx), _bounded(dy))


def isSameLattice(one: Framing, other: Framing) -> bool:
    """Whether the counts of the one are right in the other, at their shifted place."""
    return one.limit == other.limit and mapping(one, other).isShift


def clipped(tile: Tile, size: tuple[int, int]) -> Tile | None:
    """The part of a tile that lies in a picture of this size; None if there is none."""
    left, top = max(tile.x, 0), max(tile.y, 0)
    right, bottom = min(tile.x + tile.width, size[0]), min(tile.y + tile.height, size[1])
    return Tile(left, top, right - left, bottom - top) if left < right and top < bottom else None


def _bounded(number: Decimal) -> float:
    return min(max(float(number), -_FARTHEST), _FARTHEST)
