# SPDX-License-Identifier: GPL-3.0-or-later
"""The exit status of a command whose stdout or stderr cannot be written: a closed pipe, a full disk."""

import os
import sys
from collections.abc import Callable
from typing import TextIO


def exitStatus(command: Callable[[], int]) -> int:
    """Run a command and flush what it wrote.

    The interpreter flushes the standard streams when it exits and turns an error there into status 120, with a
    message of its own. So the streams are flushed here, and one that fails is redirected to the null device.

    Args:
        command: Returns the exit status, or raises SystemExit with it, as argparse does.

    Returns:
        The command's status, or 1 when it succeeded but its output to stdout was lost.
    """
    try:
        status = command()
    except SystemExit as exit:
        status = int(exit.code or 0)
    # What is written to stderr are remarks; losing them does not fail the command.
    _flush(sys.stderr)
    return status if _flush(sys.stdout) else status or 1


def _flush(stream: TextIO | None) -> bool:
    """Flush a standard stream. Returns whether that lost nothing; None stands for one that was closed at the start."""
    if stream is None:
        return True
    try:
        stream.flush()
    except OSError:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
        return False
    return True
