# SPDX-License-Identifier: GPL-3.0-or-later
"""From smooth counts to colours."""

import numpy as np
from numpy.typing import NDArray

from ..kernels.escape import Counts
from .palettes import Bytes, Palette

# Entries of the colour table, a power of two. With 4096, neighbours differ by a shade at most.
TABLE = 4096
# Counts are coloured by their fourth root: it spreads the few steps of the whole set's surroundings over a cycle, and
# the thousands of a deep view over some more; a linear scale would do for one depth only. With a density of 1, the
# first cycle begins at a count of 3.6, in the corners of the first picture, and reaches to 47.
CYCLES_PER_ROOT = 0.8
FIRST_ROOT = 1.375
# Pixels that are coloured at once, so that what is between stays in the processor's cache.
_CHUNK = 1 << 14
_OPAQUE = 0xFF000000


def colour(
    counts: Counts | NDArray[np.float64],
    palette: Palette,
    density: float = 1.0,
    offset: float = 0.0,
    out: Bytes | None = None,
) -> Bytes:
    """The colours of counts (h, w): uint8 (h, w, 4), blue, green, red, 255, as Qt's Format_RGB32 has them.

    Inside, and where there is no count (NaN), it is black. density: cycles of the palette, in proportion; offset:
    where the palette begins, in cycles; out: contiguous, to be written to and given back.
    """
    if out is None:
        out = np.empty((*counts.shape, 4), np.uint8)
    table = _pixels(palette)
    scale = np.float32(density * CYCLES_PER_ROOT * TABLE)
    start = np.float32((offset - density * CYCLES_PER_ROOT * FIRST_ROOT) % 1.0 * TABLE)
    flat, pixels = counts.reshape(-1), out.reshape(-1).view(np.uint32)
    phase, index = np.empty(_CHUNK, np.float32), np.empty(_CHUNK, np.intp)
    for begin in range(0, flat.size, _CHUNK):
        part = flat[begin : begin + _CHUNK]
        p, i, coloured = phase[: part.size], index[: part.size], pixels[begin : begin + _CHUNK]
        np.fmax(part, 0, out=p, casting="same_kind")
        np.sqrt(p, out=p)
        np.sqrt(p, out=p)
        np.multiply(p, scale, out=p)
        np.add(p, start, out=p)
        np.copyto(i, p, casting="unsafe")
        np.bitwise_and(i, TABLE - 1, out=i)
        np.take(table, i, out=coloured, mode="clip")
        np.copyto(coloured, _OPAQUE, where=~(part >= 0))
    return out


def _pixels(palette: Palette) -> NDArray[np.uint32]:
    red, green, blue = palette.table(TABLE).T.astype(np.uint32)
    return red << 16 | green << 8 | blue | np.uint32(_OPAQUE)
