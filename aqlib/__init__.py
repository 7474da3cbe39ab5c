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
    from .blocking import Consumerator
    from .calling import Calling, ConsumerCalling
    from .context import Progress, cancelled, progress
    from .delay import Delay, deferToDelay
    from .dispatcher import Dispatcher
    from .errors import (
        DependencyFailed,
        EncodingError,
        ImplementationError,
        MemoryLimitExceeded,
        NotReadyError,
        QueueFull,
        QueueRunError,
        TaskError,
        ThreadError,
        TimeoutError,
        WorkerError,
        WorkerLost,
    )
    from .filerator import Filerator
    from .interfaces import IWorker, Reporter, Taking, Worker, WorkerState
    from .interrupts import endBySignal
    from .iteration import Deferator, IterationProducer
    from .iterators import isIterator
    from .listconsumer import ListConsumer
    from .load import LoadInfoProducer
    from .lock import DeferredLock
    from .mapping.deferator import MapDeferator
    from .observers import Observer
    from .ordered import OrderedItemProducer
    from .prefetch import Prefetcherator
    from .processes.queue import ProcessQueue
    from .processes.worker import ProcessWorker
    from .producing import iteratorToProducer
    from .queue import TaskQueue
    from .resident import Resident
    from .schedule import Position, Schedule
    from .sharedthread import deferToThread
    from .source import Source
    from .takers import Unfinished
    from .task import Call, Options, Task, TaskState
    from .threadworker import ThreadQueue, ThreadWorker
    from .tracker import DeferredTracker

_MODULES = {
    "asyncworker": ("AsyncWorker",),
    "blocking": ("Consumerator",),
    "calling": ("Calling", "ConsumerCalling"),
    "context": ("Progress", "cancelled", "progress"),
    "delay": ("Delay", "deferToDelay"),
    "dispatcher": ("Dispatcher",),
    "errors": (
        "DependencyFailed", "EncodingError", "ImplementationError", "MemoryLimitExceeded", "NotReadyError", "QueueFull",
        "QueueRunError", "TaskError", "ThreadError", "TimeoutError", "WorkerError", "WorkerLost",
    ),
    "filerator": ("Filerator",),
    "interfaces": ("IWorker", "Reporter", "Taking", "Worker", "WorkerState"),
    "interrupts": ("endBySignal",),
    "iteration": ("Deferator", "IterationProducer"),
    "iterators": ("isIterator",),
    "listconsumer": ("ListConsumer",),
    "load": ("LoadInfoProducer",),
    "lock": ("DeferredLock",),
    "mapping.deferator": ("MapDeferator",),
    "observers": ("Observer",),
    "ordered": ("OrderedItemProducer",),
    "prefetch": ("Prefetcherator",),
    "processes.queue": ("ProcessQueue",),
    "processes.worker": ("ProcessWorker",),
    "producing": ("iteratorToProducer",),
    "queue": ("TaskQueue",),
    "resident": ("Resident",),
    "schedule": ("Position", "Schedule"),
    "sharedthread": ("deferToThread",),
    "source": ("Source",),
    "takers": ("Unfinished",),
    "task": ("Call", "Options", "Task", "TaskState"),
    "threadworker": ("ThreadQueue", "ThreadWorker"),
    "tracker": ("DeferredTracker",),
}  # fmt: skip
_HOMES = {name: f".{module}" for module, names in _MODULES.items() for name in names}

__all__ = [
    "AsyncWorker", "Call", "Calling", "CancelledError", "ConsumerCalling", "Consumerator", "Deferator",
    "DeferredLock", "DeferredTracker", "Delay", "DependencyFailed", "Dispatcher", "EncodingError", "Filerator",
    "IWorker", "ImplementationError", "IterationProducer", "ListConsumer", "LoadInfoProducer", "MapDeferator",
    "MemoryLimitExceeded", "NotReadyError", "Observer", "Options", "OrderedItemProducer", "Position",
    "Prefetcherator", "ProcessQueue", "ProcessWorker", "Progress", "QueueFull", "QueueRunError", "Reporter",
    "Resident", "Schedule", "Source", "Taking", "Task", "TaskError", "TaskQueue", "TaskState", "ThreadError",
    "ThreadQueue", "ThreadWorker", "TimeoutError", "Unfinished", "Worker", "WorkerError", "WorkerLost", "WorkerState",
    "cancelled", "deferToDelay", "deferToThread", "endBySignal", "isIterator", "iteratorToProducer", "progress",
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
