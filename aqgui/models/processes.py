# SPDX-License-Identifier: GPL-3.0-or-later
"""What the operating system says of the worker processes, and what their tasks have started: CPU and memory."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import psutil

from aqgui.processgroups import followers

_STOPPED = (psutil.STATUS_STOPPED, psutil.STATUS_TRACING_STOP)


class Usage(NamedTuple):
    """Of one process, and all that it has started and that is still in its group.

    cpu: CPU in percent of a core since the last look; memory: resident, in bytes; isStopped: a signal has the
    process stand still; quietFor: for how many seconds they have used no CPU.
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
        followers: Gives the other processes in the group of each of some processes.
    """

    def __init__(
        self,
        open: Callable[[int], Any] = psutil.Process,
        clock: Callable[[], float] = time.monotonic,
        followers: Callable[[Iterable[int]], Mapping[int, Iterable[int]]] = followers,
    ) -> None:
        self._open = open
        self._clock = clock
        self._followers = followers
        self._lastActive: dict[int, float] = {}
        self._processes: dict[int, Any] = {}
        self._usage: dict[int, Usage] = {}

    def look(self, pids: Iterable[int]) -> None:
        """Look at these processes, and forget all others."""
        now = self._clock()
        before, self._processes = self._processes, {}
        lastActive, self._lastActive = self._lastActive, {}
        self._usage = {}
        for pid, others in self._followers(pids).items():
            leader = self._sample(pid, before)
            if leader is None:
                continue
            seen = [leader, *(sample for sample in (self._sample(other, before) for other in others) if sample)]
            cpu = sum(sample.cpu for sample in seen)
            self._lastActive[pid] = lastActive.get(pid, now) if cpu == 0 else now
            memory = sum(sample.memory for sample in seen)
            self._usage[pid] = Usage(cpu, memory, leader.isStopped, now - self._lastActive[pid])

    def _sample(self, pid: int, before: Mapping[int, Any]) -> Usage | None:
        """One process alone; None for one that is not there."""
        try:
            process = before.get(pid) or self._open(pid)
            # The first look at a process gives 0, for there is none before it.
            sample = Usage(process.cpu_percent(None), process.memory_info().rss, process.status() in _STOPPED)
        except psutil.Error:
            return None
        self._processes[pid] = process
        return sample

    def of(self, pid: int | None) -> Usage | None:
        """What was seen of a process at the last look."""
        return self._usage.get(pid) if pid is not None else None
