# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be known of a picture's pixels, how coarse that is, and what becomes of it in another framing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..kernels.escape import Counts
from ..pictures.tiles import Tile
from .framing import Framing, Mapping, mapping
from .paint import Fineness, Pixels
from .resampling import Indices, samplesAlong, spread

SHARP, NOT_QUITE, COARSEST_KNOWN, UNKNOWN = 1, 2, 254, 255

# A spacing has ten digits: one that is twice another is so to 1e-9.
_SLACK = 1e-6


class Known(NamedTuple):
    """What was known of another framing, to be carried along from there."""

    framing: Framing
    counts: Counts
    fineness: Fineness
    pixels: Pixels


class Band(NamedTuple):
    """Of a pass of the step: the rows of a tile's grid, which is a part of a picture."""

    tile: Tile
    step: int
    rows: Counts


class Samples(NamedTuple):
    """Of a coarse pass: counts, how many pixels they are apart, how they lie as pixels of a picture, what they fill."""

    rows: Counts
    spacing: float
    blocks: Mapping
    there: Tile


def samplesIn(one: Framing, other: Framing) -> tuple[tuple[slice, Indices], tuple[slice, Indices]]:
    """Which columns and rows of another framing the pixels of one lie in, and which pixels those are."""
    where, (width, height) = mapping(one, other), one.size
    return (
        samplesAlong(other.size[0], where.factor, where.dx, 0, width, 1),
        samplesAlong(other.size[1], where.factor, where.dy, 0, height, 1),
    )


def covers(one: Framing, other: Framing) -> bool:
    """Whether all pixels of the other framing lie in the one."""
    (xs, _), (ys, _) = samplesIn(one, other)
    return (xs.stop - xs.start, ys.stop - ys.start) == other.size


def arrays(size: tuple[int, int]) -> tuple[Counts, Fineness, Pixels]:
    """Room for what can be known of a picture of this size."""
    shape = size[1], size[0]
    return np.empty(shape), np.empty(shape, np.uint8), np.empty(shape, np.uint32)


def spreadFineness(old: Fineness, lines: Indices, columns: Indices, out: Fineness, become: bytes | None) -> None:
    """resampling.spread() for how coarse knowledge is, which is often the same everywhere."""
    least, most = old.min(), old.max()
    if least == most:  # as after each picture that had the time to become sharp
        out[:] = most if become is None else become[most]
    else:
        spread(old, lines, columns, out, become=become)


def coarsened(factor: float) -> bytes:
    """What becomes of each fineness in a picture that many times larger. None is sharp: the samples lie elsewhere."""
    coarser = np.ceil(np.arange(256) * factor - _SLACK).clip(NOT_QUITE, COARSEST_KNOWN).astype(np.uint8)
    coarser[UNKNOWN] = UNKNOWN
    return coarser.tobytes()
