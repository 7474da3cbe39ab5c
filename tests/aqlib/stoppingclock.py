# SPDX-License-Identifier: GPL-3.0-or-later
"""A Clock that can be stopped as a reactor is."""

from typing import Any

from twisted.internet.task import Clock


class StoppingClock(Clock):
    """Stepped time, with the triggers of a shutdown, and calls from threads that are made at once."""

    def __init__(self) -> None:
        super().__init__()
        self.triggers: list[Any] = []

    def addSystemEventTrigger(self, phase: str, event: str, f: Any) -> Any:
        assert (phase, event) == ("before", "shutdown")
        trigger = [f]
        self.triggers.append(trigger)
        return trigger

    def removeSystemEventTrigger(self, trigger: Any) -> None:
        self.triggers.remove(trigger)

    def callFromThread(self, f: Any, *args: Any) -> None:
        f(*args)

    def stop(self) -> None:
        """Tell those who want to know, as a reactor does."""
        while self.triggers:
            [f] = self.triggers.pop(0)
            f()
