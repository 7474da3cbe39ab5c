# SPDX-License-Identifier: GPL-3.0-or-later
"""What the operating system says of the worker processes: CPU and memory."""

import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import psutil

_STOPPED = (psutil.STATUS_STOPPED, psutil.STATUS_TRACING_STOP)


class Usage(NamedTuple):
    """Of one process.

    cpu: CPU in percent of a core since the last look; memory: resident, in bytes; isStopped: a signal has it stand
    still; quietFor: for how many seconds it has used no CPU.
    """

    cpu: float
    memory: int
    isStopped: bool = False
    quietFor: float = 0.0


class ProcessUsage:
    """Looks at processes by pid. One that has ended, or cannot be seen, has no usage.

    Args:
        open: Gives what can be asked of a process.
        clock: Gives the seconds that have passed since any moment.
    """

    def __init__(
        self, open: Callable[[int], Any] = psutil.Process, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._open = open
        self._clock = clock
        self._lastActive: dict[int, float] = {}
        self._processes: dict[int, Any] = {}
        self._usage: dict[int, Usage] = {}

    def look(self, pids: Iterable[int]) -> None:
        """Look at these processes, and forget all others."""
        now = self._clock()
        processes = {}
        lastActive, self._lastActive = self._lastActive, {}
        self._usage = {}
        for pid in pids:
            try:
                process = self._processes.get(pid) or self._open(pid)
                # The first look at a process gives 0, for there is none before it.
                cpu = process.cpu_percent(None)
                memory, isStopped = process.memory_info().rss, process.status() in _STOPPED
            except psutil.Error:
                continue
            self._lastActive[pid] = lastActive.get(pid, now) if cpu == 0 else now
            self._usage[pid] = Usage(cpu, memory, isStopped, now - self._lastActive[pid])
            processes[pid] = process
        self._processes = processes

    def of(self, pid: int | None) -> Usage | None:
        """What was seen of a process at the last look."""
        return self._usage.get(pid) if pid is not None else None
