# SPDX-License-Identifier: GPL-3.0-or-later
"""A tile of the picture in colours, as a worker makes it: computed finer than it is shown, and averaged."""

from __future__ import annotations

import numpy as np

from ..colour.colour import colour
from ..colour.palettes import Bytes, Palette
from ..pictures.render import Size, render_tile
from ..pictures.tiles import Tile
from ..places.place import Place

_LEVELS = np.arange(256) / 255
# The light that a screen gives for each of its 256 values (IEC 61966-2-1).
_LIGHT = np.where(_LEVELS <= 0.04045, _LEVELS / 12.92, ((_LEVELS + 0.055) / 1.055) ** 2.4).astype(np.float32)


def coloured_tile(place: Place, size: Size, tile: Tile, palette: Palette, antialias: int = 1) -> Bytes:
    """A tile of a picture `size` = (width, height) as uint8 (height, width, 3), red, green, blue.

    antialias: samples along a pixel's edges, 1 or more. They are averaged as light, not as the screen's values: half
    black, half white is what such a fine pattern looks like from afar.
    """
    finer = Tile(*(antialias * length for length in tile))
    counts = render_tile(place, (antialias * size[0], antialias * size[1]), finer)
    coloured = colour(counts, palette)[..., 2::-1]
    return np.ascontiguousarray(coloured) if antialias == 1 else averaged(coloured, antialias)


def averaged(coloured: Bytes, n: int) -> Bytes:
    """The mean light of each n x n block of pixels (n h, n w, 3), as (h, w, 3)."""
    height, width = coloured.shape[0] // n, coloured.shape[1] // n
    light = np.zeros((height, width, 3), np.float32)
    for row in range(n):
        for column in range(n):
            light += _LIGHT[coloured[row::n, column::n]]
    light /= n**2
    values = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.rint(values * 255).astype(np.uint8)
