# SPDX-License-Identifier: Apache-2.0
"""The Roster: the workers of a queue, how they come and how they leave."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any

from twisted.internet.defer import Deferred, fail, succeed
from twisted.logger import Logger
from twisted.python.failure import Failure

from .dispatcher import Dispatcher
from .errors import ImplementationError, WorkerError
from .interfaces import IWorker, Worker
from .observers import Observer, Observers
from .task import Task


class Roster:
    """Attaches workers to a Dispatcher, and lets them go.

    Args:
        dispatcher: Has the attached workers.
        observers: Are told who comes and goes.
        reactor: The workers' clock.
        left: Called when a worker has gone.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        observers: Observers,
        reactor: Any,
        left: Callable[[], None],
    ) -> None:
        self._dispatcher = dispatcher
        self._observers = observers
        self._reactor = reactor
        self._tellLeft = left
        self._lastID = 0
        self._leaving: dict[int, Worker] = {}
        self._unserved: set[Hashable] = set()
        self._log = Logger(namespace="aqlib.queue")

    @property
    def isEmpty(self) -> bool:
        """Whether no worker is there, not even one that is leaving."""
        return not self._dispatcher.workers and not self._leaving

    def leaving(self) -> list[Worker]:
        """The workers that have been let go and are still there."""
        return list(self._leaving.values())

    def attach(self, worker: Worker) -> Deferred[int]:
        """See TaskQueue.attachWorker."""
        if not IWorker.providedBy(worker):
            return fail(ImplementationError(f"{worker!r} does not provide aqlib.IWorker."))
        self._lastID += 1
        worker.ID = self._lastID
        worker.setResignator(partial(self._resigned, worker))
        worker.setReporter(self._dispatcher, self._reactor)
        self._dispatcher.workers[worker.ID] = worker
        self._observers.tell(Observer.workerAttached, worker)
        self._dispatcher.pump()
        return succeed(worker.ID)

    def detach(self, workerOrID: Worker | int, reassign: bool = False, crash: bool = False) -> Deferred[list[Task]]:
        """See TaskQueue.detachWorker."""
        worker = self._dispatcher.workers.pop(_idOf(workerOrID), None)
        if worker is None:
            return succeed([])
        self._leaving[worker.ID] = worker
        if worker.task is not None:
            self._dispatcher.resumeTask(worker.task)
        worker.takeBack()
        unfinished = worker.crash() if crash else []
        if reassign:
            self._dispatcher.reassign(unfinished)
        else:
            self._fail(worker, unfinished)

        def gone(_: None) -> list[Task]:
            del self._leaving[worker.ID]
            self._left(worker)
            return unfinished

        return worker.stop().addCallback(gone)

    def detachAll(self) -> None:
        """Let all workers go; each one finishes what it runs."""
        for worker in list(self._dispatcher.workers.values()):
            self.detach(worker)

    def crashAll(self) -> None:
        """End all workers at once, those that are leaving included. Their tasks fail with WorkerError."""
        for worker in list(self._leaving.values()):
            self._fail(worker, worker.crash())
        for worker in list(self._dispatcher.workers.values()):
            self.detach(worker, crash=True)
            # An observer may have asked for this while a task was on its way to the worker.
            self._fail(worker, [task for task in self._dispatcher.running if task.worker is worker])

    def qualify(self, workerOrID: Worker | int, series: Hashable) -> None:
        """See TaskQueue.qualifyWorker."""
        worker = self._dispatcher.workers.get(_idOf(workerOrID))
        if worker is None:
            raise ValueError(f"{workerOrID!r} is no worker of this queue.")
        if series not in (*worker.cQualified, *worker.iQualified):
            worker.iQualified.append(series)
            self._dispatcher.pump()

    def serves(self, series: Hashable) -> bool:
        """Whether a worker is there that serves a series."""
        return any(series in (*w.cQualified, *w.iQualified) for w in self._dispatcher.workers.values())

    def lookServed(self, series: Hashable) -> None:
        """Say it once when a task waits for a worker that there is not: such a task would wait for ever in silence."""
        if series in self._unserved:
            return
        if not self.serves(series):
            self._unserved.add(series)
            self._log.warn(
                "A task of series {series!r} waits for a worker that serves it: attach one, or call qualifyWorker.",
                series=series,
            )

    def _fail(self, worker: Worker, tasks: list[Task]) -> None:
        for task in tasks:
            self._dispatcher.fail(task, Failure(WorkerError(f"{worker.name} was ended while it ran this task.")))

    def _resigned(self, worker: Worker) -> None:
        """A worker says that it can take no more tasks ever."""
        if self._dispatcher.workers.pop(worker.ID, None) is not None:
            self._left(worker)

    def _left(self, worker: Worker) -> None:
        self._observers.tell(Observer.workerGone, worker)
        self._tellLeft()


def _idOf(workerOrID: Worker | int) -> int:
    return workerOrID if isinstance(workerOrID, int) else workerOrID.ID
