# SPDX-License-Identifier: GPL-3.0-or-later
"""The orbit of one point in many digits, as fast as Python gets it out of gmpy2.

Two multiplications a step in fixed point: re' = (re + im)(re - im) + re C, im' = 2 re im + im C. Whole numbers cost
half of what gmpy2's floating point does, which looks for its context and rounds at every operation.
"""

from math import inf, ldexp, log2
from typing import NamedTuple

import numpy as np
from gmpy2 import mpz
from numpy.typing import NDArray

from .derivative import Derivative, Doubles

Exponents = NDArray[np.int32]

# Steps between two looks at where the orbit has come: some milliseconds at most.
BLOCK = 512
# Binary digits behind the point that are converted to doubles: their range ends at 1024.
_KEPT = 1000
# Numbers below 2**_TINY have an exponent of their own: a double's range ends at 2**-1022, and the kernels need room.
_TINY = -930.0
# An orbit that has come so far, |z|^2, escapes.
ESCAPED2 = 1e6


class Block(NamedTuple):
    """A piece of an orbit: z (n, 2) times 2**exponents (n,); sizes: log2|Z|; nearness: log2(|Z| / |dZ/dC|)."""

    z: Doubles
    exponents: Exponents
    sizes: Doubles
    nearness: Doubles


class Walk:
    """Follows the orbit of a point from Z_0 = 0, block by block, until it escapes or returns near to 0.

    re, im: the point in units of 2**-bits; near: a return to 0 ends it when |Z| <= 2**near |dZ/dC|; limit: the number
    of steps that ends it at the latest.
    steps: how far it has come; derivative: dZ/dC there, but that of the block's end where a return ended it within a
    block; escaped: whether it ended beyond ESCAPED2; return_size: log2(|Z| / |dZ/dC|) of the return that ended it,
    infinite before.
    """

    def __init__(self, re: mpz, im: mpz, bits: int, near: float, limit: int) -> None:
        self._c = re, im
        self._bits = bits
        self._near = near
        self._limit = limit
        self._at = mpz(0), mpz(0)
        # The last z, and log2 of its size.
        self._last = np.zeros(1, complex), np.full(1, -inf)
        self.steps = 0
        self.derivative = Derivative()
        self.escaped = False
        self.return_size = inf

    def has_ended(self) -> bool:
        """Whether there is nothing more to follow."""
        return self.escaped or self.return_size < inf or self.steps == self._limit

    def go(self, count: int) -> Block:
        """The next `count` points, or fewer where it ends."""
        begin = self._at
        count = min(count, self._limit - self.steps)
        re, im, self._at = _steps(*begin, *self._c, self._bits, count)
        z = np.column_stack((re, im))
        scale = max(-self._bits, -_KEPT)
        sizes = _sizes(z, scale)
        # What becomes denormal by that is replaced.
        block = Block(np.ldexp(z, scale), np.zeros(len(z), np.int32), sizes, np.empty(len(z)))
        escaped = np.flatnonzero(2 * sizes > log2(ESCAPED2))
        if escaped.size:
            block = _cut(block, escaped)
        tiny = np.flatnonzero(block.sizes < _TINY)
        if tiny.size:
            self._set_exponents(begin, tiny, block)
        self._set_nearness(block)
        returns = np.flatnonzero(block.nearness <= self._near)
        if returns.size:
            block = _cut(block, returns)
            self.return_size = float(block.nearness[-1])
        self.escaped = bool(escaped.size) and not returns.size
        self.steps += len(block.z)
        return block

    def _set_nearness(self, block: Block) -> None:
        points, sizes = block.z.view(complex)[:, 0], block.sizes
        before, size_before = self._last
        self._last = points[-1:], sizes[-1:]
        derivatives = self.derivative.follow(
            np.concatenate((before, points[:-1])), np.concatenate((size_before, sizes[:-1]))
        )
        with np.errstate(invalid="ignore"):
            np.subtract(sizes, derivatives, out=block.nearness)

    def _set_exponents(self, begin: tuple[mpz, mpz], which: NDArray[np.intp], block: Block) -> None:
        """Set those points of the block after `begin` anew, with exponents of their own.

        The conversion's digits do not reach so low. It is rare, so the steps to them are taken again, which is cheaper
        than to keep everybody's long numbers.
        """
        done = 0
        re, im = begin
        for index in which.tolist():
            _, _, (re, im) = _steps(re, im, *self._c, self._bits, index + 1 - done)
            done = index + 1
            block.z[index], block.exponents[index] = _scaled(re, im, self._bits)
        block.sizes[which] = _sizes(block.z[which], block.exponents[which])


def _cut(block: Block, where: NDArray[np.intp]) -> Block:
    end = where[0] + 1
    return Block(block.z[:end], block.exponents[:end], block.sizes[:end], block.nearness[:end])


def _steps(x: mpz, y: mpz, re: mpz, im: mpz, bits: int, count: int) -> tuple[list[float], list[float], tuple[mpz, mpz]]:
    """So many steps from (x, y), or fewer where it escapes: the points as doubles in units of 2**-min(bits, _KEPT)."""
    half = bits - 1
    unkept = bits - _KEPT
    xs: list[float] = []
    ys: list[float] = []
    add_x, add_y = xs.append, ys.append
    try:
        if unkept <= 0:
            for _ in range(count):
                product = x * y
                x = ((x + y) * (x - y) >> bits) + re
                y = (product >> half) + im
                add_x(float(x))
                add_y(float(y))
        else:
            for _ in range(count):
                product = x * y
                x = ((x + y) * (x - y) >> bits) + re
                y = (product >> half) + im
                add_x(float(x >> unkept))
                add_y(float(y >> unkept))
    except OverflowError:
        # It is far beyond ESCAPED2, and would double its digits at every further step.
        del xs[len(ys) :]
    return xs, ys, (x, y)


def _sizes(z: Doubles, exponents: Exponents | int) -> Doubles:
    with np.errstate(divide="ignore"):
        return np.log2(np.hypot(z[:, 0], z[:, 1])) + exponents


def _scaled(x: mpz, y: mpz, bits: int) -> tuple[tuple[float, float], int]:
    """x and y in units of 2**-bits, as mantissas of which the larger is in [1, 2), and an exponent."""
    length = max(x.bit_length(), y.bit_length())
    if not length:
        return (0.0, 0.0), 0
    # So many that a rounding of the last of them is nothing to a double.
    dropped = max(0, length - 200)
    re, im = (ldexp(float(part >> dropped), dropped - length + 1) for part in (x, y))
    if max(abs(re), abs(im)) >= 2:
        re, im, length = re / 2, im / 2, length + 1
    return (re, im), length - 1 - bits
