# SPDX-License-Identifier: GPL-3.0-or-later
"""Histogram equalisation: what share of a picture has a lower count.

Ranks are made from a sample of the counts, and then stand for as long as their owner wants: pixels that come later are
ranked by them, so that colours do not change while a picture fills in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..kernels.escape import Counts

Floats = NDArray[np.float32]

# Samples that are looked at: a rank is right to a hundredth then, and sorting them takes a millisecond.
MOST_SAMPLES = 1 << 14
# Between so many nodes ranks are interpolated.
_NODES = 4096
# Samples lie on the grid of the coarsest pass, of every eighth pixel, so that it says what the sharp picture will say.
_GRID = 8


@dataclass(frozen=True, eq=False)
class Ranks:
    """The ranks of counts, 0 to 1.

    nodes: the ranks of lowest + (i / per_root)^4, for all i from 0. So they lie densest above the lowest count, where
    most of a deep picture is.
    """

    lowest: float
    per_root: float
    nodes: Floats

    @classmethod
    def of(cls, counts: Counts) -> Ranks:
        """The ranks in a picture (h, w). What is inside or not known has none and does not count."""
        sample = _thinned(counts)
        values, numbers = np.unique(sample[sample >= 0].astype(np.float64), return_counts=True)
        if not values.size:
            return cls(0.0, 1.0, np.zeros(2, np.float32))
        below = np.cumsum(numbers) - (numbers + 1) / 2  # in the middle of those that are alike
        lowest = float(values[0])
        widest = max(float(values[-1]) - lowest, 1e-6) ** 0.25
        at = lowest + np.linspace(0, widest, _NODES + 1) ** 4
        return cls(lowest, _NODES / widest, np.interp(at, values, below / max(below[-1], 1)).astype(np.float32))

    def differ(self, other: Ranks) -> float:
        """How much the ranks of a count differ at most, 0 to 1."""
        return max(float(np.abs(a(b._counts) - b.nodes).max()) for a, b in ((self, other), (other, self)))

    def __call__(self, counts: Counts) -> Floats:
        """The rank of each count; of those that have none, 0."""
        ranks = np.empty(counts.shape, np.float32)
        self.put(counts, ranks, np.empty(counts.shape, np.intp))
        return ranks

    def put(self, counts: Counts, ranks: Floats, index: NDArray[np.intp]) -> None:
        """Write the ranks of counts. index: room for as many numbers."""
        last = self.nodes.size - 1
        # Before they are cut to 24 bits: what is above the lowest count has few digits.
        np.subtract(counts, self.lowest, out=ranks, casting="same_kind")
        np.fmax(ranks, 0, out=ranks)
        np.sqrt(ranks, out=ranks)
        np.sqrt(ranks, out=ranks)
        np.multiply(ranks, np.float32(self.per_root), out=ranks)
        np.fmin(ranks, np.float32(last), out=ranks)
        np.copyto(index, ranks, casting="unsafe")
        np.minimum(index, last - 1, out=index)
        np.subtract(ranks, index, out=ranks, casting="same_kind")
        np.multiply(ranks, self._rises.take(index, mode="clip"), out=ranks)
        np.add(ranks, self.nodes.take(index, mode="clip"), out=ranks)

    @property
    def _counts(self) -> NDArray[np.float64]:
        """At the nodes."""
        return self.lowest + (np.arange(self.nodes.size) / self.per_root) ** 4

    @cached_property
    def _rises(self) -> Floats:
        return np.diff(self.nodes)


def _thinned(counts: NDArray) -> NDArray:
    """Every n-th of a picture's pixels and rows, so that at most MOST_SAMPLES are left."""
    step = 1
    while counts.size > MOST_SAMPLES * step**2:
        step = _GRID if step == 1 else step + _GRID
    return counts[::step, ::step]
