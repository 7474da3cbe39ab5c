# SPDX-License-Identifier: GPL-3.0-or-later
"""The events log: what went wrong or changed, with the details a click away."""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from twisted.logger import ILogObserver, LogEvent, LogLevel, formatEvent
from twisted.python.failure import Failure
from zope.interface import implementer

from aqlib import Observer, Task, TaskState, WorkerLost
from aqlib.interfaces import Worker
from aqlib.quarantine import MOST_DEATHS

from .failures import explain, failed, howItEnded, summarise
from .utilisation import computes

MOST_KEPT = 2_000
_QUARANTINE = "It does not run again by itself. When the cause is fixed, select it in the queue panel and retry it."


class Severity(enum.IntEnum):
    """How bad it is."""

    INFO = 0
    WARNING = 1
    ERROR = 2


class Event(NamedTuple):
    """One entry. `time` is in seconds of the Unix epoch."""

    time: float
    severity: Severity
    text: str
    details: str = ""


@implementer(ILogObserver)
class EventLog(Observer):
    """Gathers the queue's events and Twisted's log, the last ones only.

    Args:
        clock: Gives the time in seconds of the Unix epoch.

    Attributes: `added`, called with each new event.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.events: deque[Event] = deque(maxlen=MOST_KEPT)
        self.added: Callable[[Event], None] = lambda event: None
        self._clock = clock
        self._quarantined: Task | None = None

    def add(self, severity: Severity, text: str, details: str = "") -> None:
        """Note an event."""
        event = Event(self._clock(), severity, text, details)
        self.events.append(event)
        self.added(event)

    def clear(self) -> None:
        """Forget all."""
        self.events.clear()

    # Twisted's log.

    def __call__(self, event: LogEvent) -> None:
        """Note what is a warning or worse."""
        level = event.get("log_level", LogLevel.info)
        failure = event.get("log_failure")
        if level < LogLevel.warn and failure is None:
            return
        severity = Severity.WARNING if level == LogLevel.warn and failure is None else Severity.ERROR
        text = formatEvent(event) or "An error was logged."
        self.add(severity, text, explain(failure) if failure is not None else "")

    # The queue.

    def taskFinished(self, task: Task) -> None:
        """Note a task that failed."""
        if task is self._quarantined and task.failure is not None:
            self._quarantined = None
            text = f"{task.name!r} killed {MOST_DEATHS} workers and is in quarantine. Use Retry to run it again."
            self.add(Severity.ERROR, text, f"{_QUARANTINE}\n\n{explain(task.failure)}")
        elif task.state is TaskState.FAILED and task.failure is not None:
            self.add(Severity.ERROR, failed(task.name, task.failure), explain(task.failure))

    def taskQuarantined(self, task: Task) -> None:
        """It fails right after, and one entry says both."""
        self._quarantined = task

    def taskRetried(self, task: Task, failure: Failure) -> None:
        """Note an attempt that failed."""
        text = f"{task.name!r} failed and will be retried: {summarise(failure)}"
        self.add(Severity.WARNING, text, explain(failure))

    def workerOutput(self, worker: Worker, stream: str, text: str) -> None:
        """Note what a worker says of itself, between tasks."""
        lines = text.strip().splitlines()
        if lines:
            severity = Severity.INFO if stream == "stdout" else Severity.WARNING
            self.add(severity, f"Output of {worker.name}: {lines[0]}", text.strip() if len(lines) > 1 else "")

    def workerAttached(self, worker: Worker) -> None:
        """Note a new worker."""
        if computes(worker):
            self.add(Severity.INFO, f"Worker {worker.ID} started.")

    def workerLost(self, worker: Worker, error: WorkerLost) -> None:
        """Note the end of a process."""
        self.add(Severity.WARNING, howItEnded(error), str(error))

    def workerReplaced(self, worker: Worker) -> None:
        """Note the process that took its place."""
        self.add(Severity.INFO, f"Worker {worker.ID} was replaced by a new process ({worker.pid}).")

    def workerGone(self, worker: Worker) -> None:
        """Note a worker that stopped."""
        if computes(worker):
            self.add(Severity.INFO, f"Worker {worker.ID} stopped.")

    def queueChanged(self, queue: Any) -> None:
        """Note what the queue is now."""
        if queue.isDegraded:
            self.add(Severity.ERROR, f"The queue gave up on its workers: {queue.degradedReason}")
        elif queue.isPaused:
            self.add(Severity.INFO, "The queue is paused.")
        else:
            self.add(Severity.INFO, "The queue was resumed.")
