# SPDX-License-Identifier: GPL-3.0-or-later
"""The perturbed orbit of a tile: its centre's, and how that of each other point differs, as a Taylor series.

With u the offset from the centre in half diagonals, a point's delta is w(u) = w + c1 u + c2 u^2 + c3 u^3 + c4 u^4
(a series approximation after K. I. Martin, "Superfractalthing maths", 2013, but one for each tile, whose centre
rebases as any pixel's orbit does). When the series ends to be good, its quarters go on each by itself, down to pixels:
so neighbouring pixels share all but the last steps.

The formulas hold for complex128, Wide and ComplexLanes alike.
"""

from typing import Any

from .complexes import scaled, size, twice
from .options import inlined

Series = tuple[Any, Any, Any, Any, Any]

# A quarter's centre lies at (+-1 +- i) times this; so does a pixel's in a tile of 2 x 2.
QUARTER = 0.35355339059327373
ROOT_OF_2 = 1.4142135623730951
# A tile at whose centre |z|^2 is above this ends: its points escape soon, each in its own way.
LEAVING2 = 9.0


@inlined
def step(z: Any, w: Any, c1: Any, c2: Any, c3: Any, c4: Any, d: Any, rho: Any) -> Series:
    """One step, exactly: w -> (2 z + w) w + d, for all of the tile; rho: its half diagonal in the plane."""
    g = twice(z + w)
    c4 = g * c4 + twice(c1 * c3) + c2 * c2
    c3 = g * c3 + twice(c1 * c2)
    c2 = g * c2 + c1 * c1
    c1 = g * c1 + rho
    w = (twice(z) + w) * w + d
    return w, c1, c2, c3, c4


@inlined
def run(a: Any, b: Any, c: Any, w: Any, c1: Any, c2: Any, c3: Any, c4: Any, d: Any, rho: Any) -> Series:
    """A run of steps by w -> a w + b d + c w^2, see approximation.py."""
    cw = c * w
    g = a + twice(cw)
    c4 = g * c4 + c * (twice(c1 * c3) + c2 * c2)
    c3 = g * c3 + twice(c * (c1 * c2))
    c2 = g * c2 + c * (c1 * c1)
    c1 = g * c1 + b * rho
    w = (a + cw) * w + b * d
    return w, c1, c2, c3, c4


@inlined
def value_at(w: Any, c1: Any, c2: Any, c3: Any, c4: Any, u: Any) -> Any:
    """The delta of the point at u."""
    return w + u * (c1 + u * (c2 + u * (c3 + u * c4)))


@inlined
def moved(w: Any, c1: Any, c2: Any, c3: Any, c4: Any, u: Any) -> Series:
    """The series of a quarter around u, for its own half diagonal."""
    uc4 = u * c4
    third = c3 + scaled(uc4, 4.0)
    second = c2 + u * (scaled(c3, 3.0) + scaled(uc4, 6.0))
    first = c1 + u * (twice(c2) + u * (scaled(c3, 3.0) + scaled(uc4, 4.0)))
    return (
        value_at(w, c1, c2, c3, c4, u),
        scaled(first, 0.5),
        scaled(second, 0.25),
        scaled(third, 0.125),
        scaled(c4, 0.0625),
    )


@inlined
def is_good(c1: Any, c4: Any, most: float) -> bool:
    """Whether the series tells all of the tile's points."""
    return size(c4) <= most * size(c1)
