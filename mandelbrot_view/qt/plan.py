# SPDX-License-Identifier: GPL-3.0-or-later
"""Which pieces of a picture are to be computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import hypot

import numpy as np
from numpy.typing import NDArray

from ..pictures.tiles import COARSEST, EDGE, Tile, bandsOf
from .framing import clipped
from .picture import SHARP, Fineness

Position = tuple[float, float]


def coarseMissing(fineness: Fineness) -> Tile | None:
    """The least rectangle that has all of which the coarse pass will tell more than is known."""
    return boundsOf(fineness > COARSEST)


def bandsWithin(tile: Tile, count: int) -> list[Tile]:
    """At most `count` bands of a tile's whole width."""
    bands = bandsOf((tile.width, tile.height), count)
    return [band._replace(x=tile.x, y=tile.y + band.y) for band in bands]


def missingTiles(
    fineness: Fineness, covered: Iterable[Tile], origin: tuple[int, int], focus: Position, edge: int = EDGE
) -> list[tuple[str, Tile]]:
    """What is not sharp, as named tiles, those nearest the focus first.

    covered: what is being computed already; origin: a pixel at which a tile begins, wherever it lies: a picture that
    was panned keeps its cuts; edge: of a tile, in pixels.
    """
    size = fineness.shape[1], fineness.shape[0]
    missing = fineness != SHARP
    for tile in covered:
        there = clipped(tile, size)
        if there is not None:
            missing[_slices(there)] = False
    tiles = []
    for name, cell in _cells(size, origin, edge):
        bounds = boundsOf(missing[_slices(cell)])
        if bounds is not None:
            tiles.append((name, bounds._replace(x=cell.x + bounds.x, y=cell.y + bounds.y)))
    return sorted(tiles, key=lambda named: distance(named[1], focus))


def boundsOf(mask: NDArray[np.bool_]) -> Tile | None:
    """The least rectangle that has all that is set."""
    rows = np.flatnonzero(mask.any(axis=1))
    if not rows.size:
        return None
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(mask[top:bottom].any(axis=0))
    left, right = int(columns[0]), int(columns[-1]) + 1
    return Tile(left, top, right - left, bottom - top)


def unsharpWithin(fineness: Fineness, tile: Tile) -> Tile | None:
    """The least rectangle that has all of a tile that is in the picture and not sharp."""
    there = clipped(tile, (fineness.shape[1], fineness.shape[0]))
    if there is None:
        return None
    bounds = boundsOf(fineness[_slices(there)] != SHARP)
    return None if bounds is None else bounds._replace(x=there.x + bounds.x, y=there.y + bounds.y)


def distance(tile: Tile, position: Position) -> float:
    """From a tile's middle to a position, in pixels."""
    return hypot(tile.x + tile.width / 2 - position[0], tile.y + tile.height / 2 - position[1])


def _cells(size: tuple[int, int], origin: tuple[int, int], edge: int) -> Iterator[tuple[str, Tile]]:
    for row, y in enumerate(range(-(-origin[1] % edge), size[1], edge), 1):
        for column, x in enumerate(range(-(-origin[0] % edge), size[0], edge), 1):
            cell = clipped(Tile(x, y, edge, edge), size)
            if cell is not None:
                yield f"tile {column},{row}", cell


def _slices(tile: Tile) -> tuple[slice, slice]:
    return slice(tile.y, tile.y + tile.height), slice(tile.x, tile.x + tile.width)
