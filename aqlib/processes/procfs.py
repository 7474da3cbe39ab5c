# SPDX-License-Identifier: Apache-2.0
"""What the kernel knows of a process, where it tells (Linux)."""

from __future__ import annotations

import os
from typing import NamedTuple


class Sample(NamedTuple):
    """A process at one moment.

    `state` is the kernel's letter: R runs, S sleeps, D sleeps and cannot be disturbed, T was stopped, Z has ended.
    `cpuSeconds` is the CPU time that it has used, `memory` how much it has in RAM, in bytes, and `own` how much of that
    it shares with nobody: neither libraries nor what the queue has lent it.
    """

    state: str
    cpuSeconds: float
    memory: int
    own: int


def sample(pid: int | None) -> Sample | None:
    """Look at a process. None when it is not there, or where /proc does not tell."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            text = file.read()
        with open(f"/proc/{pid}/statm") as file:
            _, resident, shared, *_ = map(int, file.read().split())
    except OSError:
        return None
    # The name, which stands in parentheses, may have any characters in it.
    fields = text[text.rindex(")") + 2 :].split()
    ticks = int(fields[11]) + int(fields[12])
    page = os.sysconf("SC_PAGE_SIZE")
    return Sample(fields[0], ticks / os.sysconf("SC_CLK_TCK"), resident * page, (resident - shared) * page)
