# SPDX-License-Identifier: GPL-3.0-or-later
"""Queues with real processes for the tests of aqlib."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from aqlib import ProcessQueue
from aqlib.testing import Watcher

MakeQueue = Callable[..., ProcessQueue]


@pytest.fixture
def makeQueue(reactor: Any, wait: Any) -> Iterator[MakeQueue]:
    """makeQueue(N, ...): a ProcessQueue that is shut down after the test."""
    queues: list[ProcessQueue] = []

    def make(N: int = 1, **options: Any) -> ProcessQueue:
        queue = ProcessQueue(N, reactor=reactor, **options)
        queues.append(queue)
        return queue

    yield make
    for queue in queues:
        wait(queue.shutdown(cancel=True))


@pytest.fixture
def queue(makeQueue: MakeQueue) -> ProcessQueue:
    """A queue with one worker process."""
    return makeQueue(1)


@pytest.fixture
def watcher(queue: ProcessQueue) -> Watcher:
    """Notes what happens in `queue`."""
    watcher = Watcher()
    queue.addObserver(watcher)
    return watcher
