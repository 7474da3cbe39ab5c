# SPDX-License-Identifier: GPL-3.0-or-later
"""The Stage: one queue, the calls that it has and has not ended, and what befell it."""

from collections.abc import Callable
from random import Random
from typing import Any

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from aqlib import Observer, ProcessQueue, Task, WorkerError

from .record import Circumstances, Record, wrongEnd, wrongFailure
from .tally import Tally

TOLD_ONCE = "every task is told once"
ITS_OWN = "an outcome is the call's own"
UPDATED = "an update comes before later calls"
COMPLETE = "no broken stream looks complete"


class Stage(Observer):
    """What all that play with one queue share.

    Args:
        queue: Under fire.
        chance: Decides everything.
        tally: Keeps count.
        journal: The path of the journal.

    Attributes: `records`, the calls that have not ended; `crashed`, the numbers of those that failed since their worker
    was crashed, each with it in words; `unfinished`, the numbers of those that the crashes say that they have ended;
    `version`, the last that an update gave.
    """

    def __init__(self, queue: ProcessQueue, chance: Random, tally: Tally, journal: str) -> None:
        self.queue = queue
        self.chance = chance
        self.tally = tally
        self.journal = journal
        self.records: dict[Record, None] = {}
        self._numbers: dict[int, int] = {}
        self._maps: dict[str, list[int]] = {}
        self.circumstances = Circumstances(set())
        self.crashed: dict[int, str] = {}
        self.unfinished: set[int] = set()
        self.version = 0
        self._finished: set[int] = set()
        self._waiting: list[tuple[int, Deferred[None]]] = []
        self._later: dict[Any, Callable[[], None]] = {}
        queue.addObserver(self)

    # Calls begin and end.

    def enter(self, record: Record, task: Task) -> None:
        """A call was submitted."""
        record.task = task
        self.records[record] = None
        self._numbers[task.id] = record.number
        task.deferred.addBoth(self._told, record)

    def enterMap(self, record: Record, numbers: list[int]) -> str:
        """A map was begun. Returns the group that its tasks are to have."""
        self.records[record] = None
        group = f"map {record.number}"
        self._maps[group] = numbers
        return group

    def numbersOf(self, task: Task) -> list[int]:
        """The numbers of the calls of which a task may have made some. The first is that of its record."""
        return self._maps[task.group] if task.group is not None else [self._numbers[task.id]]

    def _told(self, result: Any, record: Record) -> Any:
        record.told += 1
        if record.told > 1:
            self.tally.complain(TOLD_ONCE, f"{record.describe()} was told {record.told} times")
        return result

    def leave(self, record: Record, outcome: Any) -> None:
        """A call, or the taking of a stream, has come to its end: judge it."""
        if isinstance(outcome, Failure):
            self._failed(record, outcome)
        else:
            self.tally.count("ended well")
            self.tally.mustHaveRun(record.number)
            wrong = wrongEnd(record, outcome)
            if wrong is not None:
                self.tally.complain(ITS_OWN if record.count is None else COMPLETE, f"{record.describe()}: {wrong}")
            elif record.count is None and outcome[1] < record.version:
                text = f"{record.describe()}: it came after update {record.version} and ran at {outcome[1]}"
                self.tally.complain(UPDATED, text)
        del self.records[record]
        for most, deferred in [one for one in self._waiting if len(self.records) <= one[0]]:
            self._waiting.remove((most, deferred))
            deferred.callback(None)

    def _failed(self, record: Record, failure: Failure) -> None:
        kind = type(failure.value)
        if self.queue.isDegraded:
            self.circumstances.wasDegraded = True
        self.tally.count(f"ended with {kind.__name__}")
        if kind is WorkerError and self.circumstances.ending != "crash":
            self.crashed[record.number] = f"{record.describe()}: {failure.value}"
            return
        wrong = wrongFailure(record, failure, self.circumstances)
        if wrong is not None:
            self.tally.complain(ITS_OWN, f"{record.describe()}: {wrong}")

    def whenBelow(self, most: int) -> "Deferred[None]":
        """A Deferred that fires when no more than so many calls are left."""
        deferred: Deferred[None] = Deferred()
        if len(self.records) <= most:
            deferred.callback(None)
        else:
            self._waiting.append((most, deferred))
        return deferred

    # What is to be done later.

    def later(self, seconds: float, f: Callable[[], None]) -> None:
        """Call `f` after some time, or at the end if that comes sooner."""

        def due() -> None:
            del self._later[call]
            f()

        call = self.queue.reactor.callLater(seconds, due)
        self._later[call] = f

    def doAllNow(self) -> None:
        """The end has come: do what was to be done later."""
        while self._later:
            call, f = self._later.popitem()
            call.cancel()
            f()

    # What the queue tells.

    def taskFinished(self, task: Task) -> None:
        """Observers are told of each end once, too."""
        if task.id in self._finished:
            self.tally.complain(TOLD_ONCE, f"observers were told twice that {task!r} has ended")
        self._finished.add(task.id)

    def queueChanged(self, queue: Any) -> None:
        """A queue that has degraded fails what waits, as it should, and what comes."""
        if queue.isDegraded:
            self.circumstances.wasDegraded = True
            self.tally.count("queue degraded")
