# SPDX-License-Identifier: GPL-3.0-or-later
"""Colours for the inside: a count of -1 - p says that the point is attracted by a cycle of period p, -1 only inside."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from .oklab import srgb

# Longer periods have the colour of this one.
MOST_PERIODS = 4095
# The hue of period 1, a calm blue. Each period is the golden angle on from the one before, which keeps any few apart
# (as leaves on a stem are, Helmut Vogel 1979).
_FIRST_HUE, _GOLDEN = np.deg2rad(250.0), np.pi * (3 - np.sqrt(5))
# As dark as the outside near the set may not be, and not so strong that the eye would stay here.
_LIGHTNESS, _CHROMA = 0.42, 0.09


@cache
def of_periods() -> NDArray[np.uint32]:
    """0xffrrggbb for each period from 0, which stands for none known: black."""
    hue = _FIRST_HUE + _GOLDEN * np.arange(MOST_PERIODS)
    lightness = _LIGHTNESS + 0.06 * np.cos(np.arange(MOST_PERIODS) * 2.4)
    lab = np.stack([lightness, _CHROMA * np.cos(hue), _CHROMA * np.sin(hue)], axis=-1)
    red, green, blue = np.rint(srgb(lab) * 255).astype(np.uint32).T
    colours = np.concatenate([[0], red << 16 | green << 8 | blue]) | 0xFF000000
    table = colours.astype(np.uint32)
    table.flags.writeable = False
    return table
