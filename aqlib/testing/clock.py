# SPDX-License-Identifier: Apache-2.0
"""SteppedClock: a reactor in which time passes when a test says so."""

from __future__ import annotations

import queue
from collections.abc import Callable
from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.python.failure import Failure

T = TypeVar("T")

# One trigger: what to call before the reactor stops.
_Trigger = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


class SteppedClock(Clock):
    """Twisted's Clock, and what else queues ask of a reactor, save descriptors: worker processes need a real one.

    Give it to a queue as `reactor`. Delayed calls run in `advance`, and so do calls that other threads have asked for.

    Attributes: `triggers`, what is to be called before it stops.
    """

    def __init__(self) -> None:
        super().__init__()
        self._fromThreads: queue.SimpleQueue[Callable[[], Any]] = queue.SimpleQueue()
        self.triggers: list[_Trigger] = []

    def advance(self, amount: float = 0.0) -> None:
        """Let so many seconds pass. Those that are due run in the order of their times."""
        self._runFromThreads()
        super().advance(amount)

    def settle(self, deferred: Deferred[T], timeout: float = 10.0) -> T:
        """Give the result of a Deferred, or raise its error, and let happen until then what can without time passing.

        Args:
            timeout: Seconds of real time that other threads may take for one step. After that AssertionError is raised.
        """
        outcome: list[Any] = []
        deferred.addBoth(outcome.append)
        while not outcome:
            if not any(call.getTime() <= self.seconds() for call in self.getDelayedCalls()):
                self._waitForThreads(timeout)
            self.advance()
        if isinstance(outcome[0], Failure):
            outcome[0].raiseException()
        result: T = outcome[0]
        return result

    def callFromThread(self, f: Callable[..., Any], *args: Any, **kw: Any) -> None:
        """Have `f` called by the thread that steps, when it does."""
        self._fromThreads.put(lambda: f(*args, **kw))

    def addSystemEventTrigger(self, phase: str, event: str, f: Callable[..., Any], *args: Any, **kw: Any) -> Any:
        """Have `f` called by `stop`, whatever the phase of the shutdown."""
        if event != "shutdown":
            raise ValueError(f"A SteppedClock has a 'shutdown', and no {event!r}.")
        trigger = (f, args, kw)
        self.triggers.append(trigger)
        return trigger

    def removeSystemEventTrigger(self, trigger: Any) -> None:
        """Do not have it called. Raises ValueError for what is no trigger, or was called already."""
        self.triggers.remove(trigger)

    def stop(self) -> None:
        """Call those that want to know of the end, as a reactor does when it stops."""
        while self.triggers:
            f, args, kw = self.triggers.pop(0)
            f(*args, **kw)

    def _runFromThreads(self) -> None:
        while not self._fromThreads.empty():
            self._fromThreads.get()()

    def _waitForThreads(self, timeout: float) -> None:
        try:
            call = self._fromThreads.get(timeout=timeout)
        except queue.Empty:
            text = f"Nothing has happened for {timeout:g} s. Does the test have to let time pass, or to step a worker?"
            raise AssertionError(text) from None
        call()
