# SPDX-License-Identifier: GPL-3.0-or-later
"""The one way in which pixels are computed: for the view's tiles, for `mcm`, and for programs.

The functions are tasks as they stand: they can be given to a queue, and look every few milliseconds whether they are
still wanted. Counts are those that escape.py defines, -1 inside the set.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Sequence
from time import perf_counter
from typing import TYPE_CHECKING, Any, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from ..kernels.escape import INSIDE, Counts, Work
from ..kernels.warmup import is_deep_kernel_awaited, start_deep_work, start_work, warmup
from ..places.place import Place, whole
from ..wanted import check_wanted
from .depth import grid_of, is_right_to_the_eye, isDeep, reference_for
from .grid import coordinates
from .meanwhile import Meanwhile
from .tiles import COARSEST, ROUGHEST, Tile, tilesOf

if TYPE_CHECKING:
    from ..orbits.reference import Reference

# Between two looks whether the task is still wanted, and between two items of a stream: half of the 10 ms that a
# worker may be deaf, for the last bit of work may take longer than those before it.
SLICE = 0.005

Size = tuple[int, int]
# Of a pass: its step, the first row of its grid that the rows are for, and the rows.
Rows = tuple[int, int, Counts]


def render_tile(
    place: Place, size: Size, tile: Tile, step: int = 1, limit: int | None = None, coarser: Counts | None = None,
    reference: Reference | None = None, by_eye: bool = False,
) -> Counts:  # fmt: skip
    """The counts of every step-th pixel of a tile.

    size: (width, height) of the whole picture; limit: iterations, by default the place's; coarser: what this function
    gave with twice the step, which is then not computed again. Gives float64 (ceil(tile.height / step),
    ceil(tile.width / step)); that at (i, j) is of the pixel (tile.x + j * step, tile.y + i * step). reference: for a
    deep picture, one that reaches it; without it this process computes one. by_eye: until the kernels for deep places
    are compiled, doubles may serve where they look right. In a task that is no longer wanted it raises Cancelled.
    """
    work = _start(place, size, tile, step, limit, coarser, reference, by_eye)
    while not work.is_done:
        check_wanted("this part of the picture")
        work.run(SLICE)
    return work.counts


def coarse_bands(
    place: Place, size: Size, tile: Tile, step: int = COARSEST, limit: int | None = None,
    reference: Reference | None = None,
) -> Counts:  # fmt: skip
    """The first pass of a part of the picture, see tiles.bandsOf(): render_tile() of every eighth pixel, by eye."""
    return render_tile(place, size, tile, step, limit, reference=reference, by_eye=True)


def render_in_time(
    place: Place, size: Size, tile: Tile, seconds: float, limit: int | None = None, reference: Reference | None = None,
) -> tuple[int, Counts]:  # fmt: skip
    """A tile as fine as can be had in so many seconds: (step, counts), counts as in render_tile().

    It is by eye, see render_tile(), and at least of step ROUGHEST, however long that takes. A pass of half the step
    takes four times as long as all before it, so that is tried while it should be done in time: where the machine is
    busy, it gets coarser, not later.
    """
    begin = perf_counter()
    step, counts = ROUGHEST, render_tile(place, size, tile, ROUGHEST, limit, None, reference, True)
    while step > 1 and 4 * (perf_counter() - begin) < seconds:
        step //= 2
        counts = render_tile(place, size, tile, step, limit, counts, reference, True)
    return step, counts


def stream_tile(
    place: Place, size: Size, tile: Tile, limit: int | None = None, passes: tuple[int, ...] = (4, 2, 1),
    reference: Reference | None = None, by_eye: bool = False,
) -> Generator[Rows, None, None]:  # fmt: skip
    """A tile, from coarse to fine: the rows of one pass's grid after the other, as they get done.

    passes: their steps. One of half the step before it computes only what is new. Each item is (step, first row,
    rows), rows, reference and by_eye as in render_tile(); a pass is whole before the next begins. An item is at most
    10 ms of work: where no row gets done in that time, it has none.
    """
    finished: dict[int, Counts] = {}
    for step in passes:
        work = _start(place, size, tile, step, limit, finished.get(2 * step), reference, by_eye)
        while not work.is_done:
            first = work.whole_rows
            work.run(SLICE)
            yield step, first, work.counts[first : work.whole_rows]
        finished = {step: work.counts}


def render_picture(
    place: Place, size: Size, limit: int | None = None, meanwhile: Meanwhile | None = None
) -> NDArray[np.float64]:  # fmt: skip
    """The counts of a whole picture, size = (width, height), computed in this process: float64 (height, width).

    meanwhile: computes tiles as long as the compiled kernel is awaited.
    """
    width, height = size
    counts = np.empty((height, width))
    limit = limit or place.limit or place.autoLimit()
    for tile in tilesOf(size):
        there = slice(tile.y, tile.y + tile.height), slice(tile.x, tile.x + tile.width)
        early = None
        if meanwhile is not None:
            early = meanwhile.counts(*_arguments(place, size, tile, 1, limit, None), limit)
        counts[there] = render_tile(place, size, tile, limit=limit) if early is None else early
    return counts


def render(
    re: str, im: str, zoom: str, size: Sequence[SupportsIndex] = (1280, 720), limit: SupportsIndex | None = None
) -> NDArray[np.float64]:  # fmt: skip
    """The smooth counts of a picture, at any depth, computed in the calling process on one core.

    re, im: its centre, and zoom: 4 / its height in the plane, as decimal text; size: (width, height) in pixels;
    limit: the most iterations of a point, 1 to 10^9, by default what suits the depth. Gives float64 (height, width),
    of each pixel's centre; -1 inside. Where the kernels have to be compiled, the first call takes some seconds longer,
    and a notice on a terminal says why. Raises PlaceError for what is no place, TypeError and ValueError for a size
    that is none, OrbitError where a reference orbit cannot be had, and MemoryError.
    """
    place, checked = Place.make(re, im, zoom, limit), _checked(size)
    meanwhile = Meanwhile(warmup("deep" if isDeep(place, checked) else "direct"), sys.stderr)
    return np.maximum(render_picture(place, checked, meanwhile=meanwhile), INSIDE)


def _checked(size: Sequence[SupportsIndex]) -> Size:
    try:
        width, height = (whole("size", length) for length in size)
    except (TypeError, ValueError):
        raise TypeError(f"size={size!r:.40} is no (width, height) of whole numbers, such as (1280, 720)") from None
    if width < 1 or height < 1:
        raise ValueError(f"size=({width}, {height}) has no pixels; give 1 or more each way, such as (1280, 720)")
    return width, height


def _start(
    place: Place, size: Size, tile: Tile, step: int, limit: int | None, coarser: Counts | None,
    reference: Reference | None, by_eye: bool = False,
) -> Work:  # fmt: skip
    limit = limit or place.limit or place.autoLimit()
    if by_eye and isDeep(place, size) and is_right_to_the_eye(place, size, limit) and is_deep_kernel_awaited():
        return start_work(*coordinates(place, size, tile, step), limit, coarser)
    start = start_deep_work if isDeep(place, size) else start_work
    return start(*_arguments(place, size, tile, step, limit, reference), limit, coarser)


def _arguments(
    place: Place, size: Size, tile: Tile, step: int, limit: int, reference: Reference | None
) -> tuple[Any, Any]:  # fmt: skip
    """What a kernel starts from: coordinates, or a grid and its reference orbit."""
    if not isDeep(place, size):
        return coordinates(place, size, tile, step)
    reference = reference or reference_for(place, size, limit)
    return grid_of(place, size, tile, step, reference), reference
