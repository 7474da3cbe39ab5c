# SPDX-License-Identifier: GPL-3.0-or-later
"""A fresh interpreter at the other end of a socket pair or of two pipes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from socket import socket, socketpair


@contextmanager
def at_socket(code: str, *arguments: object) -> Iterator[socket]:
    """Run Python `code`, where `channel` is its end of a socket pair and `arguments` are sys.argv[1:]."""
    here, there = socketpair()
    opening = f"import socket; channel = socket.socket(fileno={there.fileno()})\n"
    with subprocess.Popen(_command(opening + code, arguments), pass_fds=[there.fileno()]):
        there.close()
        with here:
            yield here


@contextmanager
def at_pipes(code: str, *arguments: object) -> Iterator["subprocess.Popen[bytes]"]:
    """Run Python `code`, whose stdin and stdout are pipes, unbuffered on this side."""
    pipe = subprocess.PIPE
    with subprocess.Popen(_command(code, arguments), stdin=pipe, stdout=pipe, bufsize=0) as process:
        yield process


def on_two_cores() -> str:
    """Keep this process on one core. Returns code that keeps the other process on others, where there are any."""
    if not hasattr(os, "sched_setaffinity"):
        return ""
    first, *others = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, [first])
    return f"import os; os.sched_setaffinity(0, {others})\n" if others else ""


def _command(code: str, arguments: tuple[object, ...]) -> list[str]:
    return [sys.executable, "-c", code, *map(str, arguments)]
