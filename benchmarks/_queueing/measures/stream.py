# SPDX-License-Identifier: GPL-3.0-or-later
"""A stream of small numbers from one worker."""

import pickle
import time
from collections.abc import Mapping
from typing import Any, cast

from ...table import Row
from ..bare.process import at_pipes
from ..libraries.base import Blocking, Deferring
from ..libraries.standard import Pool
from ..measure import Measure
from ..outcome import Figures, Outcome, others, ours
from ..taker import Taker
from ..work import echo, numbers

ITEMS = 1_000_000
# What takes longer is measured by fewer.
FEWER = {"deferator": 5, "asynqueue": 50}
CHUNK = 100
BARE = "raw batched reader"

BATCHES = """
import pickle, sys
count = int(sys.argv[1])
for first in range(0, count, 1000):
    sys.stdout.buffer.write(pickle.dumps(list(range(first, min(first + 1000, count))), 5))
sys.stdout.flush()
"""


class Stream(Measure):
    """How many items a second reach a consumer, and by `async for`."""

    contestants = ("aqlib", "asynqueue", "pool")

    def __init__(self) -> None:
        self.bare = {BARE: _bare}

    def blocking(self, library: type[Blocking], scale: float) -> Figures:
        """The peer is mp.Pool.imap."""
        count, pool = int(ITEMS * scale), library()
        workers = cast(Pool, pool).pool
        list(workers.imap(echo, range(CHUNK), CHUNK))
        begin = time.perf_counter()
        taken = 0
        for _ in workers.imap(echo, range(count), CHUNK):
            taken += 1
        seconds = time.perf_counter() - begin
        pool.close()
        assert taken == count
        return {"consumer": count / seconds}

    async def deferring(self, library: type[Deferring], scale: float) -> Figures:
        """See Measure."""
        queue: Any = library()
        isOurs = hasattr(queue, "queue")
        count = int(ITEMS * scale) // (1 if isOurs else FEWER["asynqueue"])
        figures = {"consumer": await _consume(queue, count)}
        if isOurs:
            figures["deferator"] = await _iterate(queue, count // FEWER["deferator"])
        await queue.close()
        return figures

    def rows(self, found: Mapping[str, Outcome]) -> list[Row]:
        """See Measure."""
        what, note = "stream of small numbers to a consumer", "one worker"
        return [
            *ours(what, "consumer", "1/s", found, bar=">= 1,000,000", note=note),
            *(ours(what, "consumer", "1/s", found, bar=">= 80", to="asynqueue") if "asynqueue" in found else ()),
            *others(what, "consumer", "1/s", found),
            *ours("  by async for, through a Deferator", "deferator", "1/s", found, bar=">= 250,000"),
        ]


async def _consume(queue: Deferring, count: int) -> float:
    await queue.stream(Taker(), numbers, 100)
    taker = Taker()
    begin = time.perf_counter()
    await queue.stream(taker, numbers, count)
    seconds = time.perf_counter() - begin
    assert (taker.count, taker.last) == (count, count - 1)
    return count / seconds


async def _iterate(queue: Deferring, count: int) -> float:
    taken = 0
    begin = time.perf_counter()
    async for _ in await queue.call(numbers, count):
        taken += 1
    seconds = time.perf_counter() - begin
    assert taken == count
    return count / seconds


def _bare(scale: float) -> Figures:
    """Batches of pickled numbers from a pipe, and nothing else. Its start is not counted."""
    count = int(ITEMS * scale)
    with at_pipes(BATCHES, count) as process:
        assert process.stdout is not None
        reader = open(process.stdout.fileno(), "rb", buffering=1 << 16, closefd=False)  # noqa: SIM115
        taken = len(pickle.load(reader))
        begin = time.perf_counter()
        while taken < count:
            for _ in pickle.load(reader):
                taken += 1
        seconds = time.perf_counter() - begin
    return {"consumer": count / seconds}
