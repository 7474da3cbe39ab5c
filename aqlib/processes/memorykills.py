# SPDX-License-Identifier: Apache-2.0
"""How many processes the kernel has ended because memory had run out: what a SIGKILL that nobody sent may mean."""

from __future__ import annotations

from pathlib import Path

OUT_OF_MEMORY = (
    "Memory is the likely cause: the system had run out of it, and has ended processes while this one lived. Give each "
    "task less to hold at a time, or have fewer workers."
)


def countMemoryKills(root: Path = Path("/")) -> int | None:
    """How many there were so far in this process's control group, or else on this machine; None if nothing tells.

    Args:
        root: Where `proc` and `sys` are.
    """
    for path in (_events(root), root / "proc/vmstat"):
        count = _entry(path, "oom_kill") if path is not None else None
        if count is not None:
            return count
    return None


def _events(root: Path) -> Path | None:
    """The file in which a control group (version 2) counts what memory has done to it."""
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return None
    groups = [line.removeprefix("0::/") for line in lines if line.startswith("0::/")]
    return root / "sys/fs/cgroup" / groups[0] / "memory.events" if groups else None


def _entry(path: Path, name: str) -> int | None:
    """A number in a file with lines of a name and a number."""
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return None
    numbers = [line.split()[1] for line in lines if line.startswith(f"{name} ")]
    return int(numbers[0]) if numbers else None
