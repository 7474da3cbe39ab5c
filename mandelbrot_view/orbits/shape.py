# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the component about a nucleus is a cardioid, as that of a small copy of the whole set is, or a disc.

With z_p's derivatives at the nucleus, the number -(z_cc / (2 z_c) + z_cz / z_z) / (z_c z_z) is near 0 for a cardioid
and near 1 for a disc, which sits at another component (Valery Dolotin and Alexei Morozov, On the shapes of elementary
domains, 2008, equation 5.8; Claude Heiland-Allen's shape estimate). Here z_z is dz_p/dz_1.
"""

import gmpy2
from gmpy2 import mpc

from .derivative import Complexes
from .walk import Exponents

# Of these numbers; their exponents have no end that an orbit could reach.
_DIGITS = 53


class Shape:
    """Follows those derivatives along the orbit of a nucleus."""

    def __init__(self) -> None:
        self._c, self._z, self._cc, self._cz = mpc(1), mpc(1), mpc(0), mpc(0)

    def follow(self, points: Complexes, exponents: Exponents) -> None:
        """Go on over z_1 and those after it, each the point times 2**exponent, up to z_(p-1)."""
        c, z, cc, cz = self._c, self._z, self._cc, self._cz
        with gmpy2.context(precision=_DIGITS):
            for point, exponent in zip(points.tolist(), exponents.tolist(), strict=True):
                twice = mpc(2 * point)
                if exponent:
                    twice *= gmpy2.exp2(exponent)
                twice_c = c + c
                cc = twice * cc + twice_c * c
                cz = twice * cz + twice_c * z
                c, z = twice * c + 1, twice * z
        self._c, self._z, self._cc, self._cz = c, z, cc, cz

    @property
    def is_cardioid(self) -> bool:
        """Which of the two it is, when all of the orbit was followed."""
        with gmpy2.context(precision=_DIGITS):
            shape = -(self._cc / (2 * self._c) + self._cz / self._z) / (self._c * self._z)
            return bool(abs(shape) < abs(shape - 1))
