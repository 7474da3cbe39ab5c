# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls that are made: single ones, bursts of short ones, streams and maps of every kind."""

from itertools import repeat
from typing import Any

from twisted.internet.defer import Deferred, succeed

from .jobs import DEADLY, FAILING, HANGING, HARMLESS, call, mapped, stream
from .record import Record
from .stage import Stage
from .takers import Consumer, take

NICENESSES = range(-20, 21)
SERIES = (None, None, "process", "local")


def single(stage: Stage) -> None:
    """One call that does something."""
    _submit(stage, _deed(stage, mayHang=True), stage.chance.uniform(0.0, 0.05))
    stage.tally.count("single calls")


def burst(stage: Stage) -> None:
    """Many short calls, so that they are sent ahead, and now and then one among them that is deadly."""
    for _ in range(stage.chance.randint(20, 400)):
        deed = "nothing" if stage.chance.random() < 0.99 else _deed(stage)
        _submit(stage, deed, 0.002)
        stage.tally.count("calls in bursts")


def streaming(stage: Stage) -> None:
    """A stream: long or short, with big items or small, that fails or not, taken in one of three ways."""
    chance = stage.chance
    count = int(10 ** chance.uniform(0, 4))
    size = chance.choice((0, 0, 0, 100, 20_000)) if count < 500 else 0
    record = Record(stage.tally.newNumber(), _deed(stage, mayHang=True), stage.version, count, chance.randrange(count))
    stopAt = chance.randint(1, count) if chance.random() < 0.2 else None
    options = _options(stage, record)
    arguments = (stage.journal, record.number, count, record.deed, record.at, size)
    stage.tally.count("streams")
    if chance.random() < 0.4:
        consumer = Consumer(stage, record, stopAt, chance.choice((None, None, 1, count // 2)))
        task = stage.queue.submit(stream, *arguments, consumer=consumer, **options)
        stage.enter(record, task)
        task.deferred.addBoth(lambda outcome: stage.leave(record, outcome))
    else:
        task = stage.queue.submit(stream, *arguments, **options)
        stage.enter(record, task)
        Deferred.fromCoroutine(take(stage, record, task.deferred, stopAt, isLoop=chance.random() < 0.3))


def mapping(stage: Stage) -> None:
    """A function mapped over many inputs, one of which may be its end."""
    chance, tally = stage.chance, stage.tally
    count = int(10 ** chance.uniform(0, 3.5))
    numbers = [tally.newNumber() for _ in range(count)]
    record = Record(numbers[0], _deed(stage), stage.version, count, chance.randrange(count))
    deeds = ["nothing"] * count
    deeds[record.at] = record.deed
    stopAt = chance.randint(1, count) if chance.random() < 0.2 else None
    size = chance.choice((None, None, 1, 30))
    group = stage.enterMap(record, numbers)
    inputs = (repeat(stage.journal), repeat(record.number), range(count), deeds)
    deferator = stage.queue.map(mapped, *inputs, chunksize=size, group=group, niceness=chance.choice(NICENESSES))
    Deferred.fromCoroutine(take(stage, record, succeed(deferator), stopAt, isLoop=chance.random() < 0.3))
    tally.count("maps")


def _submit(stage: Stage, deed: str, amount: float) -> None:
    record = Record(stage.tally.newNumber(), deed, stage.version)
    options = _options(stage, record)
    task = stage.queue.submit(call, stage.journal, record.number, deed, amount, **options)
    stage.enter(record, task)
    task.deferred.addBoth(lambda outcome: stage.leave(record, outcome))


def _deed(stage: Stage, mayHang: bool = False) -> str:
    kind = stage.chance.random()
    if kind < 0.8:
        return stage.chance.choice(HARMLESS)
    if kind < 0.92:
        return stage.chance.choice(FAILING)
    return HANGING if mayHang and kind > 0.99 else stage.chance.choice(DEADLY)


def _options(stage: Stage, record: Record) -> dict[str, Any]:
    chance = stage.chance
    options: dict[str, Any] = {"series": chance.choice(SERIES)}
    if chance.random() < 0.3:
        options["niceness"] = chance.choice(NICENESSES)
    if chance.random() < 0.05:
        options[chance.choice(("doNext", "doLast"))] = True
    if record.deed == HANGING or chance.random() < 0.03:
        options["timeout"] = chance.uniform(0.005, 0.2)
        record.hasTimeout = True
    return options
