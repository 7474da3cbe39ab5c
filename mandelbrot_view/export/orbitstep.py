# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference orbit of an export, as its first step. It gives way to the view between its parts."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from ..orbits.reference import Ending, Part, Reference, joined, stream
from ..pictures.render import Size
from ..places.place import Place
from .pump import Step

# What it costs of the whole export, about.
_SHARE = 0.05


def orbit_step(place: Place, size: Size, limit: int, whole: int, came: Callable[[Reference], None]) -> Step:
    """The step that computes a picture's reference, and gives it to `came`. whole: the cost of all other steps."""
    cost = max(round(_SHARE * whole), 1)

    def done(items: list[Any]) -> None:
        came(joined(place.re, place.im, place.zoom, size, items))

    return Step("reference orbit", orbit, lambda: (place, size, limit, cost), cost, done)


def orbit(place: Place, size: Size, limit: int, cost: int) -> Generator[Part | Ending | int, None, None]:
    """A task: the parts of the orbit, and what share of its cost that would be of one as long as the limit."""
    for item in stream(place.re, place.im, place.zoom, size, limit):
        yield item
        if isinstance(item, Part):
            yield cost * len(item.z) // limit
