# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for what happens in other processes, without a sleep; and a consumer that wants little."""

import os
import select
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool

from aqlib import ListConsumer, ProcessQueue

from .. import jobs


async def queueSees(queue: ProcessQueue, path: str) -> None:
    """Wait until a file is there, by a worker process of another queue."""
    other = ProcessQueue(1, reactor=queue.reactor)
    await other.call(jobs.untilThere, path)
    await other.shutdown()


async def ended(reactor: Any, pid: int, seconds: float = 10.0) -> bool:
    """Wait until a process has ended, whosever child it is."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    pool = ThreadPool(1, 1)
    pool.start()
    try:
        ready, _, _ = await deferToThreadPool(reactor, pool, select.select, [descriptor], [], [], seconds)
    finally:
        pool.stop()
        os.close(descriptor)
    return bool(ready)


async def outcome(deferred: "Deferred[Any]") -> Any:
    """What a Deferred fires with: the result, or the exception."""
    try:
        return await deferred
    except Exception as error:
        return error


class PausedAtFirst(ListConsumer):
    """Wants nothing more after its first item, until it is resumed."""

    def __init__(self) -> None:
        super().__init__()
        self.paused: Deferred[None] = Deferred()

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        self.producer = producer

    def write(self, data: Any) -> None:
        super().write(data)
        if not self.paused.called:
            self.producer.pauseProducing()
            self.paused.callback(None)
