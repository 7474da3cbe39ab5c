# SPDX-License-Identifier: Apache-2.0
"""aqlib: priority queueing of tasks to asynchronous, thread and process workers, Twisted style.

Names are imported when they are first used (PEP 562), so that a worker process, which needs only `context` and its own
side of the channel, loads neither Twisted nor the queue.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from twisted.internet.defer import CancelledError

    from .asyncworker import AsyncWorker
    from .calling import Calling
    from .context import Progress, cancelled, progress
    from .dispatcher import Dispatcher
    from .errors import (
        EncodingError,
        ImplementationError,
        NotReadyError,
        QueueRunError,
        TaskError,
        ThreadError,
        TimeoutError,
        WorkerError,
        WorkerLost,
    )
    from .interfaces import IWorker, Reporter, Taking, Worker, WorkerState
    from .interrupts import endBySignal
    from .iteration import Deferator, IterationProducer, ListConsumer
    from .iterators import isIterator
    from .load import LoadInfoProducer
    from .observers import Observer
    from .processes.queue import ProcessQueue
    from .processes.worker import ProcessWorker
    from .queue import TaskQueue
    from .resident import Resident
    from .schedule import Position, Schedule
    from .source import Source
    from .task import Call, Options, Task, TaskState
    from .threadworker import ThreadQueue, ThreadWorker

_MODULES = {
    "asyncworker": ("AsyncWorker",),
    "calling": ("Calling",),
    "context": ("Progress", "cancelled", "progress"),
    "dispatcher": ("Dispatcher",),
    "errors": (
        "EncodingError", "ImplementationError", "NotReadyError", "QueueRunError", "TaskError", "ThreadError",
        "TimeoutError", "WorkerError", "WorkerLost",
    ),
    "interfaces": ("IWorker", "Reporter", "Taking", "Worker", "WorkerState"),
    "interrupts": ("endBySignal",),
    "iteration": ("Deferator", "IterationProducer", "ListConsumer"),
    "iterators": ("isIterator",),
    "load": ("LoadInfoProducer",),
    "observers": ("Observer",),
    "processes.queue": ("ProcessQueue",),
    "processes.worker": ("ProcessWorker",),
    "queue": ("TaskQueue",),
    "resident": ("Resident",),
    "schedule": ("Position", "Schedule"),
    "source": ("Source",),
    "task": ("Call", "Options", "Task", "TaskState"),
    "threadworker": ("ThreadQueue", "ThreadWorker"),
}  # fmt: skip
_HOMES = {name: f".{module}" for module, names in _MODULES.items() for name in names}

__all__ = [
    "AsyncWorker", "Call", "Calling", "CancelledError", "Deferator", "Dispatcher", "EncodingError", "IWorker",
    "ImplementationError", "IterationProducer", "ListConsumer", "LoadInfoProducer", "NotReadyError", "Observer",
    "Options", "Position", "ProcessQueue", "ProcessWorker", "Progress", "QueueRunError", "Reporter", "Resident",
    "Schedule", "Source", "Taking", "Task", "TaskError", "TaskQueue", "TaskState", "ThreadError", "ThreadQueue",
    "ThreadWorker", "TimeoutError", "Worker", "WorkerError", "WorkerLost", "WorkerState", "cancelled", "endBySignal",
    "isIterator", "progress",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name == "CancelledError":
        from twisted.internet.defer import CancelledError

        return CancelledError
    try:
        home = _HOMES[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    return getattr(importlib.import_module(home, __name__), name)


def __dir__() -> list[str]:
    return __all__
