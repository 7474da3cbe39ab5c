# SPDX-License-Identifier: GPL-3.0-or-later
"""Several samples of each pixel, for smooth edges: they are kept as counts, so that other colours need no computing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..export.averaging import averaged
from ..kernels.escape import Counts
from ..pictures.tiles import Tile
from .framing import Framing, clipped, isSameLattice, mapping
from .paint import Fineness, Paint, Pixels

_SHARP = 1


class FineTile(NamedTuple):
    """The samples of some pixels of a framing, n x n each.

    tile: those pixels; frame: which part of a picture n times as large the counts are of: the tile's and, where there
    are any, one more at each side, for the slope at the border. packed: the counts from 0 on less their lowest one,
    and the others, in 32 bits: there are many, and they differ by little.
    """

    framing: Framing
    tile: Tile
    n: int
    frame: Tile
    lowest: float
    packed: NDArray[np.float32]

    @staticmethod
    def of(framing: Framing, tile: Tile, n: int, frame: Tile, counts: Counts) -> FineTile:
        """Pack the counts of a frame."""
        isOutside = counts >= 0
        lowest = float(counts.min(initial=np.inf, where=isOutside)) if isOutside.any() else 0.0
        packed = np.where(isOutside, counts - lowest, counts).astype(np.float32)
        return FineTile(framing, tile, n, frame, lowest, packed)

    def counts(self, rows: slice, columns: slice) -> Counts:
        """The counts of a part of the frame, contiguous."""
        some = self.packed[rows, columns].astype(np.float64)
        np.add(some, self.lowest, out=some, where=some >= 0)
        return some


def frameOf(tile: Tile, n: int, size: tuple[int, int]) -> Tile:
    """A FineTile's frame for a tile of a picture of this size."""
    around = Tile(n * tile.x - 1, n * tile.y - 1, n * tile.width + 2, n * tile.height + 2)
    frame = clipped(around, (n * size[0], n * size[1]))
    assert frame is not None, "the tile lies in the picture"
    return frame


class FineSamples:
    """The fine tiles of a picture. They stay right through pans."""

    def __init__(self) -> None:
        self._tiles: list[FineTile] = []

    def __bool__(self) -> bool:
        return bool(self._tiles)

    @property
    def number(self) -> int:
        """Samples of a pixel, 1 if there are none."""
        return max((tile.n**2 for tile in self._tiles), default=1)

    def add(self, tile: FineTile) -> None:
        """Keep another one."""
        self._tiles.append(tile)

    def clear(self) -> None:
        """Forget all."""
        self._tiles.clear()

    def keepIn(self, framing: Framing) -> None:
        """Forget those that are not to be seen in another framing, or not right there."""
        self._tiles = [tile for tile in self._tiles if _within(tile, framing) is not None]

    def mask(self, framing: Framing) -> NDArray[np.bool_]:
        """Which pixels of a framing have them."""
        has = np.zeros(framing.size[::-1], bool)
        for tile in self._tiles:
            there = _within(tile, framing)
            if there is not None:
                has[there.y : there.y + there.height, there.x : there.x + there.width] = True
        return has

    def draw(self, framing: Framing, part: Tile, paint: Paint, pixels: Pixels, fineness: Fineness) -> None:
        """Colour those of a part of a picture's pixels that are sharp and have them."""
        for tile in self._tiles:
            there = _within(tile, framing)
            there = there and _common(there, part)
            if there is not None:
                drawn = _drawn(tile, there, framing, paint)
                where = slice(there.y, there.y + there.height), slice(there.x, there.x + there.width)
                np.copyto(pixels[where], drawn, where=fineness[where] == _SHARP)


def _within(tile: FineTile, framing: Framing) -> Tile | None:
    if not isSameLattice(tile.framing, framing):
        return None
    return clipped(mapping(tile.framing, framing).shifted(tile.tile), framing.size)


def _common(one: Tile, other: Tile) -> Tile | None:
    part = clipped(one._replace(x=one.x - other.x, y=one.y - other.y), (other.width, other.height))
    return None if part is None else part._replace(x=part.x + other.x, y=part.y + other.y)


def _drawn(tile: FineTile, there: Tile, framing: Framing, paint: Paint) -> Pixels:
    """The pixels there: the mean light of their samples."""
    n, where = tile.n, mapping(framing, tile.framing)
    own = where.shifted(there)
    left, top = n * own.x - tile.frame.x, n * own.y - tile.frame.y
    # With a sample more at each side, where there is one.
    first, begin = max(top - 1, 0), max(left - 1, 0)
    some = tile.counts(slice(first, top + n * own.height + 1), slice(begin, left + n * own.width + 1))
    coloured = paint.ofSamples(some, 1 / n)
    coloured = coloured[top - first :, left - begin :][: n * own.height, : n * own.width]
    light = averaged(coloured.view(np.uint8).reshape(*coloured.shape, 4)[..., :3], n)
    pixels = np.full((there.height, there.width, 4), 255, np.uint8)
    pixels[..., :3] = light
    return pixels.view(np.uint32)[..., 0]
