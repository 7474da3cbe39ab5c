# SPDX-License-Identifier: GPL-3.0-or-later
"""WorkerPool: how many worker processes the application's queue has, changed while it runs."""

from collections.abc import Callable

from twisted.logger import Logger

from aqlib import ProcessQueue, ProcessWorker, WorkerError, WorkerState

from .arguments import MOST_WORKERS


class WorkerPool:
    """Adds and removes workers of a queue.

    Args:
        queue: The queue whose workers they are.
        failed: Called with a sentence when the system starts no more processes.
    """

    def __init__(self, queue: ProcessQueue, failed: Callable[[str], None]) -> None:
        self._queue = queue
        self._failed = failed
        self._log = Logger(namespace="aqgui.workerpool")

    @property
    def number(self) -> int:
        """How many workers there are, those not counted that were told to go."""
        return len(self._workers())

    def _workers(self) -> list[ProcessWorker]:
        return [worker for worker in self._queue.workers() if isinstance(worker, ProcessWorker)]

    def setNumber(self, number: int) -> None:
        """Have so many workers: new ones are started, or the last ones go when they have finished what they run."""
        number = min(max(number, 1), MOST_WORKERS)
        while self.number > number:
            self._removeOne()
        if self.number < number:
            try:
                self._queue.addWorkers(number - self.number).addErrback(self._tellFailure)
            except (OSError, WorkerError) as error:
                self._tell(error)

    def add(self) -> None:
        """Start one more."""
        self.setNumber(self.number + 1)

    def remove(self) -> None:
        """Let one go; the last one stays."""
        self.setNumber(self.number - 1)

    def _removeOne(self) -> None:
        """Let the newest idle one go, or the newest when all are busy."""
        workers = self._workers()
        idle = [worker for worker in workers if worker.state is WorkerState.IDLE]
        leaving = max(idle or workers, key=lambda worker: worker.ID)
        self._queue.detachWorker(leaving).addErrback(
            lambda failure: self._log.failure("{name} did not leave in order.", failure=failure, name=leaving.name)
        )

    def _tellFailure(self, failure: object) -> None:
        self._tell(getattr(failure, "value", failure))

    def _tell(self, error: object) -> None:
        self._failed(f"No more worker processes could be started ({error}); {self.number} are running.")
