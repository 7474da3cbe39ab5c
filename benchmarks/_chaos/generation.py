# SPDX-License-Identifier: GPL-3.0-or-later
"""A generation: the life of one queue, from its making to its end, under fire throughout."""

import traceback
from collections.abc import Callable
from random import Random
from typing import Any

from twisted.internet.defer import Deferred, TimeoutError
from twisted.internet.task import deferLater

from aqlib import ProcessQueue

from . import acts, offers
from .stage import ITS_OWN, TOLD_ONCE, Stage
from .tally import Tally

Act = Callable[[Stage], None]

OFFERS: dict[Act, int] = {offers.single: 5, offers.burst: 2, offers.streaming: 3, offers.mapping: 1}
ACTS: dict[Act, int] = {
    acts.kill: 2,
    acts.crash: 1,
    acts.stop: 1,
    acts.killWorker: 1,
    acts.restartWorker: 1,
    acts.cancel: 3,
    acts.move: 3,
    acts.renice: 3,
    acts.update: 2,
    acts.pause: 1,
    acts.addWorkers: 1,
    acts.detachWorker: 1,
}
ENDINGS: tuple[str, ...] = ("finish", "cancel", "cancelWaiting", "crash")
MOST_CALLS = 1500
# What has not come by then never will, in seconds.
PATIENCE = 60.0


async def generation(reactor: Any, chance: Random, seconds: float, tally: Tally, journal: str) -> None:
    """Make a queue, play with it for some time, and shut it down in one of all ways."""
    # What tasks print would stand in the report, which goes to stdout.
    queue = ProcessQueue(chance.randint(1, acts.MOST_WORKERS), reactor=reactor, output=False)
    stage = Stage(queue, chance, tally, journal)
    tally.count("queues")
    until = reactor.seconds() + seconds
    while reactor.seconds() < until and await _comes(stage, stage.whenBelow(MOST_CALLS), TOLD_ONCE):
        _play(stage)
        await deferLater(reactor, chance.expovariate(1 / 0.01))
    stage.doAllNow()
    await _end(stage, chance.choice(ENDINGS))


def _play(stage: Stage) -> None:
    chance = stage.chance
    chosen = _choose(chance, OFFERS, chance.randint(1, 3))
    if chance.random() < 0.5:
        chosen += _choose(chance, ACTS, 1)
    for act in chosen:
        try:
            act(stage)
        except Exception:
            stage.tally.complain("no method raises", traceback.format_exc())
    if stage.queue.isDegraded or not len(stage.queue):
        stage.queue.addWorkers(2)


async def _end(stage: Stage, ending: str) -> None:
    """Shut the queue down, and see that no call is left."""
    stage.circumstances.ending = ending
    stage.tally.count(f"shutdown, {ending}")
    ways = {} if ending == "finish" else {ending: True}
    if not await _comes(stage, stage.queue.shutdown(**ways), "a shutdown ends"):
        await _comes(stage, stage.queue.shutdown(crash=True), "a shutdown ends")
    # Whoever else waited for the last worker to go is told now.
    await deferLater(stage.queue.reactor, 0)
    for record in stage.records:
        stage.tally.complain(TOLD_ONCE, f"{record.describe()} was not told by the end of the shutdown ({ending})")
    for number in stage.crashed.keys() - stage.unfinished:
        stage.tally.complain(ITS_OWN, f"no crash says that it has ended {stage.crashed[number]}")


async def _comes(stage: Stage, deferred: "Deferred[None]", promise: str) -> bool:
    """Wait for what must come, and complain when it does not."""
    try:
        await deferred.addTimeout(PATIENCE, stage.queue.reactor)
    except TimeoutError:
        left = ", ".join(f"{record.describe()}, {record.task!r}" for record in list(stage.records)[:5])
        stage.tally.complain(promise, f"not within {PATIENCE:g} s; {len(stage.records)} calls are left: {left}")
        return False
    return True


def _choose(chance: Random, weights: dict[Act, int], count: int) -> list[Act]:
    return chance.choices(list(weights), list(weights.values()), k=count)
