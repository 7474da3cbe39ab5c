# SPDX-License-Identifier: GPL-3.0-or-later
"""Palettes: cyclic colours through a few stops. They are the files in resources/palettes, one each.

Between stops the colour follows a smooth curve in OKLab (Björn Ottosson 2020), where steps of like length look alike;
it is monotone (Fritsch and Butland 1984), so that no colour overshoots its stops.
"""

import json
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..resources import resource

# The first one in any list.
DEFAULT = "Lagoon"

Bytes = NDArray[np.uint8]
_Doubles = NDArray[np.float64]

# From linear sRGB to the responses of the three cones, and from their cube roots to OKLab.
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_FROM_CONES, _FROM_OKLAB = np.linalg.inv(_TO_CONES), np.linalg.inv(_TO_OKLAB)


@dataclass(frozen=True)
class Palette:
    """A name, and stops: (position from 0 to below 1, "rrggbb"), in rising order. After the last comes the first."""

    name: str
    stops: tuple[tuple[float, str], ...]

    @lru_cache(maxsize=64)  # noqa: B019 - palettes live as long as the process
    def table(self, n: int = 4096) -> Bytes:
        """n colours at even distances over one cycle, red, green, blue: (n, 3). Not to be written to."""
        positions = np.array([position for position, _ in self.stops])
        colours = np.array([[int(colour[i : i + 2], 16) for i in (0, 2, 4)] for _, colour in self.stops])
        lab = _cyclic_curve(positions, _oklab(colours / 255), np.arange(n) / n)
        table = np.rint(_srgb(lab) * 255).astype(np.uint8)
        table.flags.writeable = False
        return table


def _oklab(srgb: _Doubles) -> _Doubles:
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return np.cbrt(linear @ _TO_CONES.T) @ _TO_OKLAB.T


def _srgb(oklab: _Doubles) -> _Doubles:
    linear = np.clip((oklab @ _FROM_OKLAB.T) ** 3 @ _FROM_CONES.T, 0, 1)
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)


def _cyclic_curve(positions: _Doubles, values: _Doubles, at: _Doubles) -> _Doubles:
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
