# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be chosen about colours; colour() makes pixels of it, always from the same counts."""

from enum import StrEnum
from typing import NamedTuple

from .palettes import PALETTES, Palette


class Scale(StrEnum):
    """What a count's place in the palette follows."""

    SMOOTH = "smooth"  # the count itself: a point has one colour in all pictures
    AUTOMATIC = "automatic"  # whichever of the two shows more, as who shows the picture decides; else the count
    EQUALISED = "equalised"  # its rank among the picture's counts: each colour gets a like share of the picture


class Shading(StrEnum):
    """What the colours are darkened by."""

    NONE = "none"
    DISTANCE = "distance"  # nearness to the set, which draws its threads as lines
    RELIEF = "relief"  # a light from the upper left, as on a landscape that rises towards the set


class Interior(StrEnum):
    """What the inside is filled with."""

    BLACK = "black"
    PERIOD = "period"  # a colour for each length of the cycle that attracts the point; black where that is unknown


class Colouring(NamedTuple):
    """What colour() is given besides counts, in its order.

    density: cycles of the palette, in proportion; offset: where the palette begins, in cycles.
    """

    palette: Palette = next(iter(PALETTES.values()))
    density: float = 1.0
    offset: float = 0.0
    scale: Scale = Scale.AUTOMATIC
    shading: Shading = Shading.NONE
    interior: Interior = Interior.BLACK
