# SPDX-License-Identifier: GPL-3.0-or-later
"""The guardian of one command: a process that runs the command, and ends it and its descendants with the application.

It runs as a script in an interpreter without site packages, so it imports the standard library only. It is a
subreaper: a descendant that leaves its parent, its process group or its session stays below the guardian. The
application holds the only writing end of the guardian's standard input. The end of that pipe, which the kernel brings
about however the application ends, has everything killed.

Bytes on standard input: 'p' stops all processes of the command, 'c' continues them, 't' ends them (SIGTERM, then
SIGKILL after a grace time). Lines on the status descriptor: 'started PID' and 'ended STATUS CPU-SECONDS', where STATUS
is negative for a signal. After 'ended' the guardian stays while descendants of the command run.
"""

import contextlib
import ctypes
import os
import resource
import select
import signal
import sys
import time
from typing import NamedTuple

GRACE_SECONDS = 0.5
# A process that cannot be killed, such as one of another user, does not keep the guardian for longer.
KILL_SECONDS = 5.0
_KILL_INTERVAL_SECONDS = 0.02
# New processes that are forked while the others are being stopped need another pass.
_MAX_STOP_PASSES = 20
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_SHELL = "/bin/sh"
_CANNOT_RUN = 126


def main(text: str, folder: str, statusDescriptor: int, niceness: int) -> None:
    """Run a command to its end, or until the application is gone.

    Args:
        text: What the shell runs.
        folder: Where.
        statusDescriptor: Where the lines of the protocol go.
        niceness: What to add to the operating system's niceness of the command.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    os.set_inheritable(statusDescriptor, False)
    wakeReading, wakeWriting = os.pipe()
    for descriptor in (wakeReading, wakeWriting):
        os.set_blocking(descriptor, False)
    signal.set_wakeup_fd(wakeWriting, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    Guardian(statusDescriptor, wakeReading).run(_start(text, folder, niceness))


def _start(text: str, folder: str, niceness: int) -> int:
    """Start the command in a session of its own. Returns its pid."""
    guardian = os.getpid()
    pid = os.fork()
    if pid:
        # Whoever reads the output sees its end when the last process of the command has closed it.
        empty = os.open(os.devnull, os.O_RDWR)
        os.dup2(empty, 1)
        os.dup2(empty, 2)
        os.close(empty)
        return pid
    try:
        signal.set_wakeup_fd(-1)
        os.setsid()
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != guardian:
            os._exit(_CANNOT_RUN)
        # What is ignored stays ignored after exec, and Python ignores these.
        for number in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        empty = os.open(os.devnull, os.O_RDONLY)
        os.dup2(empty, 0)
        os.close(empty)
        os.nice(niceness)
        os.chdir(folder)
        os.execv(_SHELL, ["sh", "-c", text])
    except OSError as error:
        os.write(2, f"The command could not be started: {error.strerror}: {error.filename}\n".encode())
    os._exit(_CANNOT_RUN)


class Guardian:
    """Watches the command and the application.

    Args:
        status: The descriptor for the lines of the protocol.
        wake: Becomes readable when a signal has arrived.
    """

    def __init__(self, status: int, wake: int) -> None:
        self._status = status
        self._wake = wake
        self._command = 0
        self._killAt: float | None = None

    def run(self, command: int) -> None:
        """Watch until no process of the command is left."""
        self._command = command
        self._tell(f"started {command}")
        while self._reap():
            if self._killAt is not None and time.monotonic() >= self._killAt:
                self._killAll()
                return
            wait = None if self._killAt is None else max(self._killAt - time.monotonic(), 0)
            readable, _, _ = select.select([0, self._wake], [], [], wait)
            if self._wake in readable and any(number != signal.SIGCHLD for number in os.read(self._wake, 4096)):
                self._killAll()
                return
            if 0 in readable and not self._obey(os.read(0, 1)):
                self._killAll()
                return

    def _obey(self, order: bytes) -> bool:
        """Do what the application asks for. False when the application is gone."""
        if order == b"p":
            self._stopAll()
        elif order == b"c":
            self._signal(signal.SIGCONT)
        elif order == b"t":
            self._signal(signal.SIGTERM)
            self._signal(signal.SIGCONT)
            self._killAt = time.monotonic() + GRACE_SECONDS
        return bool(order)

    def _reap(self) -> bool:
        """Collect processes that have ended, and report the command's end. False when none is left."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            if pid == self._command:
                usage = resource.getrusage(resource.RUSAGE_CHILDREN)
                seconds = usage.ru_utime + usage.ru_stime
                self._tell(f"ended {os.waitstatus_to_exitcode(status)} {seconds:.6f}")

    def _killAll(self) -> None:
        deadline = time.monotonic() + KILL_SECONDS
        while self._reap() and time.monotonic() < deadline:
            self._stopAll()
            self._signal(signal.SIGKILL)
            select.select([self._wake], [], [], _KILL_INTERVAL_SECONDS)
            with contextlib.suppress(BlockingIOError):
                os.read(self._wake, 4096)

    def _stopAll(self) -> None:
        """Stop all processes, those included that they fork meanwhile."""
        stopped: set[int] = set()
        for _ in range(_MAX_STOP_PASSES):
            new = self._members() - stopped
            if not new:
                return
            for pid in new:
                _kill(pid, signal.SIGSTOP)
            stopped |= new

    def _signal(self, number: signal.Signals) -> None:
        for pid in self._members():
            _kill(pid, number)

    def _members(self) -> set[int]:
        """The command and its descendants; without /proc the command's process group, as a negative pid."""
        table = processTable()
        if not table:
            return {-self._command}
        children: dict[int, list[int]] = {}
        for pid, relations in table.items():
            children.setdefault(relations.parent, []).append(pid)
        found: set[int] = set()
        todo = [os.getpid()]
        while todo:
            new = [pid for pid in children.get(todo.pop(), ()) if pid not in found]
            found.update(new)
            todo += new
        return found

    def _tell(self, line: str) -> None:
        # The application may be gone; its end is noticed at the other pipe.
        with contextlib.suppress(OSError):
            os.write(self._status, f"{line}\n".encode())


class Relations(NamedTuple):
    """The parent of a process, and its process group."""

    parent: int
    group: int


def processTable() -> dict[int, Relations]:
    """All processes of the machine; empty where there is no /proc."""
    table = {}
    with contextlib.suppress(FileNotFoundError):
        for name in os.listdir("/proc"):
            if name.isdigit():
                with contextlib.suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:
                    _, parent, group, *_ = file.read().rpartition(b")")[2].split()
                    table[int(name)] = Relations(int(parent), int(group))
    return table


def _kill(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
