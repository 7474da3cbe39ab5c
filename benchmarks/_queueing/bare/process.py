# SPDX-License-Identifier: GPL-3.0-or-later
"""A fresh interpreter at the other end of a socket pair or of two pipes.

It runs on another core than this process. Left to itself the kernel now and then keeps both on one, where a round trip
takes a third of the time and a stream twice as long: no worker that does some work is found there.
"""

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


def _command(code: str, arguments: tuple[object, ...]) -> list[str]:
    """The command of an interpreter that runs `code`. This process takes the first core, that one another."""
    if hasattr(os, "sched_setaffinity"):
        first, *others = sorted(os.sched_getaffinity(0))
        if others:
            os.sched_setaffinity(0, [first])
            code = f"import os; os.sched_setaffinity(0, {others})\n" + code
    return [sys.executable, "-c", code, *map(str, arguments)]
