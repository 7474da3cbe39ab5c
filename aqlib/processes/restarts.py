# SPDX-License-Identifier: Apache-2.0
"""How often worker processes may be started again for nothing."""

from __future__ import annotations

from collections import deque


class RestartLimit:
    """A limit of restarts: as in Erlang's supervisors, so many within so long.

    Deaths that cost a task do not count: each is told to whoever gave the task, and with the tasks they end.

    Args:
        most: How many restarts are allowed to one worker; each further one of its queue may have one more, so that all
            can be killed together.
        seconds: Within which time.
    """

    def __init__(self, most: int = 5, seconds: float = 30.0) -> None:
        self.most = most
        self.seconds = seconds
        self._times: deque[float] = deque()

    def allows(self, now: float, workers: int) -> bool:
        """Note a death for nothing at the time `now`, in a queue of so many workers; whether there may be a restart."""
        self._times.append(now)
        while self._times[0] < now - self.seconds:
            self._times.popleft()
        return len(self._times) <= self.most + workers - 1

    @property
    def count(self) -> int:
        """How many deaths there were lately."""
        return len(self._times)

    def forget(self) -> None:
        """Begin anew."""
        self._times.clear()
