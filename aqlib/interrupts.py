# SPDX-License-Identifier: Apache-2.0
"""Ending a queue by signals: an interrupt once, twice, three times ends it more and more at once."""

from __future__ import annotations

import contextlib
import signal
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReadDescriptor
from twisted.python.failure import Failure
from zope.interface import implementer

if TYPE_CHECKING:
    from .queue import TaskQueue

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def endBySignal(queue: TaskQueue, onInterrupt: Callable[[int], None] | None = None) -> Deferred[None]:
    """Have SIGINT (Ctrl-C in a terminal) and SIGTERM shut a queue down.

    The first one lets the queue take no more calls and cancels what waits; what runs may finish. The second cancels
    what runs, the third ends the workers at once. A worker process ignores SIGINT itself.

    Call it in the main thread, before or while the reactor runs; from the reactor's start on the handlers are these,
    whether or not it installs its own, and they wake it on an idle event loop of any kind.

    Args:
        queue: The queue to shut down.
        onInterrupt: Called with 1, 2, 3, ... before each step, so that a program can say so or close its windows.

    Returns: A Deferred that fires when the queue has been shut down, by signals or otherwise, and the handlers that
    were there before are back. It does not stop the reactor.
    """
    interrupts = _Interrupts(queue, onInterrupt or (lambda count: None))
    ended = queue.whenShutDown().addCallback(lambda _: interrupts.restore())
    queue.reactor.callWhenRunning(interrupts.install)
    return ended


class _Interrupts:
    """Counts the signals."""

    def __init__(self, queue: TaskQueue, onInterrupt: Callable[[int], None]) -> None:
        self._queue = queue
        self._onInterrupt = onInterrupt
        self._count = 0
        self._isOver = False
        self._handlers: dict[int, Any] = {}
        self._waker: _Waker | None = None

    def install(self) -> None:
        """Take the signals, unless the queue has ended already."""
        if not self._isOver:
            self._handlers = {number: signal.signal(number, self._caught) for number in SIGNALS}
            self._waker = _Waker(self._queue.reactor)

    def restore(self) -> None:
        """Put back what was there before."""
        self._isOver = True
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        if self._waker is not None:
            self._waker.close()

    def _caught(self, number: int, frame: object) -> None:
        # A handler runs between any two steps of the program: the queue is touched in the reactor's next turn.
        self._queue.reactor.callFromThread(self._interrupt)

    def _interrupt(self) -> None:
        if self._isOver:
            return
        self._count += 1
        self._onInterrupt(self._count)
        self._queue.shutdown(cancelWaiting=True, cancel=self._count >= 2, crash=self._count >= 3)


@implementer(IReadDescriptor)
class _Waker:
    """Lets the reactor run some Python code when a signal has come.

    Python runs its handlers between two steps of Python code, and an idle event loop that is written in C, such as
    Qt's, takes none. So a descriptor that the reactor reads gets a byte from the C part of Python's handler. Where a
    program has such a descriptor already, that one does the same.
    """

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._reading, self._writing = socket.socketpair()
        for end in (self._reading, self._writing):
            end.setblocking(False)
        self._before = signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        if self._before != -1:
            signal.set_wakeup_fd(self._before)
        reactor.addReader(self)

    def doRead(self) -> None:
        """IReadDescriptor: now the handlers run."""
        with contextlib.suppress(BlockingIOError):
            self._reading.recv(4096)

    def close(self) -> None:
        """Wake no more."""
        if self._writing.fileno() == -1:
            return
        if self._before == -1:
            now = signal.set_wakeup_fd(-1)
            if now != self._writing.fileno():
                signal.set_wakeup_fd(now)
        self._reactor.removeReader(self)
        self._reading.close()
        self._writing.close()

    def fileno(self) -> int:
        """The reading end, -1 when it is closed."""
        return self._reading.fileno()

    def logPrefix(self) -> str:
        """What the reactor calls this in its log."""
        return "aqlib signals"

    def connectionLost(self, reason: Failure) -> None:
        """The reactor gives the descriptor up."""
        self.close()
