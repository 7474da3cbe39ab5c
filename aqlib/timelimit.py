# SPDX-License-Identifier: Apache-2.0
"""TimeLimit: the time-out of a running task. It stands still while the task, a stream, is suspended."""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.interfaces import IDelayedCall, IReactorTime


class TimeLimit:
    """Calls `expire` once `seconds` of running have passed."""

    def __init__(self, clock: IReactorTime, seconds: float, expire: Callable[[], None]) -> None:
        self._clock = clock
        self._left = seconds
        self._expire = expire
        self._call: IDelayedCall | None = None
        self.resume()

    def suspend(self) -> None:
        """Stop counting."""
        if self._call is not None:
            self._left = max(self._call.getTime() - self._clock.seconds(), 0.0)
            self.stop()

    def resume(self) -> None:
        """Count on."""
        if self._call is None:
            self._call = self._clock.callLater(self._left, self._fire)

    def stop(self) -> None:
        """Forget it."""
        if self._call is not None:
            self._call.cancel()
            self._call = None

    def _fire(self) -> None:
        self._call = None
        self._expire()
