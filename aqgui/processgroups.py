# SPDX-License-Identifier: GPL-3.0-or-later
"""Process groups: each worker's process leads one, which what its tasks start belongs to. Workers import this, too."""

import contextlib
import os
from collections.abc import Iterable

import psutil


def followers(leaders: Iterable[int]) -> dict[int, set[int]]:
    """The processes in the group of each of these leaders, without itself."""
    found: dict[int, set[int]] = {leader: set() for leader in leaders}
    for pid in psutil.pids():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            group = found.get(os.getpgid(pid))
            if group is not None:
                group.add(pid)
    for leader, group in found.items():
        group.discard(leader)
    return found
