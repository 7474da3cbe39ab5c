# SPDX-License-Identifier: GPL-3.0-or-later
"""Palettes: cyclic colours through a few stops. They are the files in resources/palettes, one each.

Between stops the colour follows a smooth curve in OKLab, which is monotone (Fritsch and Butland 1984), so that no
colour overshoots its stops.
"""

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from ..resources import resource
from .oklab import Doubles, of_hex, srgb

# The first one in any list.
DEFAULT = "Lagoon"

Bytes = NDArray[np.uint8]
Stop = tuple[float, str]


@dataclass(frozen=True)
class Palette:
    """A name, and stops: (position from 0 to below 1, "rrggbb"), in rising order. After the last comes the first."""

    name: str
    stops: tuple[Stop, ...]

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:  # a table is looked up for each batch of rows, and a palette may have hundreds of stops
        return hash((self.name, self.stops))

    def __reduce__(self) -> tuple[type["Palette"], tuple[str, tuple[Stop, ...]]]:
        return Palette, (self.name, self.stops)  # without its hash, which is another one in another process

    @lru_cache(maxsize=128)  # noqa: B019 - palettes live as long as the process
    def table(self, n: int = 4096) -> Bytes:
        """n colours at even distances over one cycle, red, green, blue: (n, 3). Not to be written to."""
        positions = np.array([position for position, _ in self.stops])
        lab = _cyclic_curve(positions, of_hex([colour for _, colour in self.stops]), np.arange(n) / n)
        table = np.rint(srgb(lab) * 255).astype(np.uint8)
        table.flags.writeable = False
        return table


def _cyclic_curve(positions: Doubles, values: Doubles, at: Doubles) -> Doubles:
    """The cubic Hermite curve of period 1 through values (n, channels) at positions (n), read at some places."""
    lengths = np.diff(positions, append=positions[0] + 1)[:, np.newaxis]
    slopes = (np.roll(values, -1, axis=0) - values) / lengths
    before = np.roll(slopes, 1, axis=0)
    # The harmonic mean of the slopes to both sides, 0 at a peak.
    product = before * slopes
    tangents = np.where(product > 0, 2 * product / np.where(product > 0, before + slopes, 1), 0)
    interval = np.searchsorted(positions, at, side="right") - 1
    following = (interval + 1) % len(positions)
    length = lengths[interval]
    t = ((at - positions[interval]) % 1)[:, np.newaxis] / length
    return (
        values[interval] * (1 + 2 * t) * (1 - t) ** 2
        + tangents[interval] * length * t * (1 - t) ** 2
        + values[following] * t**2 * (3 - 2 * t)
        + tangents[following] * length * t**2 * (t - 1)
    )


def _load() -> dict[str, Palette]:
    palettes = []
    for path in resource("palettes").glob("*.json"):
        content = json.loads(path.read_text(encoding="utf-8"))
        palettes.append(Palette(content["name"], tuple((position, colour) for position, colour in content["stops"])))
    palettes.sort(key=lambda palette: (palette.name != DEFAULT, palette.name))
    return {palette.name: palette for palette in palettes}


# By name, the default first.
PALETTES = _load()
