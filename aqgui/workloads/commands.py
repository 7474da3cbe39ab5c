# SPDX-License-Identifier: GPL-3.0-or-later
"""Shell commands as tasks. This module is imported by worker processes."""

import contextlib
import os
import signal
import subprocess
import time

from aqgui.processgroups import followers
from aqlib.context import cancelled

# How often a running command's task looks whether it is still wanted, in seconds.
_LOOK_EVERY = 0.2
# So long have a command and what it has started to end by themselves after SIGTERM, and how often that is looked at.
_GRACE = 0.5
_LOOK_AGAIN = 0.02


class CommandFailed(Exception):
    """A command ended with an exit status other than 0, or by a signal."""


def runCommand(command: str, folder: str) -> str:
    """Run a command in a shell, in a folder, to its end. Gives 'exit status 0'.

    It writes to the worker's own stdout and stderr, which the queue credits to the running task. It stays in the
    worker's process group, so that it stands still when the task is paused, and ends when the worker is killed. A
    cancelled task ends the command and all that it started. Raises CommandFailed.
    """
    before = _neighbours()
    process = subprocess.Popen(command, shell=True, cwd=folder, stdin=subprocess.DEVNULL)
    try:
        while process.poll() is None:
            try:
                process.wait(_LOOK_EVERY)
            except subprocess.TimeoutExpired:
                if cancelled():
                    break
    finally:
        if process.poll() is None:
            _end(process, before)
    if process.returncode:
        raise CommandFailed(f"{command!r} ended {_how(process.returncode)}.")
    return "exit status 0"


def _end(process: "subprocess.Popen[bytes]", before: set[int]) -> None:
    """End a command and what it has started, but not what commands before it have left behind."""
    _signal(_neighbours() - before, signal.SIGTERM)
    deadline = time.monotonic() + _GRACE
    while (process.poll() is None or _neighbours() - before) and time.monotonic() < deadline:
        time.sleep(_LOOK_AGAIN)
    _signal(_neighbours() - before, signal.SIGKILL)
    process.wait()


def _signal(pids: set[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _neighbours() -> set[int]:
    """The other processes in the process group of this one."""
    group = os.getpgrp()
    return followers([group])[group] - {os.getpid()}


def _how(status: int) -> str:
    if status > 0:
        return f"with exit status {status}"
    try:
        return f"by {signal.Signals(-status).name}"
    except ValueError:
        return f"by signal {-status}"
