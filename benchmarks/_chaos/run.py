# SPDX-License-Identifier: GPL-3.0-or-later
"""A run: one generation after the other, and what each has left behind."""

import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

from twisted.internet.task import deferLater
from twisted.logger import ILogObserver, LogEvent, LogLevel, formatEvent, globalLogPublisher
from zope.interface import implementer

from .generation import generation
from .leaks import Holdings, holdings
from .tally import Tally

# The first generation is short: what is made once a process is made in it.
FIRST = 1.0
LIVES = (2.0, 6.0)
# The part of the time after which memory should not grow any more.
WARM = 0.25


@dataclass(frozen=True)
class Report:
    """What a run has found. `growth`: bytes of RAM since it was warm."""

    seed: int
    counts: dict[str, int]
    broken: dict[str, int]
    complaints: list[str]
    leaks: dict[str, int]
    growth: int


@implementer(ILogObserver)
class Errors:
    """Complains of what is logged as an error: nothing in a run is one, but that a queue has degraded."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def __call__(self, event: LogEvent) -> None:
        isError = "log_failure" in event or event.get("log_level", LogLevel.info) >= LogLevel.error
        text = formatEvent(event)
        if isError and not text.startswith(("The queue is degraded", "Unhandled error in Deferred:")):
            failure = event.get("log_failure")
            details = failure.getTraceback() if failure is not None else ""
            self._tally.complain("nothing is logged as an error", f"{text}\n{details}")


async def run(reactor: Any, seconds: float, seed: int) -> dict[str, Any]:
    """Play for so long. Returns a Report as a dict."""
    tally, begin = Tally(), reactor.seconds()
    errors = Errors(tally)
    globalLogPublisher.addObserver(errors)
    found: list[tuple[float, Holdings]] = []
    leaks: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder, "journal")
        journal.touch()
        while not found or reactor.seconds() < begin + seconds:
            chance = Random(f"{seed}, generation {len(found)}")
            left = begin + seconds - reactor.seconds()
            life = min(chance.uniform(*LIVES), left) if found else FIRST
            await generation(reactor, chance, life, tally, str(journal))
            # What is closed in the next turn of the reactor is no leak.
            await deferLater(reactor, 0.05)
            found.append((reactor.seconds() - begin, holdings(reactor)))
            leaks = {kind: len(gained) for kind, gained in found[-1][1].gainedSince(found[0][1]).items()}
        tally.audit(journal)
    globalLogPublisher.removeObserver(errors)
    _tellLeaks(tally, found)
    warm = next((one for time, one in found if time >= WARM * seconds), found[-1][1])
    growth = found[-1][1].memory - warm.memory
    return asdict(Report(seed, dict(tally.counts), dict(tally.broken), tally.complaints, leaks, growth))


def _tellLeaks(tally: Tally, found: list[tuple[float, Holdings]]) -> None:
    for kind, gained in found[-1][1].gainedSince(found[0][1]).items():
        if gained:
            tally.complain("nothing leaks", f"{kind}: {', '.join(gained)}")
