# SPDX-License-Identifier: GPL-3.0-or-later
"""mandelbrot_view: the Mandelbrot set, computed and shown.

Names are imported when they are first used (PEP 562): a worker process loads what it computes with, and no more.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .pictures.render import coarse_bands, render, render_tile, stream_tile
    from .pictures.tiles import Tile, bandsOf, tilesOf
    from .places.place import HOME, Place, PlaceError

_MODULES = {
    "places.place": ("HOME", "Place", "PlaceError"),
    "pictures.render": ("coarse_bands", "render", "render_tile", "stream_tile"),
    "pictures.tiles": ("Tile", "bandsOf", "tilesOf"),
}
_HOMES = {name: f".{module}" for module, names in _MODULES.items() for name in names}

__all__ = [
    "HOME",
    "Place",
    "PlaceError",
    "Tile",
    "bandsOf",
    "coarse_bands",
    "render",
    "render_tile",
    "stream_tile",
    "tilesOf",
]


def __getattr__(name: str) -> Any:
    try:
        home = _HOMES[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    return getattr(importlib.import_module(home, __name__), name)


def __dir__() -> list[str]:
    return __all__
