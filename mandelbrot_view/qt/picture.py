# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of the picture shown: for each pixel its count, how coarse that knowledge is, and its colour."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ..colour.colouring import Colouring
from ..kernels.escape import INSIDE, Counts
from ..pictures.tiles import COARSEST, Tile
from .finesamples import FineSamples, FineTile
from .framing import Framing, Mapping, clipped, mapping
from .knowledge import (
    COARSEST_KNOWN,
    NOT_QUITE,
    SHARP,
    UNKNOWN,
    Band,
    Known,
    Samples,
    arrays,
    coarsened,
    covers,
    samplesIn,
    spreadFineness,
)  # fmt: skip
from .paint import Fineness, Paint, Pixels
from .resampling import samplesAlong, spread
from .surroundings import surroundings

__all__ = ["SHARP", "UNKNOWN", "Band", "Colouring", "Fineness", "Picture", "Pixels"]

# Fills a tile of other pixels with pixels that lie there as the mapping says, in a way that looks good.
Scale = Callable[[Pixels, Pixels, Mapping, Tile], None]
# What is scaled more is a few coloured blocks, smooth or not.
_MOST_SMOOTHED = 64
# A pass of this step or a coarser one is drawn smoothly; the blocks of finer ones are hardly seen.
_SMOOTHED_STEP = 4
# How many times as long as its colour a sample's part in the mean takes.
_AVERAGING = 4
# What is known now is a better base of pictures to come when more than this part of it, one in so many, is much finer.
_FEW = 8


class Picture:
    """The pixels of a framing, from nothing to sharp.

    background: 0xffrrggbb, the colour of what has never been known; scale: draws what is coarse, else it is blocks.
    Attributes, one for each pixel: `counts`, NaN where there is none; `fineness`, the step of the pass that the
    knowledge is from, 1 where it is the pixel's own, 255 where there is none; `pixels`, 0xffrrggbb as Qt's
    Format_RGB32 has it. `framing`, what they are of; `sharp`, how many are; `fineSamples`, those of sharp pixels that
    have several.
    """

    def __init__(self, framing: Framing, background: int, scale: Scale | None = None) -> None:
        self.framing = framing
        self.background = background
        self._paint = Paint()
        self._scale = scale
        self._counts, self.fineness, self.pixels = arrays(framing.size)
        self._spare: tuple[Counts, Fineness, Pixels] | None = arrays(framing.size)
        # While it zooms, pictures are made of this one, which is older and finer, and of the last coarse pass: made of
        # each other, they would be blurred a little more each time.
        self._base: Known | None = None
        self._lastPass: tuple[Framing, list[Band]] | None = None
        # Pixels of which much more was computed after what was known of them before has moved here.
        self._news = 0
        self.fineSamples = FineSamples()
        # The coarse pass of this framing, to be drawn smoothly in other colours too.
        self._samples: list[Samples] = []
        self._moveCounts: list[Callable[[], None]] = []
        self._nextRow = 0
        self._staleRows = 0
        self._clear(self.framing.whole)
        self.sharp = 0

    @property
    def counts(self) -> Counts:
        """The counts of what is known. Not before they are asked for do they follow a move: pixels are in haste."""
        self._settleCounts()
        return self._counts

    def _settleCounts(self) -> None:
        for move in self._moveCounts:
            move()
        self._moveCounts.clear()

    @property
    def isSharp(self) -> bool:
        """Whether nothing is left to be computed."""
        return self.sharp == self.fineness.size

    @property
    def isWholeKnown(self) -> bool:
        """Whether something is known of each pixel."""
        return bool(self.fineness.max() != UNKNOWN)

    def knowsAllOf(self, framing: Framing) -> bool:
        """Whether something is known of each pixel of another framing, too."""
        return covers(self.framing, framing) and self.isWholeKnown

    @property
    def sharpShare(self) -> float:
        """How much of it is sharp, 0 to 1."""
        return self.sharp / self.fineness.size

    # Knowledge comes in.

    def take(self, framing: Framing, tile: Tile, step: int, first: int, rows: Counts) -> Tile | None:
        """Take rows of a pass, where they are finer than what is known; gives the rectangle that may have changed.

        framing: for which they were computed: it may be another one, then they are mapped into this one. tile, step,
        first, rows: as render.stream_tile() has them; each sample stands for a block of step x step pixels.
        """
        changed = self._take(framing, tile, step, first, rows)
        self._settleCounts()
        return changed

    def _take(self, framing: Framing, tile: Tile, step: int, first: int, rows: Counts) -> Tile | None:
        if not rows.size:
            return None
        where = mapping(framing, self.framing)
        height = min(len(rows) * step, tile.height - first * step)
        xs, columns = samplesAlong(self.framing.size[0], where.factor, where.dx, tile.x, tile.width, step)
        ys, lines = samplesAlong(self.framing.size[1], where.factor, where.dy, tile.y + first * step, height, step)
        fineness = self._finenessOf(step, where, framing.limit)
        known = self.fineness[ys, xs]
        isFiner = known > fineness
        if not isFiner.any():
            return None
        self._news += int(np.count_nonzero(known >= min(2 * fineness, UNKNOWN)))
        somewhere = None if isFiner.all() else isFiner
        there = Tile(xs.start, ys.start, len(columns), len(lines))
        self._moveCounts.append(partial(spread, rows, lines, columns, self._counts[ys, xs], somewhere))
        np.copyto(known, np.uint8(fineness), where=isFiner)
        if fineness == SHARP:
            self.sharp += int(np.count_nonzero(isFiner))
            if self._paint.isShaded:
                return self._shadeSharp(there)
        blocks = where.ofBlocks(tile.x, tile.y + first * step, step)
        samples = Samples(rows, step * where.factor, blocks, there)
        if step >= _SMOOTHED_STEP and self._isSmooth(blocks):
            self._drawSmoothly(samples, there, somewhere)
            if step == COARSEST and framing == self.framing:
                self._samples.append(samples)
        else:
            spread(self._paint.ofSamples(rows, samples.spacing), lines, columns, self.pixels[ys, xs], somewhere)
        return there

    def _shadeSharp(self, come: Tile) -> Tile:
        """Colour sharp pixels that have come, and those around, which have new neighbours; gives where."""
        around = clipped(Tile(come.x - 1, come.y - 1, come.width + 2, come.height + 2), self.framing.size)
        assert around is not None
        there = slice(around.y, around.y + around.height), slice(around.x, around.x + around.width)
        coloured = self._paint.ofPart(self.counts, self.fineness, around)
        np.copyto(self.pixels[there], coloured, where=self.fineness[there] == SHARP)
        return around

    def _drawSmoothly(self, samples: Samples, there: Tile, somewhere: NDArray[np.bool_] | None) -> None:
        assert self._scale is not None
        # From the middle of the outermost samples to their edges there is nothing to mix them with.
        framed = np.pad(self._paint.ofSamples(samples.rows, samples.spacing), 1, "edge")
        where = samples.blocks.ofBlocks(-1, -1, 1)
        if somewhere is None:
            self._scale(framed, self.pixels, where, there)
            return
        drawn = np.empty((there.height, there.width), np.uint32)
        where = where._replace(dx=where.dx - there.x, dy=where.dy - there.y)
        self._scale(framed, drawn, where, there._replace(x=0, y=0))
        pixels = self.pixels[there.y : there.y + there.height, there.x : there.x + there.width]
        np.copyto(pixels, drawn, where=somewhere)

    def _isSmooth(self, where: Mapping) -> bool:
        return self._scale is not None and where.factor <= _MOST_SMOOTHED

    def _finenessOf(self, step: int, where: Mapping, limit: int) -> int:
        if where.isShift and limit == self.framing.limit:
            return step
        return coarsened(where.factor)[step]

    # It moves.

    def moveTo(self, framing: Framing) -> None:
        """Frame something else: what is known is carried along, and is sharp still where pixels fall on pixels."""
        self._move(framing, None)

    def _coarsestOf(self, framing: Framing, bands: list[Band], now: Framing) -> int | None:
        """How coarse a pass leaves the picture at most; None if it does not cover all of it."""
        where = mapping(framing, now)
        covered = sum(band.tile.width * band.tile.height for band in bands) == framing.size[0] * framing.size[1]
        if not covered or not covers(framing, now):
            return None
        return self._finenessOf(max(band.step for band in bands), where, framing.limit)

    def _move(self, framing: Framing, covering: int | None) -> None:
        """covering: what comes at once will make no pixel coarser than that: what is so now need not be drawn."""
        before = self._leave(mapping(self.framing, framing).isShift, framing.size)
        self.fineSamples.keepIn(framing)
        where = mapping(before.framing, framing)
        (xs, columns), (ys, lines) = samplesIn(before.framing, framing)
        self._samples = []
        self.framing = framing
        kept = Tile(xs.start, ys.start, len(columns), len(lines))
        self._moveCounts = [partial(spread, before.counts, lines, columns, self._counts[ys, xs])]
        become = None if where.isShift else coarsened(where.factor)
        spreadFineness(before.fineness, lines, columns, self.fineness[ys, xs], become)
        if covering is not None and self.fineness.min() > covering:
            pass
        elif where.isShift or not self._isSmooth(where):
            spread(before.pixels, lines, columns, self.pixels[ys, xs])
        elif self._scale is not None and kept.width and kept.height:
            self._scale(before.pixels, self.pixels, where, kept)
        self._clearAround(kept, before.pixels, where)
        # After anything else than a shift all is computed anew.
        if framing.limit != before.framing.limit and where.isShift:
            self._applyLimit(before.framing.limit)
        if self._staleRows:
            self._staleRows = framing.size[1]
        self._nextRow = 0
        self.sharp = int(np.count_nonzero(self.fineness == SHARP)) if where.isShift else 0
        self._news = 0
        if self._lastPass is not None:
            self._takeAll(*self._lastPass)

    def takeFine(self, tile: FineTile) -> Tile:
        """Colour pixels by several samples each from now on; gives the rectangle that may have changed."""
        self.fineSamples.add(tile)
        there = clipped(mapping(tile.framing, self.framing).shifted(tile.tile), self.framing.size)
        assert there is not None, "no more is computed of what is out of sight"
        self.fineSamples.draw(self.framing, there, self._paint, self.pixels, self.fineness)
        return there

    def forgetFine(self) -> None:
        """Colour each pixel by its own sample again."""
        self.fineSamples.clear()
        self._makeStale()

    def takePass(self, framing: Framing, bands: list[Band], now: Framing) -> None:
        """Move to a framing, and take the coarse pass of all of this or a similar one, which replaces the last one."""
        self._lastPass = None
        self._move(now, self._coarsestOf(framing, bands, now))
        self._takeAll(framing, bands)
        self._lastPass = framing, bands

    def _takeAll(self, framing: Framing, bands: list[Band]) -> None:
        for band in bands:
            self._take(framing, band.tile, band.step, 0, band.rows)

    def _leave(self, isShift: bool, size: tuple[int, int]) -> Known:
        """What is to be carried along: what is known now, or the base, where little has come since.

        Afterwards its own arrays are others, of this size.
        """
        if self._base is not None and not isShift and self._news * _FEW < self.fineness.size:
            if self.fineness.shape != size[::-1]:
                self._counts, self.fineness, self.pixels = arrays(size)
            return self._base
        now = Known(self.framing, self.counts, self.fineness, self.pixels)
        room = self._spare if self._base is None else self._base[1:]
        if room is None or room[0].shape != size[::-1]:
            room = arrays(size)
        self._spare, self._base = (now[1:], None) if isShift else (None, now)
        self._lastPass = None
        self._counts, self.fineness, self.pixels = room
        return now

    def _forgetBase(self) -> None:
        if self._base is not None:
            self._spare = self._base[1:]
        self._base = self._lastPass = None

    def _applyLimit(self, before: int) -> None:
        """With another limit other points are inside. What has escaped below both keeps its count."""
        limit = self.framing.limit
        if limit < before:
            isNowInside = self.counts >= limit + 1
            self.counts[isNowInside] = INSIDE
            self._staleRows = len(self.counts)
        else:
            mayEscape = self.counts == INSIDE
            self.fineness[mayEscape & (self.fineness == SHARP)] = NOT_QUITE
            # What a coarse pass took for the inside, another one is to look at.
            self.fineness[mayEscape & (self.fineness >= COARSEST) & (self.fineness < UNKNOWN)] = COARSEST_KNOWN

    def _clearAround(self, kept: Tile, pixels: Pixels, where: Mapping) -> None:
        """pixels, where: what was seen before, and where that lies now."""
        width, height = self.framing.size
        right, bottom = kept.x + kept.width, kept.y + kept.height
        tiles = [
            tile
            for tile in (
                Tile(0, 0, width, kept.y), Tile(0, bottom, width, height - bottom),
                Tile(0, kept.y, kept.x, kept.height), Tile(right, kept.y, width - right, kept.height),
            )
            if tile.width and tile.height
        ]  # fmt: skip
        around = surroundings(pixels, where, self.framing.size) if tiles and self._scale is not None else None
        for tile in tiles:
            self._clear(tile)
            if around is not None and self._scale is not None:
                self._scale(around[0], self.pixels, around[1], tile)

    def _clear(self, tile: Tile) -> None:
        there = slice(tile.y, tile.y + tile.height), slice(tile.x, tile.x + tile.width)
        self._counts[there] = np.nan
        self.fineness[there] = UNKNOWN
        self.pixels[there] = self.background

    # It is coloured anew.

    @property
    def isStale(self) -> bool:
        """Whether some of it has colours of before."""
        return self._staleRows > 0

    @property
    def colouring(self) -> Colouring:
        """How it is coloured."""
        return self._paint.colouring

    @property
    def shownColouring(self) -> Colouring:
        """The same, with the scale that it has now where that is automatic."""
        return self._paint.shown

    def setColouring(self, colouring: Colouring) -> None:
        """Be coloured otherwise: what comes is at once, what is there by recolour()."""
        before, self._paint.colouring = self.colouring, colouring
        if colouring.scale is not before.scale:
            self._paint.rank(self.counts)
        if colouring != before:
            self._makeStale()

    def rank(self, isPassing: bool = False) -> None:
        """Where colours are equalised, do it by what is known now; without this, they are so by what was before.

        isPassing: as Paint.rank() has it.
        """
        if self._paint.mayBeEqualised and self._paint.rank(self.counts, isPassing):
            self._makeStale()

    def _makeStale(self) -> None:
        self._staleRows = len(self.fineness)
        self._forgetBase()

    def recolour(self, most: int) -> Tile:
        """Colour some whole rows anew, from where the last call ended; gives where.

        most: pixels, about, if colours are plain; fewer where they take longer.
        """
        height, width = self.counts.shape
        first = self._nextRow
        cost = self._paint.cost * (1 + _AVERAGING * self.fineSamples.number * bool(self.fineSamples))
        end = min(first + max(most // (width * cost), 1), first + self._staleRows, height)
        part, pixels = Tile(0, first, width, end - first), self.pixels[first:end]
        pixels[:] = self._paint.ofPart(self.counts, self.fineness, part)
        pixels[self.fineness[first:end] == UNKNOWN] = self.background
        for samples in self._samples:
            self._redraw(samples, first, end)
        self.fineSamples.draw(self.framing, part, self._paint, self.pixels, self.fineness)
        self._staleRows -= end - first
        self._nextRow = end % height
        return part

    def _redraw(self, samples: Samples, first: int, end: int) -> None:
        """Draw those of its pixels smoothly that lie in some rows and have become no finer."""
        x, y, width, height = samples.there
        top, bottom = max(first, y), min(end, y + height)
        isCoarse = self.fineness[top:bottom, x : x + width] == COARSEST
        if isCoarse.any():
            self._drawSmoothly(samples, Tile(x, top, width, bottom - top), None if isCoarse.all() else isCoarse)
