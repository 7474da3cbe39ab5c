# SPDX-License-Identifier: GPL-3.0-or-later
"""The orbit of one point in many digits, as fast as Python gets it out of gmpy2.

Two multiplications a step in fixed point: re' = (re + im)(re - im) + re C, im' = 2 re im + im C. Whole numbers cost
half of what gmpy2's floating point does, which looks for its context and rounds at every operation.

What is to be right is the image of a disc about C, which grows as the derivative does: an error of 2**-bits |dZ/dC| is
as one of 2**-bits in C. So the longer the orbit, the fewer digits it needs, unless the derivative falls.
"""

from copy import copy
from math import inf, ldexp, log2
from typing import NamedTuple

import numpy as np
from gmpy2 import mpz
from numpy.typing import NDArray

from .derivative import Derivative, Doubles

Exponents = NDArray[np.int32]
Point = tuple[mpz, mpz]

# Steps between two looks at where the orbit has come: some milliseconds at most.
BLOCK = 512
# Binary digits behind the point that are converted to doubles: their range ends at 1024.
_KEPT = 1000
# Numbers below 2**_TINY have an exponent of their own: a double's range ends at 2**-1022, and the kernels need room.
_TINY = -930.0
# Digits that are kept beyond those that the derivative asks for, and at the least.
_MARGIN = 16
_LEAST_BITS = 128
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
        self._at: Point = mpz(0), mpz(0)
        # How many of its last digits are not needed from here on.
        self._dropped = 0
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
        count = min(count, self._limit - self.steps)
        before = copy(self.derivative), self._last
        block, end, unneeded = self._block(count)
        if self._dropped > unneeded + _MARGIN:
            # The derivative fell, so that more digits were needed than the points before had led to expect.
            self.derivative, self._last = before
            self._dropped = unneeded
            block, end, _ = self._block(count)
        self._at, self._dropped = end, unneeded
        self.steps += len(block.z)
        return block

    def _block(self, count: int) -> tuple[Block, Point, int]:
        """The points, where the last step led, and how many digits would not have been needed."""
        z, end = self._steps(self._at, count)
        scale = max(self._dropped - self._bits, -_KEPT)
        sizes = _sizes(z, scale)
        # What becomes denormal by that is replaced.
        block = Block(np.ldexp(z, scale), np.zeros(len(z), np.int32), sizes, np.empty(len(z)))
        escaped = np.flatnonzero(2 * sizes > log2(ESCAPED2))
        if escaped.size:
            block = _cut(block, escaped)
        tiny = np.flatnonzero(block.sizes < _TINY)
        if tiny.size:
            self._set_exponents(tiny, block)
        derivatives = self._derivatives(block)
        with np.errstate(invalid="ignore"):
            np.subtract(block.sizes, derivatives, out=block.nearness)
        returns = np.flatnonzero(block.nearness <= self._near)
        if returns.size:
            block = _cut(block, returns)
        self.return_size = float(block.nearness[-1]) if returns.size else inf
        self.escaped = bool(escaped.size) and not returns.size
        unneeded = min(float(np.min(derivatives)) - _MARGIN, self._bits - _LEAST_BITS)
        return block, end, int(max(0.0, unneeded))

    def _steps(self, start: Point, count: int) -> tuple[Doubles, Point]:
        """So many steps from a point on, or fewer where they escape, without the digits that are dropped.

        The points as doubles (n, 2) in units of 2**-(digits left), but at least 2**-_KEPT; and the last one itself.
        """
        dropped = self._dropped
        x, y, re, im = (number >> dropped for number in (*start, *self._c))
        xs, ys, (x, y) = _follow(x, y, re, im, self._bits - dropped, count)
        return np.column_stack((xs, ys)), (x << dropped, y << dropped)

    def _derivatives(self, block: Block) -> Doubles:
        """log2|dZ/dC| of a block's points."""
        points, sizes = block.z.view(complex)[:, 0], block.sizes
        before, size_before = self._last
        self._last = points[-1:], sizes[-1:]
        return self.derivative.follow(np.concatenate((before, points[:-1])), np.concatenate((size_before, sizes[:-1])))

    def _set_exponents(self, which: NDArray[np.intp], block: Block) -> None:
        """Set those points of the next block anew, with exponents of their own.

        The conversion's digits do not reach so low. It is rare, so the steps to them are taken again, which is cheaper
        than to keep everybody's long numbers.
        """
        done = 0
        there = self._at
        for index in which.tolist():
            _, there = self._steps(there, index + 1 - done)
            done = index + 1
            block.z[index], block.exponents[index] = _scaled(*there, self._bits)
        block.sizes[which] = _sizes(block.z[which], block.exponents[which])


def _cut(block: Block, where: NDArray[np.intp]) -> Block:
    end = where[0] + 1
    return Block(block.z[:end], block.exponents[:end], block.sizes[:end], block.nearness[:end])


def _follow(
    x: mpz, y: mpz, re: mpz, im: mpz, bits: int, count: int
) -> tuple[list[float], list[float], tuple[mpz, mpz]]:
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
    # What overflows is far beyond any escape, and its size is infinite for all that is asked of it.
    with np.errstate(divide="ignore", over="ignore"):
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
