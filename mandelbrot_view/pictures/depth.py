# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures beyond double precision: when they are, what their pixels are relative to a reference orbit, and which."""

from __future__ import annotations

from math import hypot, ldexp, log2, ulp
from typing import TYPE_CHECKING

from ..kernels.deeptable import Grid
from ..places.place import Place
from .tiles import Tile

if TYPE_CHECKING:
    from ..orbits.reference import Reference

Size = tuple[int, int]

# The binary exponent of the spacing below which pictures take a reference orbit. A double near 1 is off by 1e-16 at
# most, a thousandth of a pixel at this spacing. Measured at eight places: down to it, doubles differ from perturbation
# by no more than a move of two thousandths of a pixel does, two doublings farther at one pixel in ten; and neither is
# the faster on average, but near a component's border doubles are up to ten times as fast.
SHALLOWEST = -43
# When a zoom will need a reference orbit after so many more times, there is time to have it in time.
_SOON = 64
# A decimal spacing below this has a binary exponent below SHALLOWEST.
_SPACING = 2.0**SHALLOWEST
# While no kernel for deep places is there, doubles look right if a pixel has this many units in the last place of its
# coordinates, over fewer iterations than this: errors grow with them.
_MIN_UNITS_PER_PIXEL, _MAX_LIMIT_BY_EYE = 100, 10_000

_latest: list[Reference] = []


def isDeep(place: Place, size: Size) -> bool:
    """Whether a picture's pixels are too close for double precision, so that it takes a reference orbit."""
    return place.exactSpacing(size[1]) < _SPACING


def is_right_to_the_eye(place: Place, size: Size, limit: int) -> bool:
    """Whether doubles draw a deep picture without a visible error, though not as exactly as a reference orbit does."""
    # A coordinate near 0 does not help: z has the size of 1.
    unit = ulp(max(abs(float(place.re)), abs(float(place.im)), 0.5))
    return limit < _MAX_LIMIT_BY_EYE and place.exactSpacing(size[1]) >= _MIN_UNITS_PER_PIXEL * unit


def isSoonDeep(place: Place, size: Size) -> bool:
    """Whether it is so close to that that a reference orbit for it may as well be computed now."""
    return place.exactSpacing(size[1]) < _SOON * _SPACING


def grid_of(place: Place, size: Size, tile: Tile, step: int, reference: Reference) -> Grid:
    """Every step-th pixel of a tile, from its corner, relative to a reference that reaches the picture."""
    # gmpy2, behind it, is not needed for a shallow picture.
    from ..orbits.reference import offset, spacing_of

    mantissa, exponent = spacing_of(place.zoom, size)
    corner = place.pointAt(tile.x + 0.5, tile.y + 0.5, size)
    re, im, of_offset = offset(reference, *(str(part) for part in corner))
    left, top = ldexp(re, of_offset - exponent), ldexp(im, of_offset - exponent)
    # From C to the picture's farthest point: past the corner by the picture's diagonal at most.
    farthest = hypot(left, top) + hypot(*size) * mantissa
    return Grid(
        rows=-(-tile.height // step),
        columns=-(-tile.width // step),
        left=left,
        top=top,
        spacing=mantissa * step,
        exponent=exponent,
        reach=log2(farthest) + exponent,
    )


def reference_for(place: Place, size: Size, limit: int) -> Reference:
    """A reference that serves a picture: the last one that this process has computed if it does, else another one.

    Raises OrbitError, and, in a task that is no longer wanted, Cancelled.
    """
    from ..orbits.reference import Reach, compute, reach

    if not _latest or reach(_latest[0], place.re, place.im, place.zoom, size, limit) is Reach.NO:
        _latest[:] = [compute(place.re, place.im, place.zoom, size, limit)]
    return _latest[0]
