# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of a picture in colours, computed finer than they are shown and averaged: what exports are made of.

The functions are generators, so that they give way to what is more urgent: as tasks they bring, every few
milliseconds, how many samples were computed since, and at the end what they made.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..colour.colour import NARROW, colour, cycles_covered
from ..colour.colouring import Colouring, Scale, Shading
from ..colour.palettes import Bytes
from ..colour.ranks import Ranks
from ..kernels.escape import Counts
from ..pictures.render import Size, stream_tile
from ..pictures.tiles import Tile
from ..places.place import Place
from .averaging import averaged
from .png import Packed, pack

if TYPE_CHECKING:
    from ..orbits.reference import Reference

# Samples along a tile's upper edge. Square tiles are what deep pictures are computed best in.
_EDGE = 256
# Ranks are those of a picture with a quarter of the samples, but no fewer and no more than so many in all.
_LEAST_RANKED, _MOST_RANKED = 1 << 12, 1 << 16

# Samples computed since the last item.
Progress = Generator[int, None, None]


class Scene(NamedTuple):
    """A picture to make.

    size: (width, height) in pixels; antialias: samples along a pixel's edges; limit: the most iterations of a point;
    spacing: of its pixels, in pixels of what they are made for, for the width of what shading draws.
    """

    place: Place
    size: Size
    colouring: Colouring
    antialias: int
    limit: int
    spacing: float = 1.0

    @property
    def fine(self) -> Size:
        """Its samples, across and down."""
        return self.antialias * self.size[0], self.antialias * self.size[1]

    @property
    def samples(self) -> int:
        """All of them."""
        return self.fine[0] * self.fine[1]

    @property
    def isEqualised(self) -> bool:
        """Whether its colours follow ranks, which ranks_of() finds."""
        return self.colouring.scale is Scale.EQUALISED

    @property
    def mayBeEqualised(self) -> bool:
        """Whether they do, or ranks_of() is to find out whether they should."""
        return self.colouring.scale is not Scale.SMOOTH

    @property
    def rows(self) -> int:
        """Rows of pixels that are well computed together."""
        return _EDGE // (2 * self.antialias)


def bands(scene: Scene) -> list[tuple[int, int]]:
    """The picture's bands, from top to bottom: (first row, rows)."""
    height = scene.size[1]
    return [(first, min(scene.rows, height - first)) for first in range(0, height, scene.rows)]


def ranks_of(scene: Scene, reference: Reference | None = None) -> Generator[int | Ranks | None, None, None]:
    """A task: the ranks of a scene's counts, from a small picture of it.

    None, if the scale is automatic, and the counts themselves cover enough of the palette.
    """
    width, height = scene.size
    samples = min(max(width * height / 4, _LEAST_RANKED), _MOST_RANKED)
    factor = min((samples / (width * height)) ** 0.5, 1)
    small = max(round(width * factor), 1), max(round(height * factor), 1)
    counts = np.empty(small[::-1])
    yield from _fill(counts, scene, small, Tile(0, 0, *small), reference)
    yield Ranks.of(counts) if scene.isEqualised or cycles_covered(counts) < NARROW else None


def packed_band(
    scene: Scene, first: int, rows: int, ranks: Ranks | None = None, reference: Reference | None = None
) -> Generator[int | Packed, None, None]:
    """A task: some rows of a scene as a piece of a PNG file."""
    pixels = np.empty((rows, scene.size[0], 3), np.uint8)
    yield from draw(pixels, scene, first, ranks, reference)
    yield pack(pixels)


def draw(
    out: Bytes, scene: Scene, first: int, ranks: Ranks | None = None, reference: Reference | None = None
) -> Progress:
    """Draw rows of a scene, from `first` on, into `out` (rows, width, 3), red, green, blue, tile by tile.

    ranks: for a scene that is equalised; reference: for one that is deep, as for render_tile().
    """
    return draw_by([out], [ranks], scene, first, reference)


def draw_by(
    outs: Sequence[Bytes], rankings: Sequence[Ranks | None], scene: Scene, first: int, reference: Reference | None
) -> Progress:
    """The same in several ways, computed once: into each of `outs` by one of the rankings."""
    n = scene.antialias
    rows, width, _ = outs[0].shape
    columns = _EDGE // n
    for left in range(0, width, columns):
        across = min(columns, width - left)
        tile = Tile(n * left, n * first, n * across, n * rows)
        # The slope at a tile's border is that towards both its sides.
        framed = _framed(tile, scene.fine) if scene.colouring.shading is not Shading.NONE else tile
        counts = np.empty((framed.height, framed.width))
        yield from _fill(counts, scene, scene.fine, framed, reference)
        top, begin = tile.y - framed.y, tile.x - framed.x
        for out, ranks in zip(outs, rankings, strict=True):
            coloured = colour(counts, *scene.colouring, ranks=ranks, spacing=scene.spacing / n)
            own = coloured[top : top + tile.height, begin : begin + tile.width, 2::-1]
            out[:, left : left + across] = averaged(own, n)


def _fill(out: Counts, scene: Scene, size: Size, tile: Tile, reference: Reference | None) -> Progress:
    """The counts of a tile of a picture of this size, into `out`."""
    for _, first, rows in stream_tile(scene.place, size, tile, scene.limit, (1,), reference):
        out[first : first + len(rows)] = rows
        yield rows.size


def _framed(tile: Tile, size: Size) -> Tile:
    """A tile with one sample more at each side where the picture has it."""
    left, top = max(tile.x - 1, 0), max(tile.y - 1, 0)
    right, bottom = min(tile.x + tile.width + 1, size[0]), min(tile.y + tile.height + 1, size[1])
    return Tile(left, top, right - left, bottom - top)
