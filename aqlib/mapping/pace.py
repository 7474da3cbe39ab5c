# SPDX-License-Identifier: Apache-2.0
"""Pace: how many calls a chunk of a map has."""

from __future__ import annotations

import math

from ..checks import checkCount

# A chunk has so many seconds of work: many times what it costs to send one, and short for whoever waits.
WORK = 0.006
# Where the work is done in the reactor's own thread, that waits meanwhile.
WORK_IN_REACTOR = 0.002
# To make a chunk takes the reactor so many seconds at most.
MAKING = 0.002
# So much of that a chunk takes however few calls it has.
MAKING_ANY = 0.0002
# Its results have so many bytes at most.
BYTES = 1 << 20
# A chunk has at most so many times the calls of one that was measured, for a few calls are no good measure of many.
GROWTH = 64
# Towards the end chunks get smaller, so that all workers end together, but what they cost in all is never less, in
# seconds: smaller ones would not be worth their sending.
LEAST = 0.0006


class Pace:
    """Grows from one call a chunk, by what chunks were measured to cost, until each is worth its sending.

    Args:
        told: So many calls have all chunks, whatever they cost. Raises ValueError below 1.

    Attributes: `work`, how many seconds of work a chunk should have; `isMeasuring`, whether it goes by that.
    """

    def __init__(self, told: int | None = None) -> None:
        if told is not None:
            checkCount("chunksize", told)
        self.work = WORK
        self.isMeasuring = told is None
        self._told = told
        self._most = 1
        self._seconds, self._making, self._bytes = _Mean(), _Mean(), _Mean()

    @property
    def isGrowing(self) -> bool:
        """Whether it is not known yet how many calls a chunk should have."""
        return self._told is None and self._wanted() > self._most

    @property
    def full(self) -> int:
        """How many calls a chunk has in mid-stream."""
        return self._told or max(int(min(self._most, self._wanted())), 1)

    def next(self, left: int | None, workers: int) -> int:
        """How many calls the next chunk has when so many inputs are left (None: that is not known)."""
        full = self.full
        if left is None or self._told is not None:
            return full
        cost = self._seconds.each + self._making.each
        least = LEAST / cost if cost else 1
        return min(full, math.ceil(max(left / (2 * workers), least)))

    def _wanted(self) -> float:
        share = max(self._seconds.each / self.work, self._making.each / MAKING, self._bytes.each / BYTES)
        return 1 / share if share else math.inf

    def made(self, count: int, seconds: float) -> None:
        """A chunk of so many calls took so long to make, in seconds of CPU time."""
        self._making.add(count, max(seconds - MAKING_ANY, 0.0))

    def done(self, count: int, seconds: float, size: int) -> None:
        """So many calls of a chunk took so long, and gave so many bytes."""
        self._seconds.add(count, seconds)
        self._bytes.add(count, size)
        self._most = max(self._most, GROWTH * count)


class _Mean:
    """What each call costs: the older a chunk, the less it counts, and the larger, the more."""

    def __init__(self) -> None:
        self._sum = 0.0
        self._count = 0.0

    @property
    def each(self) -> float:
        """The mean, 0 when nothing is known."""
        return self._sum / self._count if self._count else 0.0

    def add(self, count: int, amount: float) -> None:
        """So many calls cost that together."""
        self._sum = self._sum / 2 + amount
        self._count = self._count / 2 + count
