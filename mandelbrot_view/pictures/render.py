# SPDX-License-Identifier: GPL-3.0-or-later
"""The one way in which pixels are computed: for the view's tiles, for `mcm`, and for programs.

The functions are tasks as they stand: they can be given to a queue, and look every few milliseconds whether they are
still wanted. Counts are those that escape.py defines, -1 inside the set.
"""

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from ..kernels.escape import Counts, Work
from ..kernels.warmup import start_work
from ..places.place import Place
from ..wanted import check_wanted
from .grid import coordinates
from .tiles import COARSEST, Tile, tilesOf

# Between two looks whether the task is still wanted, and between two items of a stream: half of the 10 ms that a
# worker may be deaf, for the last bit of work may take longer than those before it.
SLICE = 0.005

Size = tuple[int, int]
# Of a pass: its step, the first row of its grid that the rows are for, and the rows.
Rows = tuple[int, int, Counts]


def render_tile(
    place: Place, size: Size, tile: Tile, step: int = 1, limit: int | None = None, coarser: Counts | None = None
) -> Counts:
    """The counts of every step-th pixel of a tile.

    size: (width, height) of the whole picture; limit: iterations, by default the place's; coarser: what this function
    gave with twice the step, which is then not computed again. Gives float32 (ceil(tile.height / step),
    ceil(tile.width / step)); that at (i, j) is of the pixel (tile.x + j * step, tile.y + i * step). In a task that
    is no longer wanted it raises Cancelled.
    """
    work = _start(place, size, tile, step, limit, coarser)
    while not work.is_done:
        check_wanted("this part of the picture")
        work.run(SLICE)
    return work.counts


def coarse_bands(place: Place, size: Size, tile: Tile, step: int = COARSEST, limit: int | None = None) -> Counts:
    """The first pass of a part of the picture, see tiles.bandsOf(): render_tile() of every eighth pixel."""
    return render_tile(place, size, tile, step, limit)


def stream_tile(
    place: Place, size: Size, tile: Tile, limit: int | None = None, passes: tuple[int, ...] = (4, 2, 1)
) -> Generator[Rows, None, None]:
    """A tile, from coarse to fine: the rows of one pass's grid after the other, as they get done.

    passes: their steps. One of half the step before it computes only what is new. Each item is (step, first row,
    rows), rows as in render_tile(); a pass is whole before the next begins. An item is at most 10 ms of work: where
    no row gets done in that time, it has none.
    """
    finished: dict[int, Counts] = {}
    for step in passes:
        work = _start(place, size, tile, step, limit, finished.get(2 * step))
        while not work.is_done:
            first = work.whole_rows
            work.run(SLICE)
            yield step, first, work.counts[first : work.whole_rows]
        finished = {step: work.counts}


def render(place: Place, size: Size, limit: int | None = None) -> NDArray[np.float64]:
    """The counts of a whole picture, size = (width, height), computed in this process: float64 (height, width)."""
    width, height = size
    counts = np.empty((height, width))
    for tile in tilesOf(size):
        there = slice(tile.y, tile.y + tile.height), slice(tile.x, tile.x + tile.width)
        counts[there] = render_tile(place, size, tile, limit=limit)
    return counts


def _start(place: Place, size: Size, tile: Tile, step: int, limit: int | None, coarser: Counts | None) -> Work:
    re, im = coordinates(place, size, tile, step)
    return start_work(re, im, limit or place.limit or place.autoLimit(), coarser)
