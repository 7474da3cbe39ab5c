# SPDX-License-Identifier: Apache-2.0
"""Alarms: calls after so many seconds, by a clock that nobody sets and that stands still while the machine sleeps.

Twisted's reactors go by the wall clock. When that is set forward, or the machine wakes up, what was to be called later
is called at once; an alarm is then set anew for the time that is left.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from twisted.internet.interfaces import IDelayedCall, IReactorCore, IReactorTime

# A call that comes so many seconds early, for two clocks never go alike, is on time.
EARLY = 0.001


class Alarms:
    """Makes the alarms of a queue.

    Args:
        clock: The reactor. One that is none, a clock in a test, gives the time itself.

    Attributes: `now`, which gives the time in seconds.
    """

    def __init__(self, clock: IReactorTime) -> None:
        self.clock = clock
        self.now: Callable[[], float] = time.monotonic if IReactorCore.providedBy(clock) else clock.seconds

    def set(self, seconds: float, ring: Callable[[], None]) -> Alarm:
        """Call `ring` once so many seconds have passed."""
        return Alarm(self, seconds, ring)


class Alarm:
    """One call that is to come. See Alarms.set."""

    def __init__(self, alarms: Alarms, seconds: float, ring: Callable[[], None]) -> None:
        self._alarms = alarms
        self._due = alarms.now() + seconds
        self._ring = ring
        self._call: IDelayedCall | None = alarms.clock.callLater(seconds, self._fire)

    @property
    def left(self) -> float:
        """For how many seconds it has to wait yet."""
        return max(self._due - self._alarms.now(), 0.0)

    def stop(self) -> None:
        """Do not ring, if it has not rung."""
        call, self._call = self._call, None
        if call is not None:
            call.cancel()

    def _fire(self) -> None:
        left = self._due - self._alarms.now()
        if left > EARLY:
            self._call = self._alarms.clock.callLater(left, self._fire)
        else:
            self._call = None
            self._ring()
