# SPDX-License-Identifier: GPL-3.0-or-later
"""How a picture is cut into pieces that are computed apart."""

from typing import NamedTuple

# The coarsest pass has a sample in every eighth pixel of a row and of a column. Pieces that begin at multiples of it
# have the same samples as the whole picture.
COARSEST = 8
# While a picture zooms, there may be no time even for that one.
ROUGHEST = 16
EDGE = 256


class Tile(NamedTuple):
    """A rectangle of a picture's pixels: its upper left corner (x, y), y downwards, and its extent."""

    x: int
    y: int
    width: int
    height: int


def tilesOf(size: tuple[int, int], edge: int = EDGE) -> list[Tile]:
    """The tiles of a picture `size` = (width, height), row by row; those at the right and lower border are cut off.

    edge: pixels, a multiple of COARSEST.
    """
    width, height = size
    return [
        Tile(x, y, min(edge, width - x), min(edge, height - y))
        for y in range(0, height, edge)
        for x in range(0, width, edge)
    ]


def bandsOf(size: tuple[int, int], count: int) -> list[Tile]:
    """At most `count` bands of a picture's whole width, of like height, each beginning at a multiple of COARSEST."""
    width, height = size
    lines = -(-height // COARSEST)
    starts = sorted({lines * i // count * COARSEST for i in range(count)})
    return [Tile(0, start, width, end - start) for start, end in zip(starts, [*starts[1:], height], strict=True)]
