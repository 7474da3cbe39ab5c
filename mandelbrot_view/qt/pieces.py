# SPDX-License-Identifier: GPL-3.0-or-later
"""Pieces of a picture: a task of the queue each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from twisted.internet.interfaces import IConsumer
from zope.interface import implementer

from ..pictures.render import Rows, coarse_bands, render_in_time, stream_tile
from ..pictures.tiles import COARSEST, Tile
from .framing import Framing, isSameLattice, mapping

if TYPE_CHECKING:
    from aqlib import Task, TaskQueue

    from ..orbits.reference import Reference

# A block of the coarse pass that is larger than the view, or smaller than a pixel, is of no use.
_MOST_SCALED = 64
# Seconds for a coarse pass while the picture zooms: a few are to come for each of the 30 pictures a second.
HASTE = 0.008
# The group of all tasks of a view.
GROUP = "Mandelbrot view"


@dataclass(eq=False)
class Piece:
    """What one task computes: a tile of a framing, by its coarse pass or by all finer ones.

    isHasty: whether its coarse pass is to be as fine as there is time for; reference: for a deep framing, one that
    reaches it; attempt: how often it was tried before; isUnwanted: its end will mean nothing.
    """

    framing: Framing
    tile: Tile
    name: str
    isCoarse: bool
    isHasty: bool = False
    reference: Reference | None = None
    attempt: int = 0
    isUnwanted: bool = False
    task: Task | None = field(default=None, repr=False)

    def submit(self, queue: TaskQueue, rowsCame: Callable[[Piece, Rows], None]) -> Task:
        """Queue it. rowsCame is called with it and each item; the task's Deferred fires when it has ended."""
        framing = self.framing
        if self.isHasty:
            calling = queue.using(doNext=True, name=self.name, group=GROUP)
            self.task = calling.submit(
                render_in_time, framing.place, framing.size, self.tile, HASTE, limit=framing.limit,
                reference=self.reference,
            )  # fmt: skip
            self.task.deferred.addCallback(lambda came: rowsCame(self, (came[0], 0, came[1])))
        elif self.isCoarse:
            calling = queue.using(doNext=True, name=self.name, group=GROUP)
            self.task = calling.submit(
                coarse_bands, framing.place, framing.size, self.tile, limit=framing.limit, reference=self.reference
            )
            self.task.deferred.addCallback(lambda counts: rowsCame(self, (COARSEST, 0, counts)))
        else:
            rows = _RowsConsumer(lambda item: rowsCame(self, item))
            streaming = queue.using(consumer=rows, name=self.name, group=GROUP)
            self.task = streaming.submit(
                stream_tile, framing.place, framing.size, self.tile, limit=framing.limit, reference=self.reference,
                by_eye=True,
            )  # fmt: skip
        return self.task

    def within(self, framing: Framing) -> Tile | None:
        """Where its pixels lie in another framing; None if its pixels are not pixels there."""
        if not isSameLattice(self.framing, framing):
            return None
        return mapping(self.framing, framing).shifted(self.tile)

    def seenIn(self, framing: Framing) -> Tile | None:
        """Where it is to be seen in another framing, scaled; None if it tells nothing there.

        For the same place with another limit it does not: who lowers that does not want to wait for the higher one.
        """
        where = mapping(self.framing, framing)
        if not 1 / _MOST_SCALED <= where.factor <= _MOST_SCALED:
            return None
        if where.isShift and framing.limit != self.framing.limit:
            return None
        left, top = where.factor * self.tile.x + where.dx, where.factor * self.tile.y + where.dy
        width, height = where.factor * self.tile.width, where.factor * self.tile.height
        return Tile(floor(left), floor(top), ceil(width), ceil(height))

    def again(self, framing: Framing, tile: Tile) -> Piece:
        """The same piece for another attempt."""
        return replace(self, framing=framing, tile=tile, attempt=self.attempt + 1, task=None)


@implementer(IConsumer)
class _RowsConsumer:
    """Hands on what a stream brings, at once."""

    def __init__(self, write: Callable[[Rows], None]) -> None:
        self._write = write

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """IConsumer: items will come; they never need to be held up."""

    def unregisterProducer(self) -> None:
        """IConsumer: no more will come."""

    def write(self, item: Any) -> None:
        """IConsumer: an item has come."""
        self._write(item)
