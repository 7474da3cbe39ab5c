# SPDX-License-Identifier: Apache-2.0
"""Watcher: an observer that notes what happens in a queue, and lets a test wait for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred

from ..observers import Observer


class Watcher(Observer):
    """Notes every event: `queue.addObserver(Watcher())`.

    Attributes: `events`, a list of (name, arguments), where the names are those of Observer's methods.
    """

    def __init__(self) -> None:
        self.events: list[tuple[str, tuple[Any, ...]]] = []
        self._waiting: list[tuple[Callable[[], bool], Deferred[None]]] = []

    def __getattribute__(self, name: str) -> Any:
        if name in vars(Observer) and not name.startswith("_"):
            return lambda *arguments: self._note(name, arguments)
        return super().__getattribute__(name)

    def _note(self, name: str, arguments: tuple[Any, ...]) -> None:
        self.events.append((name, arguments))
        for condition, deferred in list(self._waiting):
            if condition():
                self._waiting.remove((condition, deferred))
                deferred.callback(None)

    def until(self, condition: Callable[[], bool]) -> Deferred[None]:
        """Fires when the condition holds; it is looked at now and after every event."""
        deferred: Deferred[None] = Deferred()
        if condition():
            deferred.callback(None)
        else:
            self._waiting.append((condition, deferred))
        return deferred

    def happened(self, name: str) -> list[tuple[Any, ...]]:
        """The arguments of each event of this name."""
        return [arguments for event, arguments in self.events if event == name]

    def untilHappened(self, name: str, times: int = 1) -> Deferred[None]:
        """Fires when the event has happened so many times."""
        return self.until(lambda: len(self.happened(name)) >= times)

    def output(self, stream: str = "stdout") -> str:
        """All that was written to a stream."""
        return "".join(
            arguments[-1]
            for name, arguments in self.events
            if name in ("taskOutput", "workerOutput") and arguments[-2] == stream
        )
