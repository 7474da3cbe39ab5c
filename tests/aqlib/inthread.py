# SPDX-License-Identifier: GPL-3.0-or-later
"""A call in a thread of its own, which a test can leave blocked without blocking the end of the tests."""

import threading
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure


def inThread(reactor: Any, f: Callable[..., Any], *args: Any) -> "Deferred[Any]":
    """A Deferred of what `f(*args)` gives in a new thread."""
    deferred: Deferred[Any] = Deferred()

    def run() -> None:
        outcome: Any
        try:
            outcome = f(*args)
        except Exception:
            outcome = Failure()
        reactor.callFromThread(deferred.callback, outcome)

    threading.Thread(target=run, daemon=True).start()
    return deferred
