# SPDX-License-Identifier: Apache-2.0
"""A reactor whose clock is monotonic: it neither jumps when somebody sets the time nor counts a suspended night.

Twisted's own calls are timed by the wall clock: when that is set back by an hour, a time-out of a second comes an hour
late; when it is set forward, or the machine wakes up after a night, all time-outs come at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from heapq import heapify, heappop, heappush
from typing import Any

from twisted.internet.base import DelayedCall
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger

from .ringing import Alarm, makeAlarm

_log = Logger(namespace="aqlib.clock")


def monotonic(reactor: Any) -> Any:
    """The reactor with a monotonic clock; itself, if its clock is not the wall clock (as a test's is not)."""
    if getattr(reactor, "seconds", None) is not time.time:
        return reactor
    return MonotonicReactor(reactor)


class MonotonicReactor:
    """Stands for a reactor, and has another clock."""

    seconds = staticmethod(time.monotonic)

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._calls: list[DelayedCall] = []  # a heap
        self._cancelled = 0
        self._alarm: Alarm | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)

    def callLater(self, delay: float, f: Callable[..., Any], *args: Any, **kw: Any) -> IDelayedCall:
        """IReactorTime: call `f` in so many seconds. What is due at once is the reactor's, for that needs no clock."""
        if delay <= 0:
            soon: IDelayedCall = self._reactor.callLater(delay, f, *args, **kw)
            return soon
        call = DelayedCall(self.seconds() + delay, f, args, kw, self._cancels, self._moves, self.seconds)
        heappush(self._calls, call)
        if self._calls[0] is call:
            self._arm()
        return call

    def getDelayedCalls(self) -> Sequence[IDelayedCall]:
        """IReactorTime: the calls that are to be made."""
        return [*self._reactor.getDelayedCalls(), *(call for call in self._calls if not call.cancelled)]

    def _cancels(self, call: DelayedCall) -> None:
        # It is cancelled when this has returned.
        if call is self._calls[0]:
            heappop(self._calls)
            self._arm()
            return
        self._cancelled += 1
        if self._cancelled > 50 and self._cancelled > len(self._calls) // 2:
            self._cancelled = 0
            self._calls = [one for one in self._calls if not one.cancelled and one is not call]
            heapify(self._calls)

    def _moves(self, _: DelayedCall) -> None:
        heapify(self._calls)
        self._arm()

    def _arm(self) -> None:
        """Have the alarm ring for the first call that there is, if any."""
        while self._calls and (self._calls[0].cancelled or self._calls[0].delayed_time > 0):
            self._settleFirst()
        if not self._calls:
            if self._alarm is not None:
                self._alarm.close()
                self._alarm = None
            return
        if self._alarm is None:
            self._alarm = makeAlarm(self._reactor, self._ring)
        self._alarm.set(self._calls[0].time)

    def _settleFirst(self) -> None:
        call = heappop(self._calls)
        if call.cancelled:
            self._cancelled = max(self._cancelled - 1, 0)
        else:
            call.activate_delay()
            heappush(self._calls, call)

    def _ring(self) -> None:
        now = self.seconds()
        while self._calls and self._calls[0].time <= now:
            if self._calls[0].cancelled or self._calls[0].delayed_time > 0:
                self._settleFirst()
                continue
            call = heappop(self._calls)
            call.called = 1
            with _log.failuresHandled("A call that was due has failed."):
                call.func(*call.args, **call.kw)
        self._arm()
