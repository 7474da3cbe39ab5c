# SPDX-License-Identifier: GPL-3.0-or-later
"""A palette while it is being made: its stops, each with an identity of its own while others come and go."""

from __future__ import annotations

import numpy as np

from .oklab import of_hex
from .palettes import Palette, Stop

FEWEST, MOST = 2, 32
# Stops keep at least this distance, in cycles.
APART = 0.002
# The curve through fewer stops may leave the palette by so much, in OKLab: hardly to be seen.
_CLOSE = 0.02
# To judge that, it is read at so many places.
_PLACES = 256


class Gradient:
    """The stops of a palette in rising order, to be changed. They number from 0; positions are from 0 to below 1.

    A palette of very many stops is thinned to the few that it takes.
    """

    def __init__(self, palette: Palette) -> None:
        self._stops: list[Stop] = list(palette.stops if len(palette.stops) <= MOST else _thinned(palette))

    def __len__(self) -> int:
        return len(self._stops)

    @property
    def stops(self) -> tuple[Stop, ...]:
        """All of them."""
        return tuple(self._stops)

    def palette(self, name: str) -> Palette:
        """As a palette of this name."""
        return Palette(name, self.stops)

    def add(self, position: float) -> int | None:
        """Another stop, of the colour that is there; gives its number, None where there is no room for one."""
        position %= 1.0
        if len(self) >= MOST or any(_distance(position, other) < APART for other, _ in self._stops):
            return None
        red, green, blue = self.palette("").table(_PLACES)[round(position * _PLACES) % _PLACES].tolist()
        self._stops.append((position, f"{red:02x}{green:02x}{blue:02x}"))
        self._stops.sort()
        return self._stops.index((position, f"{red:02x}{green:02x}{blue:02x}"))

    def add_after(self, number: int) -> int | None:
        """Another stop, in the middle between one and the next."""
        here, following = self._stops[number][0], self._stops[(number + 1) % len(self)][0]
        return self.add(here + ((following - here) % 1.0 or 1.0) / 2)

    def remove(self, number: int) -> bool:
        """Take one away, unless there are too few; gives whether it is gone."""
        if len(self) <= FEWEST:
            return False
        del self._stops[number]
        return True

    def move(self, number: int, position: float) -> float:
        """Move one, as far as its neighbours let it; gives where it is then."""
        least = self._stops[number - 1][0] + APART if number else 0.0
        most = self._stops[number + 1][0] - APART if number + 1 < len(self) else 1.0 - APART
        position = min(max(position, least), max(most, least))
        self._stops[number] = position, self._stops[number][1]
        return position

    def recolour(self, number: int, colour: str) -> None:
        """Give one another colour, "rrggbb"."""
        self._stops[number] = self._stops[number][0], colour

    def reverse(self) -> None:
        """Turn the order of all around, the first one staying where it is."""
        first = self._stops[0][0]
        turned = [((2 * first - position) % 1.0, colour) for position, colour in self._stops]
        self._stops = sorted(turned)

    def spread(self) -> None:
        """Put all at even distances."""
        self._stops = [(i / len(self), colour) for i, (_, colour) in enumerate(self._stops)]


def _distance(one: float, other: float) -> float:
    return abs((one - other + 0.5) % 1.0 - 0.5)


def _thinned(palette: Palette) -> list[Stop]:
    """The stops of a palette, thinned: the next one is put where the curve is farthest from it, until it is close."""
    table = palette.table(_PLACES)
    wanted = of_hex([bytes(colour).hex() for colour in table])
    chosen = {0, _PLACES // 2}
    while True:
        stops = [(i / _PLACES, bytes(table[i]).hex()) for i in sorted(chosen)]
        drawn = of_hex([bytes(colour).hex() for colour in Palette("", tuple(stops)).table(_PLACES)])
        apart = np.linalg.norm(drawn - wanted, axis=1)
        apart[list(chosen)] = 0
        if len(stops) >= MOST or apart.max() < _CLOSE:
            return stops
        chosen.add(int(apart.argmax()))
