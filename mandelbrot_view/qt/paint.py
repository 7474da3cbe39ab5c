# SPDX-License-Identifier: GPL-3.0-or-later
"""How the counts of a picture become pixels: its colouring, and its ranks where colours are equalised.

Ranks are made when colours are chosen, when the coarse pass of a new framing is in, and when the picture is sharp. In
between they stand, and the last time they hardly change, because they are read from the coarse pass's own samples. At
the same times it is decided whether colours are equalised, where that is automatic: in the depth all counts of a
picture are nearly the same number, and the palette's cycle would be one colour.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..colour.colour import NARROW, colour, cycles_covered
from ..colour.colouring import Colouring, Scale, Shading
from ..colour.ranks import Ranks
from ..colour.shading import MOST_COARSE
from ..kernels.escape import Counts
from ..pictures.tiles import COARSEST, Tile

Fineness = NDArray[np.uint8]
Pixels = NDArray[np.uint32]

# Ranks that differ less are left as they are: nobody would see it.
_HARDLY = 0.01
# Colours that have been equalised stay so while they cover less than this of the palette's cycle.
_WIDE = 0.3
# How many times as long as plain colours these take, at most.
_EQUALISING, _SHADING = 3, 8


class Paint:
    """What makes pixels of counts; `colouring` is what was chosen."""

    def __init__(self) -> None:
        self.colouring = Colouring()
        self._ranks: Ranks | None = None

    @property
    def mayBeEqualised(self) -> bool:
        """Whether it is of interest what counts there are."""
        return self.colouring.scale is not Scale.SMOOTH

    @property
    def isEqualised(self) -> bool:
        """Whether colours are by rank."""
        return self._ranks is not None and self.mayBeEqualised

    @property
    def shown(self) -> Colouring:
        """The colouring with the scale that was chosen automatically."""
        if self.colouring.scale is not Scale.AUTOMATIC:
            return self.colouring
        return self.colouring._replace(scale=Scale.EQUALISED if self.isEqualised else Scale.SMOOTH)

    @property
    def isShaded(self) -> bool:
        """Whether a pixel's colour depends on the counts of its neighbours."""
        return self.colouring.shading is not Shading.NONE

    @property
    def cost(self) -> int:
        """How many times as long as plain colours it takes."""
        return 1 + _EQUALISING * self.isEqualised + _SHADING * self.isShaded

    def rank(self, counts: Counts, isPassing: bool = False) -> bool:
        """Rank by these counts of the whole picture from now on. Gives whether colours change by it.

        isPassing: whether the picture will soon be another one, to the next of which colours should not flash: then
        what is equalised stays so.
        """
        if not self.mayBeEqualised:
            return False
        some, before = counts[::COARSEST, ::COARSEST], self._ranks
        mayBeSmooth = self.colouring.scale is Scale.AUTOMATIC and not (isPassing and before is not None)
        if mayBeSmooth and cycles_covered(some) >= (NARROW if before is None else _WIDE):
            self._ranks = None
            return before is not None
        ranks = Ranks.of(some)
        if before is not None and before.differ(ranks) < _HARDLY:
            return False
        self._ranks = ranks
        return True

    def ofSamples(self, rows: Counts, spacing: float) -> Pixels:
        """The pixels of samples so many pixels apart."""
        return colour(rows, *self.colouring, ranks=self._ranks, spacing=spacing).view(np.uint32)[..., 0]

    def ofPart(self, counts: Counts, fineness: Fineness, part: Tile) -> Pixels:
        """The pixels of a part of the picture whose counts and their fineness are given."""
        rows, columns = slice(part.y, part.y + part.height), slice(part.x, part.x + part.width)
        if not self.isShaded:
            return self.ofSamples(counts[rows, columns], 1.0)
        frame = 1 if (fineness[rows, columns] == 1).all() else MOST_COARSE
        top, left = max(part.y - frame, 0), max(part.x - frame, 0)
        there = slice(top, rows.stop + frame), slice(left, columns.stop + frame)
        # Contiguous, as colour() goes through it.
        some = np.ascontiguousarray(counts[there])
        pixels = colour(some, *self.colouring, ranks=self._ranks, fineness=fineness[there]).view(np.uint32)[..., 0]
        return pixels[part.y - top :, part.x - left :][: part.height, : part.width]
