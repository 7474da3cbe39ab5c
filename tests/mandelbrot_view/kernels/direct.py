# SPDX-License-Identifier: GPL-3.0-or-later
"""The definition, computed as plainly as can be: what the kernels are held against."""

from math import log2

import numpy as np


def smooth_count(c: complex, limit: int) -> float:
    """n + 1 - log2(log2(|z_n|^2) / 16) for the first n with |z_n| > 256; -1 if that is limit + 1 or more."""
    z = 0j
    for n in range(1, limit + 1):
        z = z * z + c
        size2 = z.real * z.real + z.imag * z.imag
        if size2 > 65536:
            return n + 1 - log2(log2(size2) / 16)
    return -1.0


def smooth_counts(re, im, limit: int) -> np.ndarray:
    return np.array([[smooth_count(complex(a, b), limit) for a in re] for b in im])


def disagreement(counts, others) -> float:
    """The share of points whose counts differ by more than a thousandth, or of which one alone is inside."""
    return float(np.mean(np.abs(counts - others) > 1e-3 * (1 + np.abs(others) / 1000)))


def axes(re: float, im: float, radius: float, width: int, height: int):
    spacing = 2 * radius / height
    return (
        re + (np.arange(width) + 0.5 - width / 2) * spacing,
        im - (np.arange(height) + 0.5 - height / 2) * spacing,
        spacing,
    )
