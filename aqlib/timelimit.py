# SPDX-License-Identifier: Apache-2.0
"""TimeLimit: the time-out of a running task. It stands still while the task, a stream, is suspended."""

from __future__ import annotations

from collections.abc import Callable

from .alarm import Alarm, Alarms


class TimeLimit:
    """Calls `expire` once `seconds` of running have passed."""

    def __init__(self, alarms: Alarms, seconds: float, expire: Callable[[], None]) -> None:
        self._alarms = alarms
        self._left = seconds
        self._expire = expire
        self._alarm: Alarm | None = None
        self.resume()

    def suspend(self) -> None:
        """Stop counting."""
        if self._alarm is not None:
            self._left = self._alarm.left
            self.stop()

    def resume(self) -> None:
        """Count on."""
        if self._alarm is None:
            self._alarm = self._alarms.set(self._left, self._fire)

    def stop(self) -> None:
        """Forget it."""
        alarm, self._alarm = self._alarm, None
        if alarm is not None:
            alarm.stop()

    def _fire(self) -> None:
        self._alarm = None
        self._expire()
