# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast an orbit moves with its point: d_n = dz_n/dc, by d_(n+1) = 2 z_n d_n + 1, of any size.

Where d is large the 1 is nothing, and sizes are sums of logarithms, which numpy adds up; elsewhere it is done step by
step.
"""

from math import inf, log2

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Complexes = NDArray[np.complex128]

# From 2**_LARGE on the 1 is left out, until d comes below 2**_SMALL: a relative error of 2**-32 a step at most.
_LARGE = 48.0
_SMALL = 32.0
_LARGE_DOUBLE = 2.0**_LARGE
# A z below 2**_NOTHING adds nothing to the 1 while d is small. Somewhat lower, it stands with a direction only.
_NOTHING = -900.0


class Derivative:
    """d_n of one orbit. `size`: log2 of |d_n|, -inf at the beginning, for d_0 = 0."""

    def __init__(self) -> None:
        self.size = -inf
        # d itself while it is small, else a number of size 1 and of d's direction.
        self._d = 0j
        self._is_large = False

    @property
    def direction(self) -> complex:
        """d_n / |d_n|, or 0."""
        return self._d / abs(self._d) if self._d else 0j

    def follow(self, z: Complexes, sizes: Doubles) -> Doubles:
        """Go on over z_n and those after it; gives log2|d_(n+1)| and so on.

        sizes: log2|z|, which count where z is below a double's range and stands with a direction only.
        """
        found = np.empty(len(z))
        done = 0
        while done < len(z):
            step = self._by_logarithms if self._is_large else self._one_by_one
            done += step(z[done:], sizes[done:], found[done:])
        return found

    def _by_logarithms(self, z: Complexes, sizes: Doubles, found: Doubles) -> int:
        there = np.cumsum(sizes + 1) + self.size
        small = np.flatnonzero(there < _SMALL)
        count = int(small[0]) + 1 if small.size else len(z)
        lengths = np.abs(z[:count])
        self._d *= np.multiply.reduce(np.divide(z[:count], lengths, out=np.zeros(count, complex), where=lengths > 0))
        found[:count] = there[:count]
        if small.size:
            self._is_large = False
            self._d = complex(self._d) * 2.0 ** max(float(there[count - 1]), _NOTHING) + 1
            found[count - 1] = log2(abs(self._d)) if self._d else -inf
        else:
            self._d /= abs(self._d)
        self.size = float(found[count - 1])
        return count

    def _one_by_one(self, z: Complexes, sizes: Doubles, found: Doubles) -> int:
        d = self._d
        there = []
        for point in np.where(sizes < _NOTHING, 0, z).tolist():
            d = 2 * point * d + 1
            there.append(d)
            if not (-_LARGE_DOUBLE < d.real < _LARGE_DOUBLE and -_LARGE_DOUBLE < d.imag < _LARGE_DOUBLE):
                break
        with np.errstate(divide="ignore"):
            found[: len(there)] = np.log2(np.abs(there))
        self.size = float(found[len(there) - 1])
        self._is_large = self.size >= _LARGE
        self._d = d / abs(d) if self._is_large else d
        return len(there)
