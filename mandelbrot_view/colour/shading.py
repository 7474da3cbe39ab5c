# SPDX-License-Identifier: GPL-3.0-or-later
"""Shading by the slope of the counts: nearness to the set, or a light from the side.

The potential of a point of smooth count v is 2^-v, up to a constant, so that the distance to the set is, within a
factor of two, 1 / (ln 2 |grad v|) (John Milnor and William Thurston; Heinz-Otto Peitgen and Dietmar Saupe, The Science
of Fractal Images, 1988). The slope is that to the neighbours: counts alone are asked for, nothing is computed anew.
The relief is lit after the direction of the slope alone, as Arnaud Chéritat does it.
"""

from __future__ import annotations

from math import log

import numpy as np
from numpy.typing import NDArray

from ..kernels.escape import Counts
from .colouring import Shading

Floats = NDArray[np.float32]
Fineness = NDArray[np.uint8]
Pixels = NDArray[np.uint32]
Sides = tuple[Floats, Floats, Floats, Floats]

# In pixels: at this distance from the set a colour keeps 0.84 of its light, and much closer a share that goes with the
# root of the distance, so that between threads there is still colour.
_NEAR = 1.2
# The light comes from the upper left; from how high, so that what faces away is not black; and its strength.
_LIGHT = np.float32(0.5**0.5)
_HEIGHT = np.float32(1.5)
_BRIGHTNESS = np.float32(1.4)
# A slope of so many counts a pixel is as good as flat, and of this one is noise: the threads are finer than pixels.
_FLAT2, _NOISE2 = np.float32(1e-3), np.float32(4.0)
# Blocks of coarse passes that are larger have no slope that would say anything.
MOST_COARSE = 16
_ROWS = 32


def shade(
    pixels: Pixels,
    counts: Counts,
    shading: Shading,
    spacing: float = 1.0,
    fineness: Fineness | None = None,
) -> None:
    """Darken pixels (h, w), 0xffrrggbb, by the slope of their counts, where they are not inside.

    spacing: of the counts, in pixels. fineness: for each, the size of the block of pixels that has it; without it, each
    has its own. At the border the slope is that towards the inner side; who wants it right gives a frame, of one pixel
    or, with fineness, of MOST_COARSE, and cuts it off.
    """
    for first in range(0, len(counts), _ROWS):
        rows = slice(first, min(first + _ROWS, len(counts)))
        _darken(pixels[rows], _light(counts, rows, shading, spacing, fineness))


def _light(counts: NDArray, rows: slice, shading: Shading, spacing: float, fineness: Fineness | None) -> Floats:
    """What each pixel of some rows keeps of its light, 0 to 1."""
    if fineness is None or (fineness[rows] == 1).all():
        return _of_blocks(1, counts, rows, shading, spacing, fineness)
    light = np.ones((rows.stop - rows.start, counts.shape[1]), np.float32)
    blocks = fineness[rows]
    for size in np.unique(blocks[blocks <= MOST_COARSE]).tolist():
        np.copyto(light, _of_blocks(size, counts, rows, shading, spacing, fineness), where=blocks == size)
    return light


def _of_blocks(
    size: int, counts: NDArray, rows: slice, shading: Shading, spacing: float, fineness: Fineness | None
) -> Floats:
    """The same, as if all pixels were in blocks of this size."""
    height, width = rows.stop - rows.start, counts.shape[1]
    top, bottom = max(rows.start - size, 0), min(rows.stop + size, len(counts))
    framed = np.full((height + 2 * size, width + 2 * size), np.nan)
    is_known = counts[top:bottom] >= 0
    if size == 1 and fineness is not None:
        is_known &= fineness[top:bottom] == 1  # a block's count is that of a point elsewhere in it
    within = slice(top - rows.start + size, bottom - rows.start + size), slice(size, size + width)
    np.copyto(framed[within], counts[top:bottom], where=is_known, casting="same_kind")
    own = slice(size, size + height), slice(size, size + width)
    # Only differences are cut to 24 bits.
    across = np.empty((height, width + size), np.float32)
    down = np.empty((height + size, width), np.float32)
    np.subtract(framed[own[0], size:], framed[own[0], :-size], out=across, casting="same_kind")
    np.subtract(framed[size:, own[1]], framed[:-size, own[1]], out=down, casting="same_kind")
    if shading is Shading.DISTANCE:
        # The slopes to both sides of a pixel are its neighbours' as well: each is squared once.
        np.square(across, out=across)
        np.square(down, out=down)
    sides = across[:, :width], across[:, size:], down[:height], down[size:]
    if shading is Shading.DISTANCE:
        return _by_distance(sides, size * spacing)
    return _by_relief(np.isnan(framed[own]), sides, size * spacing)


def _by_distance(squares: Sides, spacing: float) -> Floats:
    """By the steepest sides, so that a thread of one pixel, which is as far from both its neighbours, is dark.

    squares: of the differences to the sides.
    """
    left, right, up, down = squares
    steepness, vertical = np.fmax(left, right), np.fmax(up, down)
    np.fmax(steepness, 0, out=steepness)
    np.fmax(vertical, 0, out=vertical)
    steepness += vertical
    steepness *= np.float32((_NEAR * log(2) / spacing) ** 2)
    steepness += 1
    np.sqrt(steepness, out=steepness)
    np.sqrt(steepness, out=steepness)
    return np.reciprocal(steepness, out=steepness)


def _by_relief(is_unknown: NDArray[np.bool_], sides: Sides, spacing: float) -> Floats:
    left, right, up, down = sides
    # Twice the slope, in counts a pixel.
    right_on, down_on = _both(left, right, spacing), _both(up, down, spacing)
    facing = right_on + down_on
    steepness = right_on * right_on + down_on * down_on
    facing *= _LIGHT / np.sqrt(steepness + _FLAT2)
    facing /= 1 + steepness / _NOISE2
    facing += _HEIGHT
    facing *= _BRIGHTNESS / (1 + _HEIGHT)
    np.minimum(facing, 1, out=facing)
    np.copyto(facing, 1, where=is_unknown)
    return facing


def _both(one: Floats, other: Floats, spacing: float) -> Floats:
    """The sum of the differences to both sides; of that to one side twice where there is no other; else 0."""
    there = np.where(np.isnan(one), other, one)
    there += np.where(np.isnan(other), one, other)
    np.copyto(there, 0, where=np.isnan(there))
    there /= np.float32(spacing)
    return there


def _darken(pixels: Pixels, light: Floats) -> None:
    share = (light * 256).astype(np.uint32)
    red_blue = pixels & np.uint32(0xFF00FF)
    red_blue *= share
    red_blue >>= 8
    red_blue &= 0xFF00FF
    np.bitwise_and(pixels, 0x00FF00, out=pixels)
    pixels *= share
    pixels >>= 8
    pixels &= 0x00FF00
    pixels |= red_blue
    pixels |= np.uint32(0xFF000000)
