# SPDX-License-Identifier: Apache-2.0
"""How many cores there are, and keeping each worker process on one."""

from __future__ import annotations

import os
from collections import Counter


def coreCount() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Cores:
    """The cores that this process may use, and how many workers are on each. Without a way to pin, nothing is done.

    Args:
        cores: Their numbers; all that this process may use, when not given.
    """

    def __init__(self, cores: list[int] | None = None) -> None:
        canPin = hasattr(os, "sched_setaffinity")
        self._cores = cores if cores is not None else sorted(os.sched_getaffinity(0)) if canPin else []
        self._used: Counter[int] = Counter()

    def take(self) -> int | None:
        """A core with the fewest workers."""
        if not self._cores:
            return None
        core = min(self._cores, key=lambda core: self._used[core])
        self._used[core] += 1
        return core

    def release(self, core: int | None) -> None:
        """One worker less is on that core."""
        if core is not None:
            self._used[core] -= 1

    @staticmethod
    def pin(pid: int | None, core: int | None) -> None:
        """Keep a process, and what it will start, on a core. One that has just ended is passed over."""
        if core is not None and pid is not None:
            try:
                os.sched_setaffinity(pid, [core])
            except OSError:  # it has ended, or a container has taken the core away: that is no reason to fail
                return
