# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples of one picture as pixels of another: each pixel takes the sample in whose block its middle lies."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]

# Pixels that are moved at once, so that what is between stays in the processor's cache.
_CHUNK = 1 << 16


def samplesAlong(length: int, factor: float, shift: float, first: int, extent: int, step: int) -> tuple[slice, Indices]:
    """Along one axis: which pixels of a picture of this length have samples of another one, and which ones.

    factor, shift: how positions of the other lie in this; its samples begin at the pixel `first`, one for every
    `step` pixels, the last for what is left of `extent`.
    """
    positions = (np.arange(length) + (0.5 - shift)) / factor - first
    begin, end = np.searchsorted(positions, [0, extent])
    return slice(int(begin), int(end)), (positions[begin:end] / step).astype(np.intp)


def spread(
    samples: NDArray,
    lines: Indices,
    columns: Indices,
    out: NDArray,
    where: NDArray[np.bool_] | None = None,
    become: bytes | None = None,
) -> None:
    """Write the samples at these lines and columns, which both rise, to `out`.

    where: only there; become: what each turns into, for samples of a byte.
    """
    if not lines.size or not columns.size:
        return
    left, right = columns[0], columns[-1] + 1
    height = max(_CHUNK // columns.size, 1)
    for begin in range(0, lines.size, height):
        some = lines[begin : begin + height]
        part = samples[some[0] : some[-1] + 1, left:right]
        if become is not None:
            part = np.frombuffer(part.tobytes().translate(become), np.uint8).reshape(part.shape)
        across, down = (1, columns - left), (0, some - some[0])
        # What becomes fewer goes first: less is left for the other.
        for axis, chosen in (down, across) if part.shape[0] > some.size else (across, down):
            # With as many samples as pixels between the ends, none is left out and none comes twice.
            if part.shape[axis] != chosen.size:
                part = part.take(chosen, axis=axis, mode="clip")
        np.copyto(out[begin : begin + height], part, where=True if where is None else where[begin : begin + height])
