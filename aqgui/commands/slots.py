# SPDX-License-Identifier: GPL-3.0-or-later
"""CommandSlots: how many commands run at once, changed while they run."""

from __future__ import annotations

import time

from twisted.logger import Logger

from aqlib import TaskQueue, WorkerState

from .process import CommandProcess
from .worker import CommandWorker

MAX_SLOTS = 256
# The picture goes before commands at the processor, too: the workers that compute have 5.
OS_NICENESS = 10
# Killed processes end in milliseconds; one that the kernel holds does not keep the application for longer.
END_SECONDS = 1.0


class CommandSlots:
    """Adds and removes the workers of a queue that run commands.

    Args:
        queue: Their queue.
        number: How many at first.
    """

    def __init__(self, queue: TaskQueue, number: int) -> None:
        self._queue = queue
        self._processes: set[CommandProcess] = set()
        self._log = Logger(namespace="aqgui.commands")
        self.setNumber(number)

    @property
    def number(self) -> int:
        """How many slots there are, without those that end with their command."""
        return len(self.workers())

    def workers(self) -> list[CommandWorker]:
        """The slots."""
        return [worker for worker in self._queue.workers() if isinstance(worker, CommandWorker)]

    def setNumber(self, number: int) -> None:
        """Add slots, or remove some: idle ones now, and others when their command has ended."""
        number = min(max(number, 1), MAX_SLOTS)
        while self.number < number:
            self._queue.attachWorker(CommandWorker(self._processes, OS_NICENESS))
        while self.number > number:
            workers = self.workers()
            idle = [worker for worker in workers if worker.state is WorkerState.IDLE]
            leaving = max(idle or workers, key=lambda worker: worker.ID)
            self._queue.detachWorker(leaving).addErrback(
                lambda failure: self._log.failure("A command slot did not leave in order.", failure=failure)
            )

    def endAll(self) -> None:
        """End what commands have left behind, and wait for it. For the end of the application."""
        for process in self._processes:
            process.kill()
        deadline = time.monotonic() + END_SECONDS
        for process in self._processes:
            process.wait(max(deadline - time.monotonic(), 0.0))
