# SPDX-License-Identifier: GPL-3.0-or-later
"""Light: pixels are averaged as light, not as the screen's values, for half black, half white is what a fine pattern
looks like from afar."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..colour.palettes import Bytes

Floats = NDArray[np.float32]

_LEVELS = np.arange(256) / 255
# The light that a screen gives for each of its 256 values (IEC 61966-2-1).
LIGHT: Floats = np.where(_LEVELS <= 0.04045, _LEVELS / 12.92, ((_LEVELS + 0.055) / 1.055) ** 2.4).astype(np.float32)
# Room for light in as many steps that each of the screen's values, also the darkest, has several of them.
_STEPS = 1 << 14
_ROWS = 64


def _table() -> Bytes:
    light = np.arange(_STEPS + 1) / _STEPS
    values = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.rint(values * 255).astype(np.uint8)


_VALUES = _table()


def screen_values(light: Floats) -> Bytes:
    """The screen's values, 0 to 255, that give a light of 0 to 1; what lies outside of that is cut off."""
    values = np.empty(light.shape, np.uint8)
    for first in range(0, len(light), _ROWS):
        steps = light[first : first + _ROWS] * np.float32(_STEPS)
        steps += np.float32(0.5)
        np.clip(steps, 0, _STEPS, out=steps)
        values[first : first + _ROWS] = _VALUES[steps.astype(np.uint16)]
    return values


def light_of(values: Bytes) -> Floats:
    """The light that the screen's values (h, w) give."""
    light = np.empty(values.shape, np.float32)
    # In parts, for each index takes eight bytes while it is looked up.
    for first in range(0, len(values), _ROWS):
        light[first : first + _ROWS] = LIGHT[values[first : first + _ROWS]]
    return light


def averaged(coloured: Bytes, n: int) -> Bytes:
    """The mean light of each n x n block of pixels (n h, n w, 3), as (h, w, 3)."""
    if n == 1:
        return np.ascontiguousarray(coloured)
    height, width = coloured.shape[0] // n, coloured.shape[1] // n
    light = np.zeros((height, width, 3), np.float32)
    for row in range(n):
        for column in range(n):
            light += LIGHT[coloured[row::n, column::n]]
    light /= n**2
    return screen_values(light)
