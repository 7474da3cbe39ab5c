# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference orbit of an export, as its first step. It gives way to the view between its parts."""

from __future__ import annotations

from collections.abc import Callable, Generator
from decimal import Decimal
from math import log2
from typing import Any

from ..orbits.reference import Ending, Part, Reference, joined, stream
from ..pictures.render import Size
from ..places.place import MAX_LIMIT, Place
from ..places.zooming import doublings
from .pump import Step

# What it costs of the whole export, about.
_SHARE = 0.05
# Where the limit is automatic, its return is looked for to so many times as many steps as the guess.
_FARTHER = 4
# A point near a minibrot of the zoom 2^b leaves it by squares, one each period: after about log2(b) periods it is gone.
# With so many fewer none is, and with so many more the minibrot's own shape is to be seen, which costs little.
_FEWER, _MORE = 1, 40


def orbit_step(place: Place, size: Size, limit: int, whole: int, came: Callable[[Reference], None]) -> Step:
    """The step that computes a picture's reference, and gives it to `came`. whole: the cost of all other steps."""
    cost = max(round(_SHARE * whole), 1)

    def done(items: list[Any]) -> None:
        came(joined(place.re, place.im, place.zoom, size, items))

    most = limit if place.limit is not None else min(_FARTHER * limit, MAX_LIMIT)
    return Step("reference orbit", orbit, lambda: (place, size, most, cost), cost, done)


def limit_beyond(reference: Reference, place: Place, limit: int) -> int:
    """The limit for a picture, or a higher one where it is automatic and too low for any point to escape."""
    periods = log2(max(doublings(Decimal(place.zoom)), 2.0))
    if place.limit is None and reference.wraps and limit < (periods - _FEWER) * reference.steps:
        return min(round((periods + _MORE) * reference.steps), MAX_LIMIT)
    return limit


def orbit(place: Place, size: Size, limit: int, cost: int) -> Generator[Part | Ending | int, None, None]:
    """A task: the parts of the orbit, and what share of its cost that would be of one as long as the limit."""
    for item in stream(place.re, place.im, place.zoom, size, limit):
        yield item
        if isinstance(item, Part):
            yield cost * len(item.z) // limit
