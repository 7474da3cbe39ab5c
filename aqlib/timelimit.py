# SPDX-License-Identifier: Apache-2.0
"""TimeLimit: the time-outs of a running task. They stand still while the task, a stream, is suspended."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from twisted.internet.interfaces import IDelayedCall, IReactorTime


class TimeLimit:
    """Makes calls once so many seconds of running have passed.

    Args:
        stages: The seconds and the call of each, in the order of their times. None: that one is left out.
    """

    def __init__(self, clock: IReactorTime, *stages: tuple[float | None, Callable[[], None]]) -> None:
        self._clock = clock
        self._stages = deque((seconds, call) for seconds, call in stages if seconds is not None)
        self._ran = 0.0
        self._call: IDelayedCall | None = None
        self.resume()

    def suspend(self) -> None:
        """Stop counting."""
        if self._call is not None:
            self._ran = self._stages[0][0] - max(self._call.getTime() - self._clock.seconds(), 0.0)
            self.stop()

    def resume(self) -> None:
        """Count on."""
        if self._call is None and self._stages:
            self._call = self._clock.callLater(self._stages[0][0] - self._ran, self._rang)

    def stop(self) -> None:
        """Forget it."""
        call, self._call = self._call, None
        if call is not None:
            call.cancel()

    def _rang(self) -> None:
        self._call = None
        self._ran, call = self._stages.popleft()
        self.resume()
        call()
