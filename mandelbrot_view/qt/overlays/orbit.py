# SPDX-License-Identifier: GPL-3.0-or-later
"""The orbit of a point: 0, c, c^2 + c, ..."""

_LEAVING = 4.0


def orbit(c: complex, most: int = 200) -> list[complex]:
    """The first points of c's orbit, from c on: `most` of them, or up to the one that has left |z| = 4."""
    points = []
    z = 0j
    for _ in range(most):
        z = z * z + c
        points.append(z)
        if abs(z) > _LEAVING:
            break
    return points
