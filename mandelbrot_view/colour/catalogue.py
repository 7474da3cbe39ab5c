# SPDX-License-Identifier: GPL-3.0-or-later
"""Palettes by name: ours, the user's own, and colorcet's perceptual ones."""

from __future__ import annotations

from collections.abc import Mapping

from .palettes import PALETTES, Palette


class PaletteError(ValueError):
    """There is no such palette, or it cannot be one; the text says what to do."""


def palette_named(name: str, own: Mapping[str, Palette] | None = None) -> Palette:
    """The palette of this name, whatever its case: one of ours, of the user's own, of colorcet's, in this order.

    Raises PaletteError when there is none.
    """
    for palettes in (PALETTES, own or {}):
        for each, palette in palettes.items():
            if each.lower() == name.strip().lower():
                return palette
    from .perceptual import perceptual, perceptual_named

    try:
        found = perceptual_named(name.strip())
    except ImportError as error:
        raise PaletteError(f"the palette {name!r} is none of ours, and colorcet's are not there ({error})") from error
    if found is None:
        names = ", ".join((*PALETTES, *(own or {}), *perceptual()))
        raise PaletteError(f"there is no palette {name!r}; there are: {names}")
    return found
