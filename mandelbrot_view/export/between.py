# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames between two key frames of a zoom.

Each frame is drawn from the outer key frame, and over that, where it reaches, from the inner one, which is twice as
deep and so twice as fine. The inner one comes in by degrees: at the outer key frame's zoom nothing of it is to be seen,
at its own nothing else. So each pixel changes steadily from the first frame to the last, and nothing pops, though the
two differ a little, as by their limits of iterations. Colours that are equalised differ much. There both key frames are
needed in the colours of the outer one and in those of the inner one; a frame is made in either and the one passes over
into the other, all over alike. All is done to light, not to the screen's values. Key frames are at least as fine as
frames, so that nothing is magnified.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from math import ceil, floor

import numpy as np
from PIL import Image

from ..colour.palettes import Bytes
from ..pictures.render import Size
from .averaging import Floats, light_of, screen_values

# Sharper than a triangle, and it does not ring as higher orders do, which dark lines around bright spots would show.
_FILTER = Image.Resampling.HAMMING
# So wide, in pixels, is the border in which the inner key frame ends.
_SEAM = 48
_CHANNELS = range(3)

Box = tuple[float, float, float, float]
# Pixels around a box that the filter reaches, and some.
_REACH = 3


class Between:
    """Makes the frames from one key frame to the next.

    pairs: the pixels (2 height, 2 width, 3) of the outer and the inner one, which is twice as deep; a second pair when
    the colours at the end are others. size: (width, height) of frames.
    """

    def __init__(self, pairs: Iterable[tuple[Bytes, Bytes]], size: Size) -> None:
        self._pairs = [_Pair(outer, inner, size) for outer, inner in pairs]

    def frame(self, share: float, out: Bytes) -> Generator[None, None, None]:
        """The frame at a share, 0 to 1, of the way (of the zoom's logarithm), into `out` (height, width, 3).

        It stops every few hundredths of a second.
        """
        for channel in _CHANNELS:
            light = yield from self._pairs[0].light(channel, share)
            for pair in self._pairs[1:]:
                other = yield from pair.light(channel, share)
                light += np.float32(share) * (other - light)
            out[..., channel] = screen_values(light)


class _Pair:
    def __init__(self, outer: Bytes, inner: Bytes, size: Size) -> None:
        self._size = size
        self._outer = [np.ascontiguousarray(outer[..., channel]) for channel in _CHANNELS]
        # Drawn at half its size and less, so that this will do; and as it will be as the next outer one at first.
        whole = (0.0, 0.0, 2.0 * size[0], 2.0 * size[1])
        self._inner = [_resized(light_of(inner[..., channel]), size, whole) for channel in _CHANNELS]

    def light(self, channel: int, share: float) -> Generator[None, None, Floats]:
        """One channel of a frame."""
        magnified = 2.0**share
        light = self._fromOuter(channel, magnified)
        yield
        if share > 0:
            self._blendInner(light, channel, magnified, share)
            yield
        return light

    def _fromOuter(self, channel: int, magnified: float) -> Floats:
        width, height = self._size
        right, bottom = width / magnified, height / magnified
        # Only what is needed becomes light: with the pixels around that the filter reaches.
        x, y = max(floor(width - right) - _REACH, 0), max(floor(height - bottom) - _REACH, 0)
        part = light_of(self._outer[channel][y : 2 * height - y, x : 2 * width - x])
        return _resized(
            part, self._size, (width - right - x, height - bottom - y, width + right - x, height + bottom - y)
        )

    def _blendInner(self, light: Floats, channel: int, magnified: float, share: float) -> None:
        width, height = self._size
        left, right, across = _along(width, magnified)
        top, bottom, down = _along(height, magnified)
        scale = 2 / magnified
        corners = (left - width / 2, top - height / 2, right - width / 2, bottom - height / 2)
        middle = (width / 2, height / 2, width / 2, height / 2)
        # Rounding errors do not lead out of it.
        x, y, x2, y2 = (min(max(c * scale + m, 0.0), 2 * m) for c, m in zip(corners, middle, strict=True))
        inner = _resized(self._inner[channel], (right - left, bottom - top), (x, y, x2, y2))
        region = light[top:bottom, left:right]
        inner -= region
        inner *= np.float32(share) * np.minimum.outer(down, across)
        region += inner


def _along(length: int, magnified: float) -> tuple[int, int, Floats]:
    """Where the inner key frame begins and ends along one side of a frame, and how much it counts there, 0 to 1."""
    reach = length * magnified / 4
    first, end = ceil(length / 2 - reach), floor(length / 2 + reach)
    # At the frame's border there is no seam.
    seam = min(_SEAM, (length - 2 * reach) / 2)
    at = np.arange(first, end) + 0.5
    inwards = reach - np.abs(at - length / 2)
    return first, end, np.clip(inwards / max(seam, 1e-6), 0, 1).astype(np.float32)


def _resized(plane: Floats, size: Size, box: Box) -> Floats:
    resized: Floats = np.array(Image.fromarray(plane).resize(size, _FILTER, box))
    return resized
