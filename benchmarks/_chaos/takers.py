# SPDX-License-Identifier: GPL-3.0-or-later
"""Who takes the items of streams: by a consumer that pauses and stops, by `async for`, by a loop over Deferreds."""

from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IConsumer
from twisted.python.failure import Failure
from zope.interface import implementer

from aqlib import Deferator

from .record import Record
from .stage import Stage

IN_ORDER = "items come in order, none missing"


def look(stage: Stage, record: Record, item: Any) -> None:
    """Count an item, and complain when it is not the next one."""
    stage.tally.count("items")
    if not record.take(item):
        stage.tally.complain(IN_ORDER, f"{record.describe()}: the last one is {item!r:.80}")


@implementer(IConsumer)
class Consumer:
    """Takes the items, pauses after some, and wants no more after `stopAt` of them, if that is given."""

    def __init__(self, stage: Stage, record: Record, stopAt: int | None, pauseAt: int | None) -> None:
        self._stage = stage
        self._record = record
        self._stopAt = stopAt
        self._pauseAt = pauseAt
        self._producer: Any = None

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """IConsumer: items will come."""
        self._producer = producer

    def unregisterProducer(self) -> None:
        """IConsumer: no more will come."""
        self._producer = None

    def write(self, data: Any) -> None:
        """IConsumer: an item has come."""
        look(self._stage, self._record, data)
        if self._record.items == self._stopAt:
            self._record.wasStopped = True
            self._producer.stopProducing()
        elif self._record.items == self._pauseAt:
            self._producer.pauseProducing()
            self._stage.later(0.01, self._resume)

    def _resume(self) -> None:
        if self._producer is not None:
            self._producer.resumeProducing()


async def take(
    stage: Stage, record: Record, coming: "Deferred[Deferator[Any]]", stopAt: int | None, isLoop: bool
) -> None:
    """Take a stream or a map from its Deferator, to its end or until `stopAt`, and have the outcome judged."""
    try:
        deferator = await coming
        if isLoop:
            await _loop(stage, record, deferator, stopAt)
        else:
            await _iterate(stage, record, deferator, stopAt)
    except Exception:
        stage.leave(record, Failure())
    else:
        stage.leave(record, None)


async def _iterate(stage: Stage, record: Record, deferator: Deferator[Any], stopAt: int | None) -> None:
    async for item in deferator:
        look(stage, record, item)
        if record.items == stopAt:
            record.wasStopped = True
            deferator.stop()


async def _loop(stage: Stage, record: Record, deferator: Deferator[Any], stopAt: int | None) -> None:
    for deferred in deferator:
        look(stage, record, await deferred)
        if record.items == stopAt:
            record.wasStopped = True
            deferator.stop()
