# SPDX-License-Identifier: Apache-2.0
"""The reactor that a thing uses, and a word from it before it stops."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from typing import Any, cast

from twisted.python import threadable

from .awaiting import requireRunningReactor
from .errors import ThreadError


def givenOrInstalled(reactor: Any) -> Any:
    """The reactor (or clock) that was given; the installed one for None."""
    if reactor is None:
        from twisted.internet import reactor
    return reactor


def isReactorThread() -> bool:
    """Whether this is the thread in which the reactor runs, or, before it does, will run."""
    ident = cast("int | None", threadable.ioThread)
    return threading.get_ident() == (threading.main_thread().ident if ident is None else ident)


def requireReactorThread(reactor: Any) -> None:
    """Raise ThreadError in any other thread than the reactor's, and NotReadyError in an asyncio loop without it.

    A clock belongs to no thread.
    """
    if not isReactorThread() and hasattr(reactor, "callFromThread"):
        raise ThreadError(
            "A queue is used in the reactor's thread only. From another thread, use reactor.callFromThread(queue.call, "
            "...), or twisted.internet.threads.blockingCallFromThread(reactor, queue.call, ...) for the result."
        )
    requireRunningReactor(reactor)


def soonCaller(reactor: Any) -> Callable[[Callable[[], None]], None]:
    """A function, for any thread, that has another called soon by a reactor; by a clock in its thread's next turn."""
    call = getattr(reactor, "callFromThread", None)
    return call if call is not None else lambda f: reactor.callLater(0, f)


class ShutdownNotice:
    """Has a method called before the reactor stops, for as long as that is wanted.

    A trigger that stays at the reactor leaks. So whoever has nothing pending any more drops the notice; and it keeps
    nobody alive, but goes with its owner.

    Args:
        reactor: The reactor; or a clock, which never stops.
        method: A method of the owner, called once at most for each `want`.
    """

    def __init__(self, reactor: Any, method: Callable[[], None]) -> None:
        self._reactor = reactor
        self._method = weakref.WeakMethod(method, self._ownerIsGone)
        self._trigger: Any = None

    def want(self) -> None:
        """Have the method called when the reactor is about to stop."""
        if self._trigger is None and hasattr(self._reactor, "addSystemEventTrigger"):
            self._trigger = self._reactor.addSystemEventTrigger("before", "shutdown", self._fire)

    def drop(self) -> None:
        """Do not have it called."""
        trigger, self._trigger = self._trigger, None
        if trigger is not None:
            self._reactor.removeSystemEventTrigger(trigger)

    def _fire(self) -> None:
        self._trigger = None
        method = self._method()
        if method is not None:
            method()

    def _ownerIsGone(self, method: object) -> None:
        # The garbage collector may say so in any thread.
        if self._trigger is not None:
            self._reactor.callFromThread(self.drop)
