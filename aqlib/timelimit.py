# SPDX-License-Identifier: Apache-2.0
"""TimeLimit: the time-outs of a running task. They stand still while the task, a stream, is suspended."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from .alarm import Alarm, Alarms


class TimeLimit:
    """Makes calls once so many seconds of running have passed.

    Args:
        stages: The seconds and the call of each, in the order of their times. None: that one is left out.
    """

    def __init__(self, alarms: Alarms, *stages: tuple[float | None, Callable[[], None]]) -> None:
        self._alarms = alarms
        self._stages = deque((seconds, call) for seconds, call in stages if seconds is not None)
        self._ran = 0.0
        self._alarm: Alarm | None = None
        self.resume()

    def suspend(self) -> None:
        """Stop counting."""
        if self._alarm is not None:
            self._ran = self._stages[0][0] - self._alarm.left
            self.stop()

    def resume(self) -> None:
        """Count on."""
        if self._alarm is None and self._stages:
            self._alarm = self._alarms.set(self._stages[0][0] - self._ran, self._rang)

    def stop(self) -> None:
        """Forget it."""
        alarm, self._alarm = self._alarm, None
        if alarm is not None:
            alarm.stop()

    def _rang(self) -> None:
        self._alarm = None
        self._ran, call = self._stages.popleft()
        self.resume()
        call()
