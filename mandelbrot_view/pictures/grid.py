# SPDX-License-Identifier: GPL-3.0-or-later
"""The plane's coordinates of a picture's pixels, as doubles, each the nearest there is to the exact decimal."""

from decimal import Decimal
from functools import lru_cache

import numpy as np

from ..kernels.escape import Doubles
from ..places.place import Place
from .tiles import Tile


def coordinates(place: Place, size: tuple[int, int], tile: Tile, step: int) -> tuple[Doubles, Doubles]:
    """re of the columns and im of the rows of a tile's grid: of every step-th pixel from its corner, at its centre.

    They depend on the point of the plane alone: however the picture is cut, and wherever it was panned, a point has
    the same coordinates to the last bit, and so the same count.
    """
    width, height = size
    spacing = place.exactSpacing(height)
    columns = _axis(place.re, spacing, width)[tile.x : tile.x + tile.width : step]
    rows = _axis(place.im, -spacing, height)[tile.y : tile.y + tile.height : step]
    return columns, rows


@lru_cache(maxsize=16)  # the tiles of a few pictures, in turn
def _axis(centre: str, spacing: Decimal, length: int) -> Doubles:
    # In whole numbers of half the last decimal place; Python's division of whole numbers rounds correctly.
    places = max(0, *(-_exponent(number) for number in (Decimal(centre), spacing)))
    denominator = 2 * 10**places
    middle, pixel = (int(Decimal(number).scaleb(places)) for number in (centre, spacing))
    first = 2 * middle - (length - 1) * pixel
    axis = np.array([(first + 2 * pixel * i) / denominator for i in range(length)])
    axis.flags.writeable = False
    return axis


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int), "a place has finite numbers"
    return exponent
