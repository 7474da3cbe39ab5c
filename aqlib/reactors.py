# SPDX-License-Identifier: Apache-2.0
"""The reactor that a thing uses, and a word from it before it stops."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, cast

from twisted.python import threadable


def givenOrInstalled(reactor: Any) -> Any:
    """The reactor (or clock) that was given; the installed one for None."""
    if reactor is None:
        from twisted.internet import reactor
    return reactor


def isReactorThread() -> bool:
    """Whether this is the thread in which the reactor runs, or, before it does, will run."""
    ident = cast("int | None", threadable.ioThread)
    return threading.get_ident() == (threading.main_thread().ident if ident is None else ident)


class ShutdownNotice:
    """Has a function called before the reactor stops, for as long as that is wanted.

    A trigger that stays behind would keep its object for as long as the program runs; so whoever has nothing pending
    any more drops the notice.

    Args:
        reactor: The reactor; or a clock, which never stops.
        f: Called without arguments, once at most for each `want`. The reactor waits for a Deferred as result.
    """

    def __init__(self, reactor: Any, f: Callable[[], Any]) -> None:
        self._reactor = reactor
        self._f = f
        self._trigger: Any = None

    def want(self) -> None:
        """Have the function called when the reactor is about to stop."""
        if self._trigger is None and hasattr(self._reactor, "addSystemEventTrigger"):
            self._trigger = self._reactor.addSystemEventTrigger("before", "shutdown", self._fire)

    def drop(self) -> None:
        """Do not have it called."""
        trigger, self._trigger = self._trigger, None
        if trigger is not None:
            self._reactor.removeSystemEventTrigger(trigger)

    def _fire(self) -> Any:
        self._trigger = None
        return self._f()
