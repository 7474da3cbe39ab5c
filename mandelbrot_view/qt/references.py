# SPDX-License-Identifier: GPL-3.0-or-later
"""Which reference orbit serves what is to be seen, where that lies beyond double precision."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from twisted.internet.defer import CancelledError
from twisted.python.failure import Failure

from aqlib.errors import QueueRunError

from ..orbits.reference import OrbitError, Reach, Reference, compute, reach
from .framing import Framing, mapping

if TYPE_CHECKING:
    from aqlib import Task, TaskQueue

# Those used last: going back and zooming out find theirs again.
_KEPT = 3
# One that is being computed for another view is waited for if that is no more than so many times as large or as small,
# and no farther away than this, in pixels.
_MOST_SCALED, _FARTHEST = 4096.0, 4096.0
MOST_ATTEMPTS = 2
NAME = "reference orbit"


class References:
    """Has reference orbits computed, and keeps the last ones.

    queue: where; group: of the tasks; changed: called when there is another one; failed: called with why there is none.
    """

    def __init__(
        self, queue: TaskQueue, group: str, changed: Callable[[], None], failed: Callable[[Failure], None]
    ) -> None:
        self._queue = queue
        self._group = group
        self._changed = changed
        self._failed = failed
        self._kept: list[Reference] = []
        self._task: Task | None = None
        self._taskOf: Framing | None = None

    @property
    def isBusy(self) -> bool:
        """Whether one is being computed."""
        return self._task is not None

    def of(self, framing: Framing) -> Reference | None:
        """The reference that serves a deep framing; None if there is none yet: then changed() or failed() will come.

        One that will not serve much longer is replaced in the background.
        """
        for reference in self._kept:
            found = reach(
                reference, framing.place.re, framing.place.im, framing.place.zoom, framing.size, framing.limit
            )
            if found is Reach.NO:
                continue
            if found is Reach.ENDING and self._task is None:
                self._compute(framing, doNext=False)
            self._kept.remove(reference)
            self._kept.insert(0, reference)
            return reference
        if self._task is None or not self._maySuit(framing):
            self.stop()
            self._compute(framing, doNext=True)
        elif not self._task.doNext:
            self._task.setNiceness(-20)
        return None

    def prepare(self, framing: Framing) -> None:
        """Have one computed in the background for what is about to be deep, if there is none that reaches there."""
        place = framing.place
        reaches = (
            reach(reference, place.re, place.im, place.zoom, framing.size, framing.limit) for reference in self._kept
        )
        if self._task is None and all(found is Reach.NO for found in reaches):
            self._compute(framing, doNext=False)

    def stop(self) -> None:
        """Cancel what is being computed."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()

    def _maySuit(self, framing: Framing) -> bool:
        """Whether the reference that is being computed may serve this framing as well."""
        assert self._taskOf is not None
        where = mapping(self._taskOf, framing)
        if framing.limit > self._taskOf.limit or not 1 / _MOST_SCALED <= where.factor <= _MOST_SCALED:
            return False
        width, height = self._taskOf.size
        aside = where.factor * width / 2 + where.dx - framing.size[0] / 2
        down = where.factor * height / 2 + where.dy - framing.size[1] / 2
        return max(abs(aside), abs(down)) <= _FARTHEST

    def _compute(self, framing: Framing, doNext: bool, attempt: int = 0) -> None:
        place = framing.place
        calling = self._queue.using(doNext=doNext, name=NAME, group=self._group)
        task = calling.submit(compute, place.re, place.im, place.zoom, framing.size, framing.limit)
        self._task, self._taskOf = task, framing
        task.deferred.addCallbacks(
            lambda reference: self._came(task, reference), lambda failure: self._ended(task, attempt, failure)
        )

    def _came(self, task: Task, reference: Reference) -> None:
        if task is not self._task:
            return
        self._task = None
        self._kept.insert(0, reference)
        del self._kept[_KEPT:]
        self._changed()

    def _ended(self, task: Task, attempt: int, failure: Failure) -> None:
        """One that fails is tried once more: its worker may have died of something else."""
        if task is not self._task:
            return
        self._task = None
        assert self._taskOf is not None
        if attempt + 1 < MOST_ATTEMPTS and not failure.check(CancelledError, QueueRunError, OrbitError):
            self._compute(self._taskOf, task.doNext, attempt + 1)
        else:
            self._failed(failure)
