# SPDX-License-Identifier: Apache-2.0
"""What holds up a shutdown: the list of it, and an end of the streams and maps whose items nobody comes to take."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from .dispatcher import Dispatcher
from .errors import QueueRunError
from .interfaces import Worker
from .source import Source
from .task import Task

# Seconds for which a shutdown waits for the items of a stream or a map to be taken.
TAKER_TIMEOUT = 10.0


class Unfinished(NamedTuple):
    """Something for whose end a shutdown waits.

    Attributes: `text`, what it is and what it waits for; `task`, when it is one; `worker`, when it is one.
    """

    text: str
    task: Task | None = None
    worker: Worker | None = None


class Offer(NamedTuple):
    """A stream or a map whose items are taken.

    Attributes: `source`, where they wait; `arrived`, how many have come so far, taken or not; `text`, what it is;
    `fail` ends it with an error.
    """

    source: Source
    arrived: int
    text: str
    fail: Callable[[Failure], None]

    @property
    def isLeft(self) -> bool:
        """Whether items are at hand, and nobody waits for one."""
        return len(self.source) > 0 and self.source.keeper is None


def streamOffers(dispatcher: Dispatcher) -> Iterator[Offer]:
    """The open streams of a queue."""
    for task in dispatcher.running:
        if task.source is not None:
            fail = partial(_failStream, dispatcher, task, task.source)
            yield Offer(task.source, task.items, task.call.describe(200), fail)


def _failStream(dispatcher: Dispatcher, task: Task, source: Source, failure: Failure) -> None:
    if task.options.consumer is not None:
        source.abandon(failure)  # a consumer that wants no items would not hear of the end behind them
    dispatcher.fail(task, failure)


def listUnfinished(tasks: Iterable[Task], maps: Iterable[Offer], workers: Iterable[Worker]) -> list[Unfinished]:
    """Say of each what it is at."""
    found = [Unfinished(_statusOf(task), task=task) for task in tasks]
    found += [Unfinished(f"{offer.text}; {len(offer.source)} of its results are not taken") for offer in maps]
    return found + [Unfinished(f"{worker.name}, which has not ended", worker=worker) for worker in workers]


def _statusOf(task: Task) -> str:
    where = f" on {task.worker.name}" if task.worker is not None else ""
    text = f"task {task.id}, {task.call.describe(200)}, {task.state.value}{where}"
    source = task.source
    if source is not None and len(source) and source.keeper is None:
        text += f"; {len(source)} of its items are not taken"
    return text


class Takers:
    """Looks at open streams and maps from time to time, and ends those of which nothing was taken in between.

    Args:
        clock: For the time between two looks.
        offers: Gives what is open.
    """

    def __init__(self, clock: IReactorTime, offers: Callable[[], Iterable[Offer]]) -> None:
        self._clock = clock
        self._offers = offers
        self._seconds = 0.0
        self._seen: dict[Source, tuple[int, int]] = {}
        self._call: IDelayedCall | None = None
        self._log = Logger(namespace="aqlib.queue")

    def watch(self, seconds: float | None) -> None:
        """Look every `seconds` from now on. None: do not look any more."""
        if self._call is not None:
            self._call.cancel()
            self._call = None
        if seconds is not None:
            self._seconds = seconds
            self._wait()

    def _wait(self) -> None:
        self._seen = {offer.source: (offer.arrived, len(offer.source)) for offer in self._offers() if offer.isLeft}
        self._call = self._clock.callLater(self._seconds, self._look)

    def _look(self) -> None:
        self._call = None
        seen = self._seen
        # To end one may end the shutdown, which looks no more then.
        self._wait()
        for offer in list(self._offers()):
            if offer.isLeft and seen.get(offer.source) == (offer.arrived, len(offer.source)):
                error = QueueRunError(
                    f"The queue is shut down, and nobody took an item of {offer.text} for {self._seconds:g} s. Take "
                    "the items before the shutdown, or give it a longer takerTimeout."
                )
                self._log.warn("{error}", error=error)
                offer.fail(Failure(error))
