# SPDX-License-Identifier: GPL-3.0-or-later
"""The Julia set of a point: which z stay bounded under z -> z^2 + c. Small pictures, by numpy alone."""

import numpy as np

from ..kernels.escape import BAILOUT2, INSIDE, Counts

# What a Julia set of a bounded orbit fits into: |z| <= 2, and a margin.
HALF_HEIGHT = 1.7


def julia(re: float, im: float, size: tuple[int, int], limit: int = 300) -> Counts:
    """The smooth counts of the Julia set of c = re + i im, 0 in the middle: float64 (height, width), -1 inside.

    size: (width, height) in pixels; HALF_HEIGHT is half the picture's height in the plane. A task as it stands.
    """
    width, height = size
    spacing = 2 * HALF_HEIGHT / height
    x = (np.arange(width) - (width - 1) / 2) * spacing
    y = ((height - 1) / 2 - np.arange(height)) * spacing
    z = (x + 1j * y[:, np.newaxis]).ravel()
    c = complex(re, im)
    counts = np.full(z.size, INSIDE)
    point = np.arange(z.size)
    for step in range(limit):
        size2 = z.real * z.real + z.imag * z.imag
        has_escaped = size2 > BAILOUT2
        if has_escaped.any():
            counts[point[has_escaped]] = np.maximum(step + 1 - np.log2(np.log2(size2[has_escaped]) / 16), 0)
            point, z = point[~has_escaped], z[~has_escaped]
        z = z * z + c
    return counts.reshape(height, width)
