# SPDX-License-Identifier: GPL-3.0-or-later
"""The last pass of a picture that is sharp: several samples of each pixel, computed when nothing else is to be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from twisted.python.failure import Failure

from ..kernels.escape import Counts
from ..orbits.reference import Reference
from ..pictures.depth import isDeep
from ..pictures.render import render_tile
from ..pictures.tiles import Tile
from .finesamples import FineTile, frameOf
from .framing import Framing
from .picture import SHARP, Picture
from .pieces import GROUP
from .plan import Position, missingTiles
from .references import References

if TYPE_CHECKING:
    from aqlib import Task, TaskQueue

# All else of the view comes first.
NICENESS = 5
# Pixels along an edge: to colour so many by the mean of nine takes a few milliseconds.
EDGE = 128
# What can be chosen: samples along a pixel's edge.
CHOICES = (1, 2, 3)


class Antialiaser:
    """Has the pixels of a sharp picture computed by n x n samples.

    queue: where; picture: which pixels have them; came: called with each FineTile; told: called with the share that is
    done, whenever that changes, and with 1 at the end.
    """

    def __init__(
        self, queue: TaskQueue, picture: Picture, came: Callable[[FineTile], None], told: Callable[[float], None]
    ) -> None:
        self._queue = queue
        self._picture = picture
        self._came = came
        self._told = told
        self._tasks: set[Task] = set()
        self._number = 0
        self._wanted: tuple[Framing, int, Position] | None = None
        self._references = References(queue, GROUP, self._queueTiles, self._referenceFailed)

    @property
    def isBusy(self) -> bool:
        """Whether there is something left to be done."""
        return self._wanted is not None

    def begin(self, n: int, focus: Position) -> None:
        """Compute what is missing of the picture as it is now, what is nearest the focus first."""
        self.cancel()
        self._wanted = self._picture.framing, n, focus
        self._queueTiles()

    def cancel(self) -> None:
        """Compute no more."""
        if self._wanted is None:
            return
        self._wanted = None
        self._references.stop()
        tasks, self._tasks = self._tasks, set()
        self._queue.cancel(sorted(tasks, key=lambda task: task.isRunning))
        self._told(1.0)

    def _queueTiles(self) -> None:
        if self._wanted is None:
            return
        framing, n, focus = self._wanted
        fine = framing._replace(size=(n * framing.size[0], n * framing.size[1]))
        reference = None
        if isDeep(fine.place, fine.size):
            reference = self._references.of(fine)
            if reference is None:
                return
        has = self._picture.fineSamples.mask(framing)
        missing = np.where(has, np.uint8(SHARP), np.uint8(SHARP + 1))
        tiles = missingTiles(missing, [], (0, 0), focus, EDGE)
        self._number = len(tiles)
        for name, tile in tiles:
            self._submit(framing, n, fine, tile, name, reference)
        self._tell()

    def _submit(
        self, framing: Framing, n: int, fine: Framing, tile: Tile, name: str, reference: Reference | None
    ) -> None:
        frame = frameOf(tile, n, framing.size)
        calling = self._queue.using(niceness=NICENESS, name=f"smooth {name.partition(' ')[2]}", group=GROUP)
        task = calling.submit(render_tile, fine.place, fine.size, frame, 1, fine.limit, reference=reference)
        self._tasks.add(task)

        def ended(result: Counts | Failure) -> None:
            # One that fails leaves its pixels as they are: they are sharp.
            if task not in self._tasks:
                return
            self._tasks.discard(task)
            if not isinstance(result, Failure):
                self._came(FineTile.of(framing, tile, n, frame, result))
            self._tell()

        task.deferred.addBoth(ended)

    def _referenceFailed(self, failure: Failure) -> None:
        self.cancel()

    def _tell(self) -> None:
        if not self._tasks:
            self._wanted = None
        self._told(1 - len(self._tasks) / max(self._number, 1))
