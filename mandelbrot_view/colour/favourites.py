# SPDX-License-Identifier: GPL-3.0-or-later
"""Colourings as text, to be kept, and nine favourites among them."""

from __future__ import annotations

import json
from collections.abc import Callable
from math import isfinite

from .catalogue import PaletteError
from .colouring import Colouring, Interior, Scale, Shading
from .ownpalettes import parse
from .palettes import PALETTES, Palette

NUMBER = 9
LEAST_DENSITY, MOST_DENSITY = 1 / 64, 64.0


def to_text(colouring: Colouring, isWhole: bool = False) -> str:
    """A line that says all of it; of the palette, its name, and its stops, too, if it is to be whole."""
    palette = colouring.palette
    stops = {"stops": palette.stops} if isWhole and PALETTES.get(palette.name) != palette else {}
    return json.dumps({**colouring._asdict(), "palette": palette.name, **stops}, ensure_ascii=False)


def from_text(text: str, find: Callable[[str], Palette]) -> Colouring:
    """The colouring that to_text() gave the text of. Raises PaletteError when it is none, or as `find` does.

    find: gives the palette of a name, or raises PaletteError; that is no error where the text is whole.
    """
    try:
        content = json.loads(text)
        density, offset = float(content["density"]), float(content["offset"])
        kinds = Scale(content["scale"]), Shading(content["shading"]), Interior(content["interior"])
        name = content["palette"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise PaletteError(f"{text[:60]!r} is no colouring") from error
    if not isinstance(name, str) or not LEAST_DENSITY <= density <= MOST_DENSITY or not isfinite(offset):
        raise PaletteError(f"{text[:60]!r} is no colouring")
    try:
        palette = find(name)
    except PaletteError:
        if "stops" not in content:
            raise
        palette = parse({"name": name, "stops": content["stops"]})
    return Colouring(palette, density, offset % 1.0, *kinds)


def first_favourite(number: int) -> Colouring:
    """What is on a key, 1 to NUMBER, while nothing was put there: a palette of ours each; the last has all there is."""
    palettes = list(PALETTES.values())
    if number <= len(palettes):
        return Colouring(palettes[number - 1])
    return Colouring(palettes[0], scale=Scale.EQUALISED, shading=Shading.RELIEF, interior=Interior.PERIOD)
