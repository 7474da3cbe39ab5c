# SPDX-License-Identifier: GPL-3.0-or-later
"""OKLab (Björn Ottosson 2020): lightness 0 to 1, green to red, blue to yellow; steps of like length look alike."""

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

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


def oklab(srgb: Doubles) -> Doubles:
    """Of sRGB, 0 to 1: (..., 3), and back by srgb()."""
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return np.cbrt(linear @ _TO_CONES.T) @ _TO_OKLAB.T


def srgb(lab: Doubles) -> Doubles:
    """The nearest colours that a screen has, 0 to 1."""
    linear = np.clip((lab @ _FROM_OKLAB.T) ** 3 @ _FROM_CONES.T, 0, 1)
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)


def of_hex(colours: list[str]) -> Doubles:
    """Of "rrggbb" each: (n, 3)."""
    return oklab(np.array([list(bytes.fromhex(colour)) for colour in colours]).reshape(-1, 3) / 255)
