# SPDX-License-Identifier: GPL-3.0-or-later
"""A shell command as a task."""

import signal
from dataclasses import dataclass
from typing import NoReturn

# Only the workers for commands serve it, and they serve nothing else.
SERIES = "command"


@dataclass(frozen=True)
class Command:
    """A text for /bin/sh and the folder to run it in. It is the callable of a task of the series SERIES."""

    text: str
    folder: str

    def __call__(self) -> NoReturn:
        """Refuse: a CommandWorker reads the command from the task and never calls it. Raises TypeError."""
        raise TypeError(f"A command runs on a CommandWorker only; queue it with series={SERIES!r}.")


class CommandFailed(Exception):
    """A command ended with an exit status other than 0, or by a signal.

    Attributes: `command`, its text; `status`, its exit status, or the negative number of the signal that ended it.
    """

    def __init__(self, command: str, status: int) -> None:
        super().__init__(f"The command ended {describeStatus(status)}.")
        self.command = command
        self.status = status


def describeStatus(status: int) -> str:
    """How a command ended, as the rest of a sentence: 'with exit status 3', 'by SIGKILL'."""
    if status >= 0:
        return f"with exit status {status}"
    try:
        return f"by {signal.Signals(-status).name}"
    except ValueError:
        return f"by signal {-status}"
