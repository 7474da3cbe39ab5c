# SPDX-License-Identifier: GPL-3.0-or-later
"""Shell commands as tasks. This module is imported by worker processes."""

import os
import signal
import subprocess

from aqlib.context import cancelled

# How often a running command's task looks whether it is still wanted, in seconds.
_LOOK_EVERY = 0.2
# So long has a command to end by itself after SIGTERM.
_GRACE = 0.5


class CommandFailed(Exception):
    """A command ended with an exit status other than 0, or by a signal."""


def runCommand(command: str, folder: str) -> str:
    """Run a command in a shell, in a folder, to its end. Gives 'exit status 0'.

    It writes to the worker's own stdout and stderr, which the queue credits to the running task. A cancelled task ends
    the command and all that it started. Raises CommandFailed.
    """
    process = subprocess.Popen(command, shell=True, cwd=folder, stdin=subprocess.DEVNULL, process_group=0)
    try:
        while process.poll() is None:
            try:
                process.wait(_LOOK_EVERY)
            except subprocess.TimeoutExpired:
                if cancelled():
                    break
    finally:
        if process.poll() is None:
            _end(process)
    if process.returncode:
        raise CommandFailed(f"{command!r} ended {_how(process.returncode)}.")
    return "exit status 0"


def _end(process: "subprocess.Popen[bytes]") -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            continue
        return


def _how(status: int) -> str:
    if status > 0:
        return f"with exit status {status}"
    try:
        return f"by {signal.Signals(-status).name}"
    except ValueError:
        return f"by signal {-status}"
