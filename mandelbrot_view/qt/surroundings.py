# SPDX-License-Identifier: GPL-3.0-or-later
"""What is drawn around a picture, where nothing was ever known: its own colours, mirrored at its edges and blurred.

There is no seam then and nothing is seen twice, as a dark frame or the picture of before would show it.
"""

from __future__ import annotations

from math import ceil

import numpy as np

from .framing import Mapping
from .paint import Pixels

# The blur: blocks of so many pixels, of which one in so many, across and down, is looked at.
_BLOCK, _EVERY = 16, 4
# The colours of a picture say nothing of what is farther from it than so many times its own extent.
_MOST = 5


def surroundings(pixels: Pixels, where: Mapping, size: tuple[int, int]) -> tuple[Pixels, Mapping] | None:
    """A few pixels to be drawn smoothly that cover all of a picture of this size, and where they lie in it.

    pixels, where: another picture, 0xffrrggbb, and where it lies. None if it is too small or too far away.
    """
    blocks = _blurred(pixels)
    block = where.factor * _BLOCK
    height, width = blocks.shape
    before = ceil(where.dy / block) + 1, ceil(where.dx / block) + 1
    after = ceil((size[1] - where.dy) / block) - height + 1, ceil((size[0] - where.dx) / block) - width + 1
    if max(before[0], after[0]) > _MOST * height or max(before[1], after[1]) > _MOST * width:
        return None
    # At least one, from the middle of which to the outermost edge there is nothing to mix it with.
    (top, left), (bottom, right) = (tuple(max(count, 1) for count in counts) for counts in (before, after))
    around = np.pad(blocks, ((top, bottom), (left, right)), "symmetric")
    return around, Mapping(block, where.dx - left * block, where.dy - top * block)


def _blurred(pixels: Pixels) -> Pixels:
    """The mean colours of blocks; those at the right and at the bottom may be narrower, and count as whole."""
    height, width = pixels.shape
    (rows, lines), (columns, places) = _looked(height), _looked(width)
    some = np.ascontiguousarray(pixels[lines[:, None], places])
    each = _BLOCK // _EVERY
    channels = some.view(np.uint8).reshape(rows, each, columns, each, 4)
    sums = np.full((rows, columns, 4), each * each // 2, np.uint16)
    # One after the other: numpy's sum over two axes takes ten times as long.
    for line in range(each):
        for place in range(each):
            sums += channels[:, line, :, place]
    return (sums // (each * each)).astype(np.uint8).view(np.uint32)[..., 0]


def _looked(length: int) -> tuple[int, np.ndarray]:
    """How many blocks there are along an edge, and which pixels are looked at."""
    count = ceil(length / _BLOCK)
    return count, np.minimum(np.arange(_EVERY // 2, count * _BLOCK, _EVERY), length - 1)
