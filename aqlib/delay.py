# SPDX-License-Identifier: Apache-2.0
"""Delays: a Deferred that fires later, and one that fires when something that tells nobody has come about."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from twisted.internet.defer import Deferred, maybeDeferred, succeed
from twisted.internet.task import deferLater
from twisted.python.failure import Failure

from .reactors import ShutdownNotice, givenOrInstalled


def deferToDelay(seconds: float, *, reactor: Any = None) -> Deferred[None]:
    """A Deferred that fires with None after so many seconds. Raises ValueError for a negative number of them."""
    if seconds < 0:
        raise ValueError(f"A delay lasts 0 seconds or longer, not {seconds}.")
    return deferLater(givenOrInstalled(reactor), seconds)


class Delay:
    """Gives Deferreds that fire after a delay, or after something has come about.

    Nothing is left pending when the reactor stops: all of them fire before it does.

    Args:
        interval: Seconds, 0 or more: a delay that is not given another length, and the time between the first two
            looks of `untilEvent`.
        backoff: 1 or more: the time between two looks is so many times that before.
        timeout: Seconds, 0 or more, after which `untilEvent` gives up; None: never.
        reactor: The reactor or clock; the installed reactor when not given.

    Raises: ValueError for numbers outside these ranges.
    """

    def __init__(
        self, interval: float = 0.01, backoff: float = 1.04, timeout: float | None = None, *, reactor: Any = None
    ) -> None:
        if interval < 0 or backoff < 1 or (timeout is not None and timeout < 0):
            raise ValueError(
                "A Delay takes an interval of 0 or more, a backoff of 1 or more and a timeout of 0 or more, not "
                f"{interval}, {backoff} and {timeout}."
            )
        self._interval = interval
        self._backoff = backoff
        self._timeout = timeout
        self._reactor = givenOrInstalled(reactor)
        self._notice = ShutdownNotice(self._reactor, self.shutdown)
        self._pending: set[_Pause | _Watch] = set()
        self._isShutDown = False

    def __call__(self, delay: float | None = None) -> Deferred[None]:
        """A Deferred that fires with None after `delay` seconds, or after the interval.

        Raises ValueError for a negative delay.
        """
        seconds = self._interval if delay is None else delay
        if seconds < 0:
            raise ValueError(f"A delay lasts 0 seconds or longer, not {seconds}.")
        if self._isShutDown:
            return succeed(None)
        pause = _Pause(self._reactor, seconds, self._over)
        self._add(pause)
        return pause.deferred

    def untilEvent(self, checker: Callable[..., Any], *args: Any, **kw: Any) -> Deferred[bool]:
        """Wait until `checker(*args, **kw)` gives something true, looking at once and then ever more rarely.

        Where there is an event to wait for, wait for that instead: this is for what tells nobody, such as a file that
        another program writes.

        Args:
            checker: What looks; may give a Deferred, or be a coroutine function. The next look is after its answer.

        Returns: A Deferred that fires with True when the checker said so, with False after the timeout (there is a
        last look then) or at the shutdown; it errbacks with an error of the checker's.
        """
        if self._isShutDown:
            return succeed(False)
        watch = _Watch(self._reactor, partial(checker, *args, **kw), self._over)
        self._add(watch)
        watch.begin(self._interval, self._backoff, self._timeout)
        return watch.deferred

    def shutdown(self) -> None:
        """Fire all Deferreds that are pending, and each one that is asked for from now on at once."""
        self._isShutDown = True
        for one in list(self._pending):
            one.hurry()

    def _add(self, one: _Pause | _Watch) -> None:
        self._pending.add(one)
        self._notice.want()

    def _over(self, one: _Pause | _Watch) -> None:
        self._pending.discard(one)
        if not self._pending:
            self._notice.drop()


class _Pause:
    """One delay."""

    def __init__(self, reactor: Any, seconds: float, over: Callable[[_Pause], None]) -> None:
        self.deferred: Deferred[None] = Deferred(lambda _: self._end())
        self._over = over
        self._call = reactor.callLater(seconds, self.hurry)

    def hurry(self) -> None:
        """Fire now."""
        self._end()
        self.deferred.callback(None)

    def _end(self) -> None:
        _cancelCall(self._call)
        self._over(self)


class _Watch:
    """One `untilEvent`."""

    def __init__(self, reactor: Any, check: Callable[[], Any], over: Callable[[_Watch], None]) -> None:
        self.deferred: Deferred[bool] = Deferred(lambda _: self._end())
        self._reactor = reactor
        self._check = check
        self._over = over
        self._nextLook: Any = None
        self._deadline: Any = None
        self._looking: Deferred[Any] | None = None
        self._isOver = False

    def begin(self, interval: float, backoff: float, timeout: float | None) -> None:
        """Look for the first time."""
        self._interval = interval
        self._backoff = backoff
        if timeout is not None:
            self._deadline = self._reactor.callLater(timeout, self._timedOut)
        self._look()

    def hurry(self) -> None:
        """It has not come about."""
        self._fire(False)

    def _look(self) -> None:
        self._looking = looking = maybeDeferred(self._check)
        looking.addCallbacks(self._looked, self._failed)

    def _looked(self, happened: object) -> None:
        self._looking = None
        if happened:
            self._fire(True)
        elif not self._isOver:
            self._nextLook = self._reactor.callLater(self._interval, self._look)
            self._interval *= self._backoff

    def _failed(self, failure: Failure) -> None:
        if not self._isOver:
            self._end()
            self.deferred.errback(failure)

    def _timedOut(self) -> None:
        if self._looking is None:
            _cancelCall(self._nextLook)
            self._look()
        self._fire(False)

    def _fire(self, happened: bool) -> None:
        if not self._isOver:
            self._end()
            self.deferred.callback(happened)

    def _end(self) -> None:
        self._isOver = True
        _cancelCall(self._nextLook)
        _cancelCall(self._deadline)
        self._over(self)
        if self._looking is not None:
            self._looking.cancel()


def _cancelCall(call: Any) -> None:
    if call is not None and call.active():
        call.cancel()
