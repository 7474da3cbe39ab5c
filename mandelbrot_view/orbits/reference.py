# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference orbits, for perturbation (K. I. Martin, "Superfractalthing maths", 2013).

A pixel c = C + dc is followed as a small difference w from the orbit Z of one point C of the picture. It may go on
from any Z_k with w := Z_n + w_n - Z_k, above all from Z_0 = 0 ("rebasing", Zhuoran, fractalforums.org, 2021).

That is why an orbit need not be as long as the limit. At the first n at which Z_n is as near to 0 as the picture's
image is large, |Z_n| <= _RETURN |dZ_n/dC| r, every pixel may go on at Z_0: Z_n + w_n is of the size of the picture's
image, so the sum loses no digits that matter. It is where the ball method finds the period of the largest minibrot in
or near the picture (Robert Munafo's atom domains; Claude Heiland-Allen, "Mandelbrot set notebook", 2013).
"""

import enum
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from math import ceil, hypot, inf, log2
from time import perf_counter
from typing import NamedTuple

import numpy as np

from aqlib.context import progress
from aqlib.resident import Resident

from ..places.place import MAX_LIMIT, Place
from ..wanted import check_wanted
from .derivative import Doubles
from .numbers import Scaled, ScaledPair, difference, fixed, normal, scaled
from .walk import BLOCK, Block, Exponents, Walk

Size = tuple[int, int]

# How near to 0 an orbit must return to end there, in radii of the picture's image, and how far away that may be for
# other pictures: the rounding of Z_M, 1e-16 of it, then is a millionth of a pixel in a picture of 1000 pixels.
_RETURN = 30.0
_FAR_RETURN = 1e4
# Pixels from C to a picture's centre at most: the rounding of such differences, even if it adds up over millions of
# steps, stays below a thousandth of a pixel.
_FAR_CENTRE = 32768.0
# Binary digits that must be right below a pixel's size, for errors add up over the steps; and those for zooming in.
_GUARD = 36
_SPARE = 24
# A reference is ENDING when such a zoom would end it.
_SOON = 16.0

# Twenty bytes each: more would take the memory from everything else.
MOST_STEPS = 50_000_000

# Between two items of a stream, in seconds.
_SLICE = 0.05


class OrbitError(Exception):
    """A place whose reference orbit cannot be had. Its message says why, and what to do."""


class Reach(enum.Enum):
    """Whether a reference serves a picture. ENDING: it does, but another sixteenfold zoom would end it."""

    NO = "no"
    ENDING = "ending"
    YES = "yes"


class Part(NamedTuple):
    """A piece of an orbit, Z_first and those after it; z and exponents as in Reference."""

    first: int
    z: Doubles
    exponents: Exponents


class Ending(NamedTuple):
    """What there is to say when an orbit has come to its end: see Reference."""

    wraps: bool
    escapes: bool
    bits: int
    return_size: float


@dataclass(frozen=True, eq=False)
class Reference(Resident):
    """The orbit of a point C: Z_0 = 0, Z_1 = C, ... Z_M.

    re, im: C as decimal text. z: float64 (M + 1, 2), and exponents: int32 (M + 1,): Z_m = z[m] * 2**exponents[m]; an
    exponent is 0 except where |Z_m| < 2**-930, about 1e-280: there the larger part of z[m] is in [1, 2).
    radius: half the diagonal of the picture that it was made for, as (mantissa, exponent). wraps: Z_M is a return to 0,
    and all pixels go on from Z_0; escapes: it ends because |Z_M| > 1000; else it is as long as the limit. bits: binary
    digits behind the point that it was computed in. return_size: log2 of |Z_M| / |dZ_M/dC| if it wraps, else infinite.
    """

    re: str
    im: str
    z: Doubles
    exponents: Exponents
    radius: Scaled
    wraps: bool
    escapes: bool
    bits: int
    return_size: float

    @property
    def steps(self) -> int:
        """M, the number of steps from Z_0 to the last Z."""
        return len(self.z) - 1

    @property
    def limit(self) -> int:
        """Iterations for which it suffices."""
        return MAX_LIMIT if self.wraps or self.escapes else self.steps


def compute(place_re: str, place_im: str, zoom: str, size: Size, limit: int) -> Reference:
    """The reference of a picture's centre.

    place_re, place_im: the centre, and zoom: 4 / the picture's height in the plane, as decimal text; size: (width,
    height) in pixels; limit: iterations for which it is to suffice. A task: it tells its progress, and raises
    Cancelled when it is no longer wanted. Raises OrbitError.
    """
    return joined(place_re, place_im, zoom, size, stream(place_re, place_im, zoom, size, limit))


def stream(place_re: str, place_im: str, zoom: str, size: Size, limit: int) -> Generator[Part | Ending, None, None]:
    """The reference as it grows: a Part every 50 ms, the first from Z_0 on, and an Ending. Else as compute()."""
    radius = radius_of(zoom, size)
    bits = _bits(zoom, size) + _SPARE
    walk = Walk(fixed(place_re, bits), fixed(place_im, bits), bits, _log2(radius) + log2(_RETURN), limit)
    yield Part(0, np.zeros((1, 2)), np.zeros(1, np.int32))
    while not walk.has_ended():
        first = walk.steps + 1
        blocks = [_block(walk)]
        end_of_slice = perf_counter() + _SLICE
        while not walk.has_ended() and perf_counter() < end_of_slice:
            blocks.append(_block(walk))
        progress(walk.steps, limit, "reference orbit")
        yield Part(first, *_joined(blocks))
    yield Ending(walk.return_size < inf, walk.escaped, bits, walk.return_size)


def joined(place_re: str, place_im: str, zoom: str, size: Size, items: Iterable[Part | Ending]) -> Reference:
    """The reference from all the items of its stream(), whose other arguments these are."""
    parts: list[Part] = []
    for item in items:
        if isinstance(item, Ending):
            wraps, escapes, bits, return_size = item
            return Reference(
                place_re, place_im, *_joined(parts), radius_of(zoom, size), wraps, escapes, bits, return_size
            )
        parts.append(item)
    raise ValueError("the last item of an orbit's stream is missing")


def reach(reference: Reference, place_re: str, place_im: str, zoom: str, size: Size, limit: int) -> Reach:
    """Whether a reference serves the picture that the other arguments describe, as in compute()."""
    re, im, exponent = offset(reference, place_re, place_im)
    distance = log2(hypot(re, im)) + exponent if re or im else -inf
    needs = (
        # What zooming in takes from each, log2 of what there is over what is needed.
        reference.bits - _bits(zoom, size),
        log2(_FAR_CENTRE) + _log2(spacing_of(zoom, size)) - distance,
        log2(_FAR_RETURN) + _log2(radius_of(zoom, size)) - reference.return_size if reference.wraps else inf,
    )
    if min(needs) < 0 or limit > reference.limit:
        return Reach.NO
    return Reach.ENDING if min(needs) < log2(_SOON) else Reach.YES


def offset(reference: Reference, place_re: str, place_im: str) -> ScaledPair:
    """A point, given as decimal text, minus C: (re, im, exponent), re and im times 2**exponent, to double precision."""
    return difference((place_re, place_im), (reference.re, reference.im))


def spacing_of(zoom: str, size: Size) -> Scaled:
    """Plane units a pixel in a picture of that zoom, 4 / its height as decimal text, and size (width, height)."""
    return scaled(Place("0", "0", zoom).exactSpacing(size[1]))


def radius_of(zoom: str, size: Size) -> Scaled:
    """Half the diagonal of that picture in plane units."""
    mantissa, exponent = spacing_of(zoom, size)
    return normal(mantissa * hypot(*size) / 2, exponent)


def _block(walk: Walk) -> Block:
    check_wanted("this reference orbit")
    if walk.steps >= MOST_STEPS:
        raise OrbitError(f"the orbit here has no end within {MOST_STEPS} steps; give a limit of at most that")
    return walk.go(BLOCK)


def _joined(pieces: Sequence[Block | Part]) -> tuple[Doubles, Exponents]:
    return np.concatenate([piece.z for piece in pieces]), np.concatenate([piece.exponents for piece in pieces])


def _bits(zoom: str, size: Size) -> int:
    """Binary digits behind the point that a picture asks for."""
    return max(0, ceil(-_log2(spacing_of(zoom, size)))) + _GUARD


def _log2(number: Scaled) -> float:
    mantissa, exponent = number
    return log2(mantissa) + exponent
