# SPDX-License-Identifier: Apache-2.0
"""DeferredTracker: waits for Deferreds that belong to others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from twisted.internet.defer import Deferred, succeed

from .calling import warnLegacy
from .reactors import givenOrInstalled

T = TypeVar("T")


class DeferredTracker:
    """Counts Deferreds until they fire, and says when all, any, or enough of them have.

    What they fire with passes through unchanged; a failure stays for their owners to handle. A Deferred counts as fired
    when the callbacks that it had at its `put` are done. The tracker keeps no reference to it, and nothing is polled.

    A Deferred that the tracker gives can be cancelled; what it waited for goes on.

    Args:
        reactor: The reactor or clock for time-outs; the installed reactor when not given.
        legacy: AsynQueue's `interval` and `backoff`, which have no effect and give a DeprecationWarning.
    """

    def __init__(self, *, reactor: Any = None, **legacy: Any) -> None:
        warnLegacy(legacy, ("interval", "backoff"), "nothing is polled")
        self._reactor = reactor
        self._pending = 0
        self._extra = 0
        self._fired = 0
        self._generation = 0
        self._waiting: dict[_Waiting, None] = {}

    def put(self, d: Deferred[T]) -> Deferred[T]:
        """Track a Deferred, and give it back. Raises TypeError for anything else."""
        if not isinstance(d, Deferred):
            raise TypeError(f"A DeferredTracker tracks Deferreds, not {d!r}.")
        self._pending += 1
        return d.addBoth(self._pass, self._generation)

    def addWait(self) -> None:
        """Wait for one thing more, which has no Deferred: until `removeWait`."""
        self._extra += 1

    def removeWait(self) -> None:
        """End one wait that `addWait` began. Where there is none (any more), nothing happens."""
        if self._extra:
            self._extra -= 1
            self._onFired()

    def quitWaiting(self) -> None:
        """Forget all that is tracked; the Deferreds that waited for it fire with False."""
        self._generation += 1
        self._pending = self._extra = 0
        waiting, self._waiting = self._waiting, {}
        for one in list(waiting):
            if not one.isOver:
                one.fire(False)

    def notWaiting(self) -> bool:
        """Whether all that was tracked has fired."""
        return not self._count()

    def deferToAll(self, timeout: float | None = None) -> Deferred[bool]:
        """A Deferred that fires with True when nothing tracked is pending, what is put meanwhile included.

        It fires with False after `timeout` seconds, and at `quitWaiting`.
        """
        return self._defer(self.notWaiting, timeout)

    def deferToAny(self, timeout: float | None = None) -> Deferred[bool]:
        """A Deferred that fires with True when one more of those tracked has fired, or at once if none is pending.

        It fires with False after `timeout` seconds, and at `quitWaiting`.
        """
        before = self._fired
        return self._defer(lambda: self._fired > before or self.notWaiting(), timeout)

    def deferUntilFewer(self, n: int, timeout: float | None = None) -> Deferred[bool]:
        """A Deferred that fires with True when fewer than `n` of those tracked are pending.

        It fires with False after `timeout` seconds, and at `quitWaiting`. Raises ValueError for `n` below 1: there are
        never fewer than none.
        """
        if n < 1:
            raise ValueError(f"There can be fewer than 1 pending, or fewer than more, but not fewer than {n}.")
        return self._defer(lambda: self._count() < n, timeout)

    def _count(self) -> int:
        return self._pending + self._extra

    def _defer(self, isMet: Callable[[], bool], timeout: float | None) -> Deferred[bool]:
        if isMet():
            return succeed(True)
        waiting = _Waiting(isMet, self._leave)
        self._waiting[waiting] = None
        if timeout is not None:
            waiting.giveUpAfter(givenOrInstalled(self._reactor), timeout)
        return waiting.deferred

    def _pass(self, result: T, generation: int) -> T:
        if generation == self._generation:
            self._pending -= 1
            self._onFired()
        return result

    def _onFired(self) -> None:
        self._fired += 1
        for one in list(self._waiting):
            # What it waits for may have changed by what the ones before it set off.
            if not one.isOver and one.isMet():
                one.fire(True)

    def _leave(self, one: _Waiting) -> None:
        self._waiting.pop(one, None)


class _Waiting:
    """One Deferred that the tracker has given."""

    def __init__(self, isMet: Callable[[], bool], leave: Callable[[_Waiting], None]) -> None:
        self.deferred: Deferred[bool] = Deferred(lambda _: self._end())
        self.isMet = isMet
        self.isOver = False
        self._leave = leave
        self._deadline: Any = None

    def giveUpAfter(self, clock: Any, seconds: float) -> None:
        """Fire with False then."""
        self._deadline = clock.callLater(seconds, self.fire, False)

    def fire(self, isMet: bool) -> None:
        """Say whether it has come about."""
        self._end()
        self.deferred.callback(isMet)

    def _end(self) -> None:
        self.isOver = True
        self._leave(self)
        if self._deadline is not None and self._deadline.active():
            self._deadline.cancel()
