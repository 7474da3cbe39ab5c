# SPDX-License-Identifier: GPL-3.0-or-later
"""Running a coroutine on a reactor from its start to its end."""

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure


def run(measured: Callable[[], Any]) -> Any:
    """Run a coroutine function on Twisted's default reactor, and return what it gives, or raise what it raises."""
    from twisted.internet import reactor

    outcome: list[Any] = []

    def begin() -> None:
        Deferred.fromCoroutine(measured()).addBoth(outcome.append).addBoth(lambda _: stop())

    def stop() -> None:
        reactor.stop()

    reactor.callWhenRunning(begin)
    reactor.run()
    if isinstance(outcome[0], Failure):
        outcome[0].raiseException()
    return outcome[0]
