# SPDX-License-Identifier: Apache-2.0
"""DeferredLock: one at a time, important ones first, until it is stopped."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Any

from twisted.internet.defer import CancelledError, Deferred, fail, maybeDeferred, succeed
from twisted.logger import Logger
from twisted.python.failure import Failure

from .errors import QueueRunError


class DeferredLock:
    """A lock that is waited for by a Deferred. Those who ask as VIP have it first; otherwise it goes by arrival.

        async with lock.context():
            ...

    It can be stopped, as a last act of what it guards: then it is given to those who wait already, and to nobody else,
    and after that the stoppers are called.

    Args:
        allowZombies: Whether the lock can still be had after it was stopped: then `acquire` fires at once, without
            anybody being kept out.
    """

    _log = Logger()

    def __init__(self, allowZombies: bool = False) -> None:
        self._allowZombies = allowZombies
        self._isHeld = False
        self._vips: deque[Deferred[DeferredLock]] = deque()
        self._others: deque[Deferred[DeferredLock]] = deque()
        self._isServing = False
        self._isStopping = False
        self._stoppersBegan = False
        self._stopOutcome: Failure | bool = False
        self._stoppers: list[Callable[[], Any]] = []
        self._waitingForStop: list[Deferred[None]] = []

    @property
    def locked(self) -> bool:
        """Whether somebody holds it."""
        return self._isHeld

    def acquire(self, vip: bool = False) -> Deferred[DeferredLock]:
        """Ask for the lock; `release` it after use.

        Args:
            vip: Have it before all who wait and are none.

        Returns: A Deferred that fires with the lock when it is yours. To cancel it is to ask no more. It errbacks
        QueueRunError when the lock has been stopped.
        """
        if self._isStopping and self._allowZombies:
            return succeed(self)
        if self._isStopping:
            return fail(QueueRunError("The lock has been stopped; nobody gets it any more."))
        line = self._vips if vip else self._others
        asking: Deferred[DeferredLock] = Deferred(line.remove)
        line.append(asking)
        self._serve()
        return asking

    def release(self) -> None:
        """Give the lock back. Raises RuntimeError when nobody holds it."""
        if not self._isHeld and self._isStopping and self._allowZombies:
            return
        if not self._isHeld:
            raise RuntimeError("The lock is released by one who does not hold it.")
        self._isHeld = False
        self._serve()

    def context(self, vip: bool = False) -> LockContext:
        """The lock for as long as a block lasts: `async with lock.context():`.

        With `inlineCallbacks`, `with lock.context() as d: yield d; ...` does the same. A block that is left before it
        had the lock asks no more.
        """
        return LockContext(self, vip)

    def acquireAndRelease(self, vip: bool = False) -> Deferred[None]:
        """A Deferred that fires with None when the lock was yours for a moment, so that all before you are done.

        It errbacks QueueRunError when the lock has been stopped.
        """
        return self.acquire(vip).addCallback(lambda lock: lock.release())

    def addStopper(self, f: Callable[..., Any], *args: Any, **kw: Any) -> None:
        """Have `f(*args, **kw)` called by `stop`, after those added before. A Deferred as result is waited for.

        Raises QueueRunError when the lock has been stopped already.
        """
        if self._stopOutcome:
            raise QueueRunError("The lock has been stopped; it calls no stopper any more.")
        self._stoppers.append(lambda: f(*args, **kw))

    def stop(self) -> Deferred[None]:
        """Give the lock to those who wait already and to nobody else, then call the stoppers.

        Who holds the lock must release it before they wait for this.

        Returns: A Deferred that fires with None when the last stopper is done. A stopper's error keeps none of the
        others from being called; the first of them is the errback, the rest is logged.
        """
        self._isStopping = True
        stopped: Deferred[None] = Deferred()
        self._waitingForStop.append(stopped)
        if self._stopOutcome:
            self._tellStopped()
        else:
            self._serve()
        return stopped

    def _serve(self) -> None:
        if self._isServing:
            return  # from inside the callback of one who has just been served: the loop below goes on
        self._isServing = True
        try:
            while not self._isHeld and (line := self._vips or self._others):
                self._isHeld = True
                line.popleft().callback(self)
        finally:
            self._isServing = False
        if self._isStopping and not self._isHeld and not self._stoppersBegan:
            self._stoppersBegan = True
            Deferred.fromCoroutine(self._callStoppers())

    async def _callStoppers(self) -> None:
        first: Failure | None = None
        for stopper in self._stoppers:
            try:
                await maybeDeferred(stopper)
            except Exception:
                if first is None:
                    first = Failure()
                else:
                    self._log.failure("Stopping a lock: one more of its stoppers failed.")
        self._stopOutcome = first or True
        self._tellStopped()

    def _tellStopped(self) -> None:
        waiting, self._waitingForStop = self._waitingForStop, []
        for stopped in waiting:
            stopped.callback(self._stopOutcome if isinstance(self._stopOutcome, Failure) else None)


class LockContext:
    """What `DeferredLock.context` gives."""

    def __init__(self, lock: DeferredLock, vip: bool) -> None:
        self._lock = lock
        self._vip = vip
        self._asking: Deferred[DeferredLock] | None = None
        self._isMine = False

    def __enter__(self) -> Deferred[DeferredLock]:
        asking = self._lock.acquire(self._vip)
        self._asking = asking.addCallback(self._got)
        return asking

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        asking, self._asking = self._asking, None
        if self._isMine:
            self._isMine = False
            self._lock.release()
        elif asking is not None and not asking.called:
            asking.addErrback(lambda failure: failure.trap(CancelledError))
            asking.cancel()

    async def __aenter__(self) -> DeferredLock:
        return await self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, traceback)

    def _got(self, lock: DeferredLock) -> DeferredLock:
        self._isMine = True
        return lock
