# SPDX-License-Identifier: GPL-3.0-or-later
"""Periods of the minibrots near a point.

A minibrot's nucleus is a point N whose orbit comes back to 0, after as many steps as its period p. About it, z_p is
roughly (c - N) dz_p/dc: where the orbit of C comes so near to 0 that |z_p| <= |dz_p/dc| r, the image of the disc of
radius r about C contains 0, so the disc contains a nucleus of period p. (The ball method: Robert Munafo's atom domains;
Claude Heiland-Allen, "Mandelbrot set notebook", 2013; here with the image's first order, as sharp as can be where
discs are small. Where they are large it may err, so whoever needs certainty looks for the nucleus.)
"""

from collections.abc import Generator
from math import inf
from time import perf_counter
from typing import NamedTuple

import numpy as np

from aqlib.context import progress

from ..wanted import check_wanted
from .numbers import fixed
from .walk import BLOCK, Walk

# Binary digits below the least distance of interest.
_GUARD = 48
# Between two reports of progress, in seconds.
_TELL_EVERY = 0.05


class Return(NamedTuple):
    """An orbit's return to 0 after `period` steps; distance: log2 of about how far away that period's nucleus is."""

    period: int
    distance: float


def returns(re: str, im: str, least: float, limit: int) -> Generator[Return, None, None]:
    """The returns of a point's orbit to 0, each nearer than all before it, until it escapes or has done `limit` steps.

    re, im: the point, as decimal text; least: log2 of the least distance that has to be right. In a task it tells its
    progress, and raises Cancelled when it is no longer wanted.
    """
    bits = max(0, -int(least)) + _GUARD
    walk = Walk(fixed(re, bits), fixed(im, bits), bits, -inf, limit)
    nearest = inf
    told = perf_counter()
    while not walk.has_ended():
        check_wanted("this period")
        first = walk.steps + 1
        nearness = walk.go(BLOCK).nearness
        before = np.minimum.accumulate(np.concatenate(([nearest], nearness)))
        for index in np.flatnonzero(nearness < before[:-1]).tolist():
            yield Return(first + index, float(nearness[index]))
        nearest = float(before[-1])
        if perf_counter() - told > _TELL_EVERY:
            told = perf_counter()
            progress(walk.steps, limit, "period")


def period_in_disc(re: str, im: str, radius: float, limit: int) -> int | None:
    """The lowest period of a nucleus in a disc about a point, if there is one of at most `limit`.

    re, im: the point, as decimal text; radius: log2 of the disc's. A task, as returns().
    """
    return next((there.period for there in returns(re, im, radius, limit) if there.distance <= radius), None)
