# SPDX-License-Identifier: GPL-3.0-or-later
"""ViewWait: says why no piece of the picture runs, when other tasks have all workers for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from twisted.internet.interfaces import IDelayedCall

from aqgui.models.utilisation import isPaused
from aqgui.texts import plural
from aqlib import WorkerState
from aqlib.interfaces import Worker

# A piece that waits for less is not worth a word, in seconds.
NOTICE_SECONDS = 1.5
_MAX_NAMES = 2


class ViewWait:
    """Watches whether the pieces of the picture run.

    Args:
        queue: Theirs.
        pieces: Gives the worker's number of each unfinished piece, None for one that waits.
        changed: Called when `reason` has changed without an event of the queue.
    """

    def __init__(self, queue: Any, pieces: Callable[[], Iterable[int | None]], changed: Callable[[], None]) -> None:
        self._queue = queue
        self._pieces = pieces
        self._changed = changed
        self._call: IDelayedCall | None = None
        self._isDue = False

    @property
    def reason(self) -> str | None:
        """Why no piece has run for a while, and what can be done; None when one runs or none waits."""
        return self._why() if self._isDue else None

    def refresh(self) -> None:
        """Something has happened in the queue."""
        if self._why() is None:
            self.stop()
        elif self._call is None and not self._isDue:
            self._call = self._queue.reactor.callLater(NOTICE_SECONDS, self._due)

    def stop(self) -> None:
        """Watch no more."""
        self._isDue = False
        if self._call is not None:
            self._call.cancel()
            self._call = None

    def _due(self) -> None:
        self._call = None
        self._isDue = self._why() is not None
        if self._isDue:
            self._changed()

    def _why(self) -> str | None:
        pieces = list(self._pieces())
        if not pieces or any(worker is not None for worker in pieces):
            return None
        workers = [worker for worker in self._queue.workers() if None in worker.cQualified]
        if not workers:
            return "The picture waits: there is no worker. Add one (Ctrl+Shift+N)."
        if any(worker.state in (WorkerState.IDLE, WorkerState.STARTING) for worker in workers):
            return None
        return _sentence(workers)


def _sentence(workers: list[Worker]) -> str:
    paused = [worker for worker in workers if isPaused(worker)]
    if len(paused) == len(workers):
        return f"The picture waits: {_all(workers, 'is paused', 'are paused')}. Resume a task, or add a worker."
    names = list(dict.fromkeys(worker.task.name for worker in workers if worker.task is not None))
    if not names:
        return f"The picture waits: {_all(workers, 'is', 'are')} ending a cancelled task."
    more = len(names) - _MAX_NAMES
    shown = ", ".join(names[:_MAX_NAMES]) + (f" and {plural(more, 'other')}" if more > 0 else "")
    return f"The picture waits: {_all(workers, 'runs', 'run')} {shown}. Cancel a task, or add a worker."


def _all(workers: list[Worker], one: str, many: str) -> str:
    return f"the worker {one}" if len(workers) == 1 else f"all {len(workers)} workers {many}"
