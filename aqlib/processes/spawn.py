# SPDX-License-Identifier: Apache-2.0
"""Starting a worker process: a fresh interpreter, never a fork of the application."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
from contextlib import ExitStack
from multiprocessing.process import current_process
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import WorkerError
from ..page import Page, createMemory
from .interpreter import executable, importPath, interpreterFlags, mainModule

# A queue in a task of a queue in a task ...: deeper is most likely a mistake that would start processes without end.
DEEPEST = 4
_DEPTH_VARIABLE = "AQLIB_DEPTH"

# Without -P the first entry is the working directory, whose files must not be taken for modules.
_CODE = (
    "import sys; sys.path[:not sys.flags.safe_path] = [sys.argv[1]]; "
    "from aqlib.child.process import main; main(*map(int, sys.argv[2:]))"
)  # fmt: skip


class Spawned(NamedTuple):
    """A worker process that has been started, and this side's ends of what connects it."""

    process: subprocess.Popen[bytes]
    pidfd: int | None  # None where the system has no such thing
    socket: socket.socket
    lending: socket.socket
    page: Page
    stdout: int
    stderr: int


def spawn(niceness: int) -> Spawned:
    """Start a worker process.

    Call it in the reactor's thread: the process ends with the thread that started it (PR_SET_PDEATHSIG).

    Args:
        niceness: What to add to the operating system's niceness of the process.

    Raises: WorkerError when this is no place to start processes; OSError when the system refuses.
    """
    depth = int(os.environ.get(_DEPTH_VARIABLE, "0"))
    if depth >= DEEPEST:
        raise WorkerError(f"Queues in tasks of queues are nested {DEEPEST} deep already; no more are started.")
    python = executable()
    with ExitStack() as atFailure, ExitStack() as always:

        def pipe() -> tuple[int, int]:
            reading, writing = os.pipe()
            atFailure.callback(os.close, reading)
            always.callback(os.close, writing)
            return reading, writing

        def passed(descriptor: int) -> int:
            # In a program without standard streams it may be 0, 1 or 2, which the process will have for its own.
            above = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 3)
            always.callback(os.close, above)
            return above

        def pair() -> tuple[socket.socket, socket.socket]:
            ours, theirs = socket.socketpair()
            ours.setblocking(False)
            atFailure.callback(ours.close)
            always.callback(theirs.close)
            return ours, theirs

        ours, theirs = pair()
        lending, borrowing = pair()
        memory = createMemory()
        always.callback(os.close, memory)
        page = Page(memory)
        atFailure.callback(page.close)
        stdout, stderr = pipe(), pipe()
        descriptors = passed(theirs.fileno()), passed(borrowing.fileno()), passed(memory)
        arguments = [*map(str, descriptors), str(os.getpid()), str(niceness)]
        process = subprocess.Popen(
            [python, *interpreterFlags(), "-c", _CODE, str(Path(__file__).parents[2]), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=stdout[1],
            stderr=stderr[1],
            pass_fds=descriptors,
            start_new_session=True,
            env={**os.environ, _DEPTH_VARIABLE: str(depth + 1)},
        )
        atFailure.callback(process.wait)
        atFailure.callback(process.kill)
        pidfd = os.pidfd_open(process.pid) if hasattr(os, "pidfd_open") else None
        atFailure.pop_all()
    return Spawned(process, pidfd, ours, lending, page, stdout[0], stderr[0])


def likeness() -> dict[str, Any]:
    """What a worker process needs to know to be like this one: its import path, arguments, main module and key.

    By the key, which multiprocessing makes for each program, its managers and shared connections know their own.
    """
    name, path = mainModule()
    return {
        "path": importPath(),
        "argv": sys.argv,
        "mainName": name,
        "mainPath": path,
        "authenticationKey": bytes(current_process().authkey),
    }
