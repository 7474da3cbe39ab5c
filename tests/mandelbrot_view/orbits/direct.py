# SPDX-License-Identifier: GPL-3.0-or-later
"""Orbits computed as plainly as can be, and pixels by perturbation as plainly: what the package is held against."""

from math import log2

import gmpy2
from gmpy2 import mpc, mpfr

from mandelbrot_view.orbits.reference import Reference

# Two well-known places, (re, im, zoom): near minibrots of the periods 252 and 1142.
E14 = ("-1.7598171308048478136108250105617982382440", "-0.0125933107997498653837466318432648584503", "1E14")
E112 = (
    (
        "-1.7685304554715107439359975226423287998937254896566074423088827415719065562223946222490318219590860"
        "313620613389226996388"
    ),
    (
        "0.00594453860429468925501900978315831530395267469873650716416248318735763460164350374385972319709215"
        "41448697901394734283301"
    ),
    "5.9680811401822433E112",
)


def orbit(re: str, im: str, bits: int, steps: int):
    """[(Z_n, dZ_n/dC)] for n = 0 to steps, in so many digits."""
    with gmpy2.context(precision=bits):
        c = mpc(mpfr(re), mpfr(im))
        z, d = mpc(0), mpc(0)
        found = [(z, d)]
        for _ in range(steps):
            z, d = z * z + c, 2 * z * d + 1
            found.append((z, d))
        return found


def count(re: str, im: str, bits: int, limit: int) -> float:
    """The smooth count of a point, -1 if it is inside."""
    with gmpy2.context(precision=bits):
        c = mpc(mpfr(re), mpfr(im))
        z = mpc(0)
        for n in range(1, limit + 1):
            z = z * z + c
            if abs(complex(z)) > 256:
                return n + 1 - log2(log2(abs(complex(z)) ** 2) / 16)
    return -1.0


def perturbed_count(reference: Reference, dc: complex, limit: int) -> float:
    """The same for C + dc, by the reference: rebasing where that is better, and at its end."""
    orbit = [complex(*z) for z in reference.z.tolist()]
    w, m = 0j, 0
    for n in range(1, limit + 1):
        w = (2 * orbit[m] + w) * w + dc
        m += 1
        z = orbit[m] + w
        if abs(z) > 256:
            return n + 1 - log2(log2(abs(z) ** 2) / 16)
        if m == reference.steps or abs(z) < abs(w):
            w, m = z, 0
    return -1.0
