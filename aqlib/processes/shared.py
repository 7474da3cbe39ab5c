# SPDX-License-Identifier: Apache-2.0
"""What the process workers of one queue have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from twisted.logger import Logger

from ..loglevels import LogLevels
from ..streammemory import DEFAULT_BYTES
from .care import Limits
from .cores import Cores
from .encoder import Encoder
from .measure import Measured
from .restarts import RestartLimit

if TYPE_CHECKING:
    from .worker import ProcessWorker

# One turn of the reactor reads for so many seconds from all workers together.
READ_BUDGET = 0.004


class Shared:
    """The calls' pickles, the functions' times, and the limit of restarts.

    Args:
        gaveUp: Called with the reason when processes have died for nothing too often. Without it, that is logged.
        callFromThread: The reactor's; it is used when a Resident dies in another thread.
        limits: What the processes may do.
        streamMemory: Bytes that the open streams of one worker may hold.

    Attributes: `workers`, those that have a process; `callTimes`, where ProcessQueue.stats has them noted, or None;
    `cores`, which keeps each process on one core, or None.
    """

    def __init__(
        self,
        gaveUp: Callable[[str], None] | None = None,
        callFromThread: Callable[..., None] | None = None,
        limits: Limits | None = None,
        streamMemory: int = DEFAULT_BYTES,
    ) -> None:
        self.streamMemory = streamMemory
        self.limits = limits or Limits()
        self.workers: set[ProcessWorker] = set()
        self.callTimes: list[tuple[float, float]] | None = None
        self.cores: Cores | None = None
        self.measured = Measured()
        self.restarts = RestartLimit()
        self.encoder = Encoder(self._forgotten)
        self.gaveUp = gaveUp or self._logGivenUp
        self._callFromThread = callFromThread or (lambda f, *args: f(*args))

    def settings(self) -> dict[str, Any]:
        """What each process is told of the queue at its start."""
        return {"streamMemory": self.streamMemory, "logLevels": tuple(LogLevels.present())}

    def readBudget(self) -> float:
        """For how many seconds one worker's channel may read in one turn of the reactor."""
        return READ_BUDGET / max(len(self.workers), 1)

    def _forgotten(self, token: int) -> None:
        self._callFromThread(self._forget, token)

    def _forget(self, token: int) -> None:
        for worker in self.workers:
            worker.forget(token)

    def _logGivenUp(self, reason: str) -> None:
        Logger(namespace="aqlib.processes").error("{reason}", reason=reason)
