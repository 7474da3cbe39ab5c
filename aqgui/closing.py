# SPDX-License-Identifier: GPL-3.0-or-later
"""Closing: stop taking, save, end the workers, destroy the window, stop the reactor, in this order."""

from collections.abc import Callable
from typing import Any

from twisted.logger import Logger

from aqlib import ProcessQueue

# Workers that have not ended by themselves so many seconds after the window was closed are killed.
PATIENCE = 3.0


class Closing:
    """Takes the application down, once, when the window is closed or the queue is shut down by a signal.

    Args:
        queue: The application's.
        stopTaking: Called first: nothing new must come from here on.
        save: Called next.
        endCommands: Called when no worker is left, with the window hidden: ends what commands have left behind.
        destroy: Called next.
        stop: Called at the end: stops the reactor.
    """

    def __init__(
        self,
        queue: ProcessQueue,
        stopTaking: Callable[[], None],
        save: Callable[[], None],
        endCommands: Callable[[], None],
        destroy: Callable[[], None],
        stop: Callable[[], None],
    ) -> None:
        self._queue = queue
        self._before = [stopTaking, save]
        self._after = [endCommands, destroy, stop]
        self._impatience: Any = None
        self._log = Logger(namespace="aqgui.closing")
        queue.whenShutDown().addBoth(lambda _: self._ended())

    def prepare(self) -> None:
        """Stop taking, and save. What the queue runs goes on; a second time nothing is done."""
        self._do(self._before)

    def begin(self) -> None:
        """Prepare, cancel what waits and runs, and end; a second time nothing is done."""
        self.prepare()
        if self._impatience is None:
            self._impatience = self._queue.reactor.callLater(PATIENCE, self._hurry)
            self._queue.shutdown(cancel=True)

    def _hurry(self) -> None:
        self._queue.shutdown(crash=True)

    def _ended(self) -> None:
        if self._impatience is not None and self._impatience.active():
            self._impatience.cancel()
        self.prepare()
        self._do(self._after)

    def _do(self, steps: list[Callable[[], None]]) -> None:
        while steps:
            # A step that fails must not keep those behind it from being done: the process would never end.
            try:
                steps.pop(0)()
            except Exception:
                self._log.failure("A step of closing failed.")
