# SPDX-License-Identifier: GPL-3.0-or-later
"""What this process has: descriptors, children, threads, memory, and what its reactor has. Linux tells."""

import gc
import os
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Holdings:
    """What there is at one moment, by kind; each kind's things by their names."""

    things: dict[str, Counter[str]]
    memory: int

    def gainedSince(self, before: "Holdings") -> dict[str, list[str]]:
        """What is there now and was not before, by kind."""
        return {kind: sorted((now - before.things[kind]).elements()) for kind, now in self.things.items()}


def holdings(reactor: Any) -> Holdings:
    """What there is now, garbage not counted."""
    gc.collect()
    things = {
        "descriptors": Counter(_descriptors()),
        "children": Counter(_children()),
        "threads": Counter(thread.name for thread in threading.enumerate()),
        "readers and writers": Counter(map(repr, [*reactor.getReaders(), *reactor.getWriters()])),
        "delayed calls": Counter(str(call) for call in reactor.getDelayedCalls()),
    }
    return Holdings(things, _memory())


def _descriptors() -> list[str]:
    folder = Path("/proc/self/fd")
    found = []
    for name in os.listdir(folder):
        try:
            target = os.readlink(folder / name)
        except OSError:  # the one by which the folder was read
            continue
        found.append(target.partition(":[")[0])
    return found


def _children() -> list[str]:
    """The processes that this one has started, ended ones that nobody waited for included."""
    lists = Path("/proc/self/task").glob("*/children")
    return [pid for one in lists for pid in one.read_text().split()]


def _memory() -> int:
    """Bytes in RAM."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))
