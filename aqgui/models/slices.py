# SPDX-License-Identifier: GPL-3.0-or-later
"""Long work in short slices, so that the window stays free in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any

from twisted.internet.interfaces import IDelayedCall

SLICE = 0.004


class SlicedWork:
    """Runs an iterator to its end, a slice in each turn of the reactor, the first one at once.

    Args:
        reactor: Calls later.
        steps: Each step should take well under a slice. What they give is of no interest.
        done: Called after the last step, but not after `stop`.
        seconds: How long a slice is.
        timer: Gives seconds, to measure the slices by.
    """

    def __init__(
        self,
        reactor: Any,
        steps: Iterator[Any],
        done: Callable[[], None] | None = None,
        seconds: float = SLICE,
        timer: Callable[[], float] = perf_counter,
    ) -> None:
        self._reactor = reactor
        self._steps = steps
        self._done = done
        self._seconds = seconds
        self._timer = timer
        self._call: IDelayedCall | None = None
        self.isRunning = True
        self._slice()

    def stop(self) -> None:
        """Do no more of it."""
        self.isRunning = False
        call, self._call = self._call, None
        if call is not None:
            call.cancel()

    def finish(self) -> None:
        """Do the rest now."""
        call, self._call = self._call, None
        if call is not None:
            call.cancel()
        if self.isRunning:
            for _ in self._steps:
                pass
            self._end()

    def _slice(self) -> None:
        self._call = None
        end = self._timer() + self._seconds
        for _ in self._steps:
            if not self.isRunning:
                return
            if self._timer() >= end:
                self._call = self._reactor.callLater(0, self._slice)
                return
        self._end()

    def _end(self) -> None:
        self.isRunning = False
        if self._done is not None:
            self._done()
