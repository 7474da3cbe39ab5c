# SPDX-License-Identifier: Apache-2.0
"""LoadInfoProducer: tells a consumer how many calls a queue has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twisted.internet.interfaces import IConsumer, IPushProducer
from zope.interface import implementer

from .observers import Observer
from .task import Task

if TYPE_CHECKING:
    from .queue import TaskQueue


@implementer(IPushProducer)
class LoadInfoProducer(Observer):
    """Writes the number of calls held, queued or running, an int, whenever it changes, until the queue is shut down.

    Args:
        queue: Whose calls are counted.
        consumer: An IConsumer. While it has paused, nothing is written; then the number that counts.
    """

    def __init__(self, queue: TaskQueue, consumer: IConsumer) -> None:
        self._queue = queue
        self._consumer: IConsumer | None = consumer
        self._isPaused = False
        self._written = self._load()
        consumer.registerProducer(self, True)
        queue.addObserver(self)
        queue.whenShutDown().addCallback(lambda _: self.stopProducing())

    def taskHeld(self, task: Task) -> None:
        """There is one more."""
        self._tell()

    def taskQueued(self, task: Task) -> None:
        """There is one more, if it was not held before."""
        self._tell()

    def taskFinished(self, task: Task) -> None:
        """There is one less."""
        self._tell()

    def pauseProducing(self) -> None:
        """Write nothing until `resumeProducing`."""
        self._isPaused = True

    def resumeProducing(self) -> None:
        """Write again."""
        self._isPaused = False
        self._tell()

    def stopProducing(self) -> None:
        """Write no more."""
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            self._queue.removeObserver(self)
            consumer.unregisterProducer()

    def _load(self) -> int:
        return len(self._queue.dispatcher.holding) + len(self._queue.schedule) + len(self._queue.running())

    def _tell(self) -> None:
        load = self._load()
        if load != self._written and not self._isPaused and self._consumer is not None:
            self._written = load
            self._consumer.write(load)  # type: ignore[arg-type]  # Twisted says bytes, and means what both agree on
