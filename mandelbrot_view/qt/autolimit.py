# SPDX-License-Identifier: GPL-3.0-or-later
"""The automatic limit of iterations: a guess by the depth first, then by what pictures show."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import numpy as np

from ..kernels.escape import INSIDE, Counts
from ..places.place import MAX_LIMIT, Place
from ..places.zooming import doublings

# This share of a picture is seen: so many points that may only not have been followed long enough, or escaped late.
_SEEN = 0.001
# A higher limit lets about as many points escape as the last one's upper half has, or it is not worth it; nor is it
# after so many seconds at the place: there are some where each doubling shows a little more.
_FACTOR, _PATIENCE = 2, 1.0
# That asks for more where the limit is this many times the guess already: a picture takes twice as long each time, and
# beside a disc's root, as at a zoom of 170 in the triple spiral valley, a little more would be seen without an end.
_CHEAP = 2.0
# Of what was gained so, this is carried on to other zooms: while pictures pass by, they must come soon.
_CARRIED = 2.0
# Where no point escapes there is nothing to judge by: larger leaps, and more patience.
_LEAP, _LEAP_PATIENCE = 4, 10.0
# Times the guess; beyond that a picture without any point outside is taken for one of the inside.
_MOST_LEAPT = 64.0
# A limit that is so many times what nearly all counts are below is for later pictures brought down to less.
_IDLE, _ENOUGH, _LEAST = 8, 4, 250
# No point near a minibrot escapes before its period is over, most do within four times that.
_TOO_FEW_PERIODS, _PERIODS = 2, 4
# What was learned holds for places that are no more than so many doublings closer or farther.
_NEAR = 5.0
_MOST_KEPT = 64


class AutoLimit:
    """What one view has learned: how many times the guess the limit is, here and at the zooms that it has seen."""

    def __init__(self) -> None:
        self._zoom = "1"
        self._ratio = self._later = 1.0
        self._kept: dict[str, float] = {}

    def of(self, place: Place) -> int:
        """The limit for a place, which is where the view is or goes."""
        if place.limit is not None:
            return place.limit
        if place.zoom != self._zoom:
            self._ratio = self._later = self._ratioFor(place.zoom)
            self._zoom = place.zoom
        return self._limit(place, self._ratio)

    def see(self, place: Place, limit: int, counts: Iterable[Counts], seconds: float, isPassing: bool = False) -> bool:
        """Learn from a picture, or a pass of one, of a place near the present one, which has been there for so long.

        isPassing: whether the view is on its way to another. Gives whether there is another limit for the present place
        now.
        """
        if place.limit is not None:
            return False
        some = np.concatenate([part.ravel() for part in counts])
        escaped = some[some >= 0]
        mayEscape = float(np.mean(some == INSIDE)) if some.size else 0.0
        if mayEscape >= _SEEN:
            if np.count_nonzero(escaped > limit / 2) >= _SEEN * max(self._ratio / _CHEAP, 1.0) * some.size:
                isWorthIt = self._ratio < _CARRIED if isPassing else seconds < _PATIENCE
                return isWorthIt and self._raise(place, limit * _FACTOR, isForHere=True)
            if mayEscape == 1 and seconds < _LEAP_PATIENCE and self._ratio * _LEAP <= _MOST_LEAPT:
                return self._raise(place, limit * _LEAP)
        if escaped.size:
            highest = float(np.quantile(escaped, 1 - _SEEN))
            if highest * _IDLE < limit:
                self._later = min(self._later, max(highest * _ENOUGH, _LEAST) / place.autoLimit())
        return False

    def seeOrbit(self, place: Place, limit: int, steps: int) -> bool:
        """Learn from a reference orbit that has returned after so many steps. Gives the same as see()."""
        return place.limit is None and limit < _TOO_FEW_PERIODS * steps and self._raise(place, _PERIODS * steps)

    def _raise(self, place: Place, limit: int, isForHere: bool = False) -> bool:
        before = self._limit(place, self._ratio)
        if limit <= before:
            return False
        self._ratio = limit / place.autoLimit()
        self._later = max(self._later, min(self._ratio, _CARRIED)) if isForHere else self._ratio
        return self._limit(place, self._ratio) > before

    def _ratioFor(self, zoom: str) -> float:
        self._kept[self._zoom] = self._ratio
        for old in list(self._kept)[:-_MOST_KEPT]:
            del self._kept[old]
        if zoom in self._kept:
            return self._kept[zoom]
        isNear = abs(doublings(Decimal(zoom)) - doublings(Decimal(self._zoom))) <= _NEAR
        return self._later if isNear else 1.0

    @staticmethod
    def _limit(place: Place, ratio: float) -> int:
        return min(max(round(place.autoLimit() * ratio), 1), MAX_LIMIT)
