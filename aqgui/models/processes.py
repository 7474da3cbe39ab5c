# SPDX-License-Identifier: GPL-3.0-or-later
"""CPU time and memory of the workers' processes and of what their tasks have started, from the operating system."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

import psutil

from aqgui.processgroups import families

_STOPPED = (psutil.STATUS_STOPPED, psutil.STATUS_TRACING_STOP)


class Usage(NamedTuple):
    """Of one process and its family: its descendants and its process group.

    cpu: CPU in percent of a core since the last sample, of members too that have ended meanwhile; memory: resident,
    in bytes; isStopped: a signal has stopped the process; quietFor: for how many seconds they have used no CPU;
    seconds: CPU time of the family so far.
    """

    cpu: float
    memory: int
    isStopped: bool = False
    quietFor: float = 0.0
    seconds: float = 0.0


class _Sample(NamedTuple):
    seconds: float  # CPU time of its own
    childSeconds: float  # of its children that have ended, and of theirs
    memory: int
    isStopped: bool


class ProcessUsage:
    """Samples processes by pid. One that has ended, or cannot be seen, has no usage.

    Args:
        open: Gives a process by its pid, as psutil does.
        clock: Gives the seconds that have passed since any moment.
        families: Gives the other processes in the family of each of some processes.
    """

    def __init__(
        self,
        open: Callable[[int], Any] = psutil.Process,
        clock: Callable[[], float] = time.monotonic,
        families: Callable[[Iterable[int]], Mapping[int, Iterable[int]]] = families,
    ) -> None:
        self._open = open
        self._clock = clock
        self._families = families
        self._lastTime = 0.0
        self._lastActive: dict[int, float] = {}
        self._processes: dict[int, Any] = {}
        self._usage: dict[int, Usage] = {}

    def look(self, pids: Iterable[int], guardians: Collection[int | None] = ()) -> None:
        """Sample these processes, and forget all others.

        Args:
            pids: The leaders of the families.
            guardians: Those of them that only watch their family, and do not count themselves.
        """
        now = self._clock()
        elapsed, self._lastTime = now - self._lastTime, now
        before, self._processes = self._processes, {}
        lastActive, self._lastActive = self._lastActive, {}
        usages, self._usage = self._usage, {}
        for pid, others in self._families(pids).items():
            leader = self._sample(pid, before)
            if leader is None:
                continue
            samples = [sample for sample in (self._sample(other, before) for other in others) if sample is not None]
            isCounted = pid not in guardians
            seconds = leader.childSeconds + sum(sample.seconds + sample.childSeconds for sample in samples)
            memory = sum(sample.memory for sample in samples)
            if isCounted:
                seconds, memory = seconds + leader.seconds, memory + leader.memory
            previous = usages.get(pid)
            # A member whose time nobody in the family has collected takes it along when it ends.
            used = max(seconds - previous.seconds, 0.0) if previous is not None else 0.0
            isStopped = leader.isStopped or (not isCounted and bool(samples) and all(s.isStopped for s in samples))
            self._lastActive[pid] = now if used > 0 else lastActive.get(pid, now)
            cpu = 100 * used / elapsed if elapsed > 0 else 0.0
            self._usage[pid] = Usage(cpu, memory, isStopped, now - self._lastActive[pid], seconds)

    def _sample(self, pid: int, before: Mapping[int, Any]) -> _Sample | None:
        """One process alone; None for one that is not there."""
        try:
            process = before.get(pid) or self._open(pid)
            with process.oneshot():
                times = process.cpu_times()
                sample = _Sample(
                    times.user + times.system,
                    getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0),
                    process.memory_info().rss,
                    process.status() in _STOPPED,
                )
        except psutil.Error:
            return None
        self._processes[pid] = process
        return sample

    def of(self, pid: int | None) -> Usage | None:
        """What the last sample of a process has given."""
        return self._usage.get(pid) if pid is not None else None
