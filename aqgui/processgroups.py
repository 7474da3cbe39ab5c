# SPDX-License-Identifier: GPL-3.0-or-later
"""Process families: each worker's process with its group and its descendants."""

from collections.abc import Iterable

import psutil

from .commands.guardian import Relations, processTable


def families(leaders: Iterable[int]) -> dict[int, set[int]]:
    """The descendants of each of these leaders and the other processes in its group, without itself."""
    found: dict[int, set[int]] = {leader: set() for leader in leaders}
    children: dict[int, list[int]] = {}
    for pid, relations in (processTable() or _processTable()).items():
        children.setdefault(relations.parent, []).append(pid)
        if relations.group in found:
            found[relations.group].add(pid)
    for leader, family in found.items():
        todo = [leader, *family]
        while todo:
            new = [pid for pid in children.get(todo.pop(), ()) if pid not in family]
            family.update(new)
            todo += new
        family.discard(leader)
    return found


def _processTable() -> dict[int, Relations]:
    """The same where there is no /proc, with a group of its own for each process."""
    return {process.pid: Relations(process.info["ppid"], process.pid) for process in psutil.process_iter(["ppid"])}
