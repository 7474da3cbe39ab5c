# SPDX-License-Identifier: Apache-2.0
"""What was sent to a worker process and has not been answered: the calls of tasks, and updates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from twisted.internet.defer import Deferred

from ..task import Call, Task

# What stands for the time of a call that was never measured, in seconds: too long to send anything after it.
UNMEASURED = 3600.0


@dataclass(slots=True, eq=False)
class Sent:
    """One call on its way or running.

    Attributes: `task`, None for an update; `update`, the Deferred of an update that somebody waits for; `seconds`, for
    how long it will run as far as is known; `isDropped`: the task was ended from this side, nobody is to be told.
    """

    seq: int
    call: Call
    seconds: float
    task: Task | None = None
    update: Deferred[Any] | None = None
    isDropped: bool = False


class InFlight:
    """The calls that were sent, in order. The first one runs, or will when the process gets to it.

    Attributes: `head`, the first, or None; `seconds`, for how long all of them together will run, as far as is known.
    """

    def __init__(self) -> None:
        self.head: Sent | None = None
        self.seconds = 0.0
        self._sent: dict[int, Sent] = {}

    def __len__(self) -> int:
        return len(self._sent)

    def add(self, sent: Sent) -> None:
        """One more was sent."""
        if self.head is None:
            self.head = sent
        self._sent[sent.seq] = sent
        self.seconds += sent.seconds

    def get(self, seq: int) -> Sent | None:
        """The one of this number."""
        return self._sent.get(seq)

    def of(self, task: Task) -> Sent | None:
        """That of a task."""
        return next((sent for sent in self._sent.values() if sent.task is task), None)

    def pop(self, seq: int) -> Sent | None:
        """Take one out: it was answered, or taken back."""
        sent = self._sent.pop(seq, None)
        if sent is not None:
            if sent is self.head:
                self.head = next(iter(self._sent.values()), None)
            self.seconds = self.seconds - sent.seconds if self._sent else 0.0
        return sent

    def popTasksAfter(self, seq: int) -> list[Sent]:
        """Take out the tasks' calls with higher numbers."""
        return [sent for sent in self.all() if sent.seq > seq and sent.task is not None and self.pop(sent.seq)]

    def popAll(self) -> list[Sent]:
        """Take out all."""
        sent, self._sent, self.seconds, self.head = self.all(), {}, 0.0, None
        return sent

    def all(self) -> list[Sent]:
        """All, in order."""
        return list(self._sent.values())
