# SPDX-License-Identifier: GPL-3.0-or-later
"""From smooth counts to colours."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..kernels.escape import Counts
from .colouring import Interior, Scale, Shading
from .interior import MOST_PERIODS, of_periods
from .palettes import Bytes, Palette
from .ranks import Ranks
from .shading import Fineness, shade

# Entries of the colour table, a power of two. With 4096, neighbours differ by a shade at most.
TABLE = 4096
# Counts are coloured by their fourth root: it spreads the few steps of the whole set's surroundings over a cycle, and
# the thousands of a deep view over some more; a linear scale would do for one depth only. With a density of 1, the
# first cycle begins at a count of 3.6, in the corners of the first picture, and reaches to 47.
CYCLES_PER_ROOT = 0.8
FIRST_ROOT = 1.375
# Of ranks, which go from 0 to 1, with a density of 1: less than the whole cycle, so that what is nearest to the set is
# not of the colour of what is farthest from it.
CYCLES_OF_RANKS = 0.7
# Where counts cover less than this of a palette's cycle, see cycles_covered(), an automatic scale is by rank. Deep
# places that are well known have 0.005 to 0.15, and those that lie less deep 0.3 and more.
NARROW = 0.2
# Pixels that are coloured at once, so that what is between stays in the processor's cache.
_CHUNK = 1 << 14
_OPAQUE = 0xFF000000

_Floats = NDArray[np.float32]
_Index = NDArray[np.intp]


def colour(
    counts: Counts,
    palette: Palette,
    density: float = 1.0,
    offset: float = 0.0,
    scale: Scale = Scale.SMOOTH,
    shading: Shading = Shading.NONE,
    interior: Interior = Interior.BLACK,
    *,
    ranks: Ranks | None = None,
    spacing: float = 1.0,
    fineness: Fineness | None = None,
    out: Bytes | None = None,
) -> Bytes:
    """The colours of counts (h, w): uint8 (h, w, 4), blue, green, red, 255, as Qt's Format_RGB32 has them.

    Counts from 0 on are those of points outside; -1 - p is inside, at a cycle of period p; -1 inside, NaN unknown,
    both black. The arguments from palette to interior are a Colouring's. ranks: of the whole picture, when these are
    the counts of a part; spacing, fineness: see shading.shade(); out: contiguous, to be written to and given back.
    """
    if out is None:
        out = np.empty((*counts.shape, 4), np.uint8)
    if scale is Scale.SMOOTH:
        ranks = None
    elif ranks is None and scale is Scale.EQUALISED:
        ranks = Ranks.of(counts)
    table, cycles, start = _pixels(palette), density * CYCLES_PER_ROOT, offset - density * CYCLES_PER_ROOT * FIRST_ROOT
    if ranks is not None:
        cycles, start = density * CYCLES_OF_RANKS, offset
    steps, first = np.float32(cycles * TABLE), np.float32(start % 1.0 * TABLE)
    flat, pixels = counts.reshape(-1), out.view(np.uint32).reshape(-1)
    phase, index, inside = np.empty(_CHUNK, np.float32), np.empty(_CHUNK, np.intp), np.empty(_CHUNK, np.bool_)
    for begin in range(0, flat.size, _CHUNK):
        part = flat[begin : begin + _CHUNK]
        p, i, coloured = phase[: part.size], index[: part.size], pixels[begin : begin + _CHUNK]
        np.copyto(p, part, casting="same_kind")
        is_inside = inside[: part.size]
        np.logical_not(np.greater_equal(p, 0, out=is_inside), out=is_inside)
        if ranks is None:
            np.fmax(p, 0, out=p)
            np.sqrt(p, out=p)
            np.sqrt(p, out=p)
        else:
            ranks.put(part, p, i)
        np.multiply(p, steps, out=p)
        np.add(p, first, out=p)
        np.copyto(i, p, casting="unsafe")
        np.bitwise_and(i, TABLE - 1, out=i)
        np.take(table, i, out=coloured, mode="clip")
        _fill_inside(is_inside, part, coloured, interior, p, i)
    if shading is not Shading.NONE:
        shade(pixels.reshape(counts.shape), counts, shading, spacing, fineness)
    return out


def cycles_covered(counts: Counts) -> float:
    """How many cycles of a palette, with a density of 1, nine tenths of the counts cover without being equalised."""
    escaped = counts[counts >= 0]
    if not escaped.size:
        return 0.0
    low, high = np.sqrt(np.sqrt(np.quantile(escaped, [0.05, 0.95])))
    return float(high - low) * CYCLES_PER_ROOT


def _fill_inside(
    is_inside: NDArray[np.bool_], part: Counts, coloured: NDArray[np.uint32], interior: Interior, room: _Floats,
    index: _Index,
) -> None:  # fmt: skip
    """room, index: of the part's size, to be written to."""
    if not is_inside.any():
        return
    if interior is Interior.BLACK:
        np.copyto(coloured, _OPAQUE, where=is_inside)
        return
    np.subtract(-1, part, out=room, casting="same_kind")
    np.fmax(room, 0, out=room)
    np.fmin(room, MOST_PERIODS, out=room)
    np.copyto(index, room, casting="unsafe")
    np.copyto(coloured, of_periods().take(index, mode="clip"), where=is_inside)


@lru_cache(maxsize=16)
def _pixels(palette: Palette) -> NDArray[np.uint32]:
    red, green, blue = palette.table(TABLE).T.astype(np.uint32)
    return red << 16 | green << 8 | blue | np.uint32(_OPAQUE)
