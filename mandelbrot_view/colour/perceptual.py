# SPDX-License-Identifier: GPL-3.0-or-later
"""The perceptual palettes of colorcet (Peter Kovesi, Good Colour Maps: How to Design Them, 2015), under its own names.

Importing colorcet takes a tenth of a second and ten megabytes, so only who asks for one of its palettes does it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from .oklab import of_hex
from .palettes import Palette

# Of those that have no short name, the cyclic ones are listed, which are made for what comes around.
_CYCLIC = ("CET_C1", "CET_C2", "CET_C3", "CET_C4", "CET_C5", "CET_C6", "CET_C7", "CET_C8", "CET_C9", "CET_C11")
# These are for categories, with no order that an eye could follow.
_UNORDERED = "glasbey"
# Colours whose last one is this many times as far from the first as neighbours are do not come around.
_STEP = 4.0


@cache
def perceptual() -> dict[str, Palette]:
    """Those that are listed, by name: the cyclic ones first."""
    from colorcet import palette, palette_n

    found: dict[tuple[str, ...], str] = {}  # one name for each
    for name in (*_CYCLIC, *sorted(palette_n)):
        if not name.startswith(_UNORDERED) and name in palette:
            found.setdefault(tuple(palette[name]), name)
    return {name: _palette(name, colours) for colours, name in found.items()}


def perceptual_named(name: str) -> Palette | None:
    """Any palette of colorcet, by any of the names that it has for it, whatever their case."""
    listed = {each.lower(): palette for each, palette in perceptual().items()}
    if name.lower() in listed:
        return listed[name.lower()]
    from colorcet import palette

    for each, colours in palette.items():
        if each.lower() == name.lower():
            return _palette(each, tuple(colours))
    return None


def _palette(name: str, colours: Sequence[str]) -> Palette:
    """A palette through colours at even distances, and back over them when the last ones do not lead to the first."""
    hexes = [colour.removeprefix("#").lower() for colour in colours]
    lab = of_hex(hexes)
    steps = np.linalg.norm(np.diff(lab, axis=0), axis=1)
    if np.linalg.norm(lab[-1] - lab[0]) > _STEP * np.median(steps):
        hexes += hexes[-2:0:-1]
    return Palette(name, tuple((i / len(hexes), colour) for i, colour in enumerate(hexes)))
