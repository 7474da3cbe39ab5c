# SPDX-License-Identifier: GPL-3.0-or-later
"""What the operating system says of the worker processes: CPU and memory."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import psutil


class Usage(NamedTuple):
    """Of one process: CPU in percent of a core since the last look, and resident memory in bytes."""

    cpu: float
    memory: int


class ProcessUsage:
    """Looks at processes by pid. One that has ended, or cannot be seen, has no usage.

    Args:
        open: Gives what can be asked of a process.
    """

    def __init__(self, open: Callable[[int], Any] = psutil.Process) -> None:
        self._open = open
        self._processes: dict[int, Any] = {}
        self._usage: dict[int, Usage] = {}

    def look(self, pids: Iterable[int]) -> None:
        """Look at these processes, and forget all others."""
        processes = {}
        self._usage = {}
        for pid in pids:
            try:
                process = self._processes.get(pid) or self._open(pid)
                # The first look at a process gives 0, for there is none before it.
                self._usage[pid] = Usage(process.cpu_percent(None), process.memory_info().rss)
            except psutil.Error:
                continue
            processes[pid] = process
        self._processes = processes

    def of(self, pid: int | None) -> Usage | None:
        """What was seen of a process at the last look."""
        return self._usage.get(pid) if pid is not None else None
