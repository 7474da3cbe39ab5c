# SPDX-License-Identifier: Apache-2.0
"""OrderedItemProducer: what is made side by side reaches a blocking function in the order it was asked for."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from twisted.internet.defer import CancelledError, Deferred, fail, maybeDeferred
from twisted.python.failure import Failure

from .calling import warnLegacy
from .errors import NotReadyError, QueueRunError
from .handover import Handover
from .reactors import givenOrInstalled


class OrderedItemProducer:
    """Makes items by calls whose results come in any order, for a blocking function that iterates over them in order.

        rows = OrderedItemProducer()
        rows.start(writePNG, file)  # def writePNG(rows, file): for row in rows: ...
        for y in range(height):
            rows.produceItem(queue.call, computeRow, y)
        yield rows.stop()

    The error of an item that could not be made is raised in the function's loop, at its place: nothing is left out
    unnoticed.

    Args:
        reactor: The reactor; the installed one when not given.
        legacy: AsynQueue's `maxThreads`, which has no effect and gives a DeprecationWarning.
    """

    def __init__(self, *, reactor: Any = None, **legacy: Any) -> None:
        warnLegacy(legacy, ("maxThreads",), "each OrderedItemProducer has one thread, which ends with its function")
        self._reactor = givenOrInstalled(reactor)
        self._handover: Handover[Any] = Handover(self._reactor)
        self._order: deque[_Place] = deque()
        # Those that the function has not taken, made or not.
        self._open: dict[_Place, None] = {}
        self._isStarted = False
        self._isStopping = False
        self._outcome: tuple[Any, ...] = ()
        self._waitingForEnd: list[Deferred[Any]] = []

    def start(self, f: Callable[..., Any], *args: Any, **kw: Any) -> Deferred[None]:
        """Call `f(iterator, *args, **kw)` in a thread of its own.

        Returns: A Deferred that fires with None when it has begun; to cancel it ends nothing. It errbacks NotReadyError
        when one was started before, for an OrderedItemProducer serves one function, and RuntimeError when the system
        has no room for one more thread.
        """
        if self._isStarted:
            return fail(NotReadyError("This OrderedItemProducer has a function already; make another."))
        begun: Deferred[None] = Deferred()
        work = partial(f, self._handover, *args, **kw)
        # A daemon: a function that waits for its next item must not keep the interpreter from ending.
        thread = threading.Thread(target=self._run, args=(work, begun), name="aqlib ordered items", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            return fail(Failure())
        self._isStarted = True
        return begun

    def produceItem(self, f: Callable[..., Any], *args: Any, **kw: Any) -> Deferred[Any]:
        """Have what `f(*args, **kw)` gives, now or by a Deferred, be the next item.

        Returns: A Deferred that fires with the item when the function has taken it, so that one who asks for many can
        wait (by a DeferredTracker, say) until few are left; with None when the function ends without taking it. It
        errbacks with the error of the making; NotReadyError before `start`; QueueRunError after `stop`, and when the
        function has ended already. To cancel it cancels the making, and has the function get CancelledError at that
        place; what is made already stays.
        """
        if not self._isStarted:
            return fail(NotReadyError("Start the function that takes the items first."))
        if self._isStopping:
            return fail(QueueRunError("This OrderedItemProducer has been stopped and makes no more items."))
        if self._outcome:
            return fail(QueueRunError(f"The function that takes the items has ended{self._how()}."))
        place = _Place()
        self._order.append(place)
        self._open[place] = None
        place.make(partial(f, *args, **kw), self._made)
        return place.deferred

    def stop(self) -> Deferred[Any]:
        """There will be no more items: the function's loop ends after those that were asked for.

        Returns: A Deferred that fires with what the function gives (by a Deferred, too), and errbacks with its error;
        NotReadyError before `start`. To cancel it cancels all items that are being made, and has the loop raise
        CancelledError at once.
        """
        if not self._isStarted:
            return fail(NotReadyError("There is no function to be stopped; start it first."))
        self._isStopping = True
        ended: Deferred[Any] = Deferred(self._cancelled)
        self._waitingForEnd.append(ended)
        self._handOver()
        self._tellEnd()
        return ended

    # In the function's thread.

    def _run(self, work: Callable[[], Any], begun: Deferred[None]) -> None:
        self._reactor.callFromThread(self._begun, begun)
        try:
            result = work()
        except BaseException:
            # SystemExit and KeyboardInterrupt are the function's errors.
            result = Failure()
            result.cleanFailure()
        self._reactor.callFromThread(self._ended, result)

    def _give(self, place: _Place) -> Any:
        self._reactor.callFromThread(self._taken, place)
        return place.item()

    # In the reactor's thread.

    def _begun(self, begun: Deferred[None]) -> None:
        if not begun.called:
            begun.callback(None)

    def _made(self) -> None:
        self._handOver()

    def _handOver(self) -> None:
        while self._order and self._order[0].isMade:
            self._handover.put(partial(self._give, self._order.popleft()))
        if self._isStopping and not self._order:
            self._handover.end()

    def _taken(self, place: _Place) -> None:
        self._open.pop(place, None)
        place.taken()

    def _ended(self, result: Any) -> None:
        if isinstance(result, Deferred):
            result.addBoth(self._ended)
            return
        self._outcome = (result,)
        self._handover.abort()
        self._dropAll()
        self._tellEnd()

    def _how(self) -> str:
        [outcome] = self._outcome
        return f", by {outcome.value!r}" if isinstance(outcome, Failure) else ""

    def _dropAll(self) -> None:
        self._order.clear()
        dropped, self._open = self._open, {}
        for place in dropped:
            place.drop()

    def _tellEnd(self) -> None:
        if not self._outcome:
            return
        [outcome] = self._outcome
        waiting, self._waitingForEnd = self._waitingForEnd, []
        for ended in waiting:
            ended.callback(outcome)

    def _cancelled(self, ended: Deferred[Any]) -> None:
        self._waitingForEnd.remove(ended)
        self._handover.abort(Failure(CancelledError("The OrderedItemProducer was cancelled.")))
        self._dropAll()


class _Place:
    """One item, in the order of all."""

    def __init__(self) -> None:
        self.deferred: Deferred[Any] = Deferred(lambda _: self._cancelMaking())
        self.isMade = False
        self._isDropped = False
        self._made: Any = None
        self._making: Deferred[None] | None = None

    def make(self, f: Callable[[], Any], tell: Callable[[], None]) -> None:
        """Make it, and tell when it is here."""
        self._tell = tell
        self._making = maybeDeferred(f).addBoth(self._came)

    def item(self) -> Any:
        """What was made; raises the error if it is one."""
        if isinstance(self._made, Failure):
            self._made.raiseException()
        return self._made

    def taken(self) -> None:
        """The function has it."""
        if not self.deferred.called:
            self.deferred.callback(self._made)

    def drop(self) -> None:
        """Nobody will take it."""
        self._isDropped = True
        self._cancelMaking()
        if not self.deferred.called:
            self.deferred.callback(None)

    def _cancelMaking(self) -> None:
        if self._making is not None:
            self._making.cancel()

    def _came(self, made: Any) -> None:
        self.isMade = True
        self._made = made
        if isinstance(made, Failure) and not self._isDropped and not self.deferred.called:
            self.deferred.errback(made)
        self._tell()
