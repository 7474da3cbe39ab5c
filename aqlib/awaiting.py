# SPDX-License-Identifier: Apache-2.0
"""Awaiting a Deferred in a coroutine, whether Twisted runs that or asyncio does."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextvars import Context
from typing import Any, Generic, TypeVar

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from .errors import NotReadyError

T = TypeVar("T")
_NOTHING = object()


def requireRunningReactor(reactor: Any) -> None:
    """Raise NotReadyError in an asyncio loop while the reactor does not run: what is awaited there would never come."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is None or asyncio._get_running_loop() is None or getattr(reactor, "running", True):
        return
    raise NotReadyError(
        "An asyncio loop runs here and Twisted's reactor does not, so nothing of a queue would ever arrive. Install "
        "twisted.internet.asyncioreactor and run the reactor on that loop; the guide's section 'In an asyncio program' "
        "shows how."
    )


class InEitherLoop(Generic[T]):
    """What a coroutine awaits in place of a Deferred, which a coroutine that asyncio runs cannot await.

    Args:
        deferred: Nobody else adds callbacks to it.
    """

    __slots__ = ("_deferred",)

    def __init__(self, deferred: Deferred[T]) -> None:
        self._deferred = deferred

    def __await__(self) -> Generator[Any, Any, T]:
        waiting = _Waiting(lambda _: self._deferred.cancel())
        self._deferred.addBoth(waiting.arrived)
        if waiting.outcome is _NOTHING:
            requireRunningReactor(sys.modules.get("twisted.internet.reactor"))
            waiting.isAwaited = True
            # Twisted sends the result or throws the error; asyncio says only that it is there.
            result: T = yield waiting
            if not waiting.isOfAsyncio:
                return result
        return _Done(waiting.outcome).result()  # type: ignore[no-any-return]


class _Waiting(Deferred[Any]):
    """A Deferred that also has what an asyncio task asks of the future that its coroutine waits for."""

    # By this, true, a task knows a future.
    _asyncio_future_blocking = True
    isOfAsyncio = False
    isAwaited = False
    isCancelled = False
    outcome: Any = _NOTHING

    def arrived(self, outcome: Any) -> None:
        """Take a result or a Failure."""
        self.outcome = outcome
        if self.isAwaited and not self.called:
            self.callback(outcome)

    def cancel(self, msg: object = None) -> bool:  # type: ignore[override]  # as futures have it
        """Cancel what is awaited. False when it is here already: then the task itself raises the cancellation."""
        if self.called:
            return False
        self.isCancelled = True
        super().cancel()
        return True

    def get_loop(self) -> Any:
        """The loop that runs now."""
        return sys.modules["asyncio"].get_running_loop()

    def add_done_callback(self, f: Callable[[Any], object], *, context: Context | None = None) -> None:
        """Wake a task."""
        self.isOfAsyncio = True
        loop = self.get_loop()

        def wake(outcome: Any) -> None:
            if self.isCancelled:
                outcome = Failure(sys.modules["asyncio"].CancelledError())
            self.outcome = outcome
            loop.call_soon(f, _Done(outcome), context=context)

        self.addBoth(wake)


class _Done:
    """What a task is woken with."""

    def __init__(self, outcome: Any) -> None:
        self._outcome = outcome

    def result(self) -> Any:
        """The result; raises the error."""
        if isinstance(self._outcome, Failure):
            self._outcome.raiseException()
        return self._outcome
