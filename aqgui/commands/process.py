# SPDX-License-Identifier: GPL-3.0-or-later
"""The application's side of one command: starts its guardian, reads its output, and learns of its end."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from typing import Any

from twisted.internet.interfaces import IReadDescriptor
from twisted.python.failure import Failure
from zope.interface import implementer

from .command import Command

_GUARDIAN = Path(__file__).with_name("guardian.py")
_READ_BYTES = 1 << 16
_INT = struct.Struct("i")


class CommandProcess:
    """A command that runs. The reactor's thread starts it and is told of all that follows.

    Args:
        command: What to run.
        reactor: IReactorFDSet.
        niceness: What to add to the operating system's niceness of the command.
        wrote: Called with bytes of its output, stdout and stderr as they come. It may come after the end, from
            processes that the command has left behind.
        ended: Called once with the exit status (negative: the signal; None: its guardian was killed, and the command
            with it) and the CPU time in seconds, of all processes of the command that have ended.
        gone: Called once when no process of the command is left.

    Raises: OSError or ValueError when it cannot be started.

    Attributes: `pid`, the guardian's.
    """

    def __init__(
        self,
        command: Command,
        reactor: Any,
        niceness: int,
        wrote: Callable[[bytes], None],
        ended: Callable[[int | None, float | None], None],
        gone: Callable[[], None],
    ) -> None:
        self._ended: Callable[[int | None, float | None], None] | None = ended
        self._gone = gone
        self._wrote = wrote
        self._commandPID = 0
        self._said = b""
        output, outputWriting = os.pipe()
        status, statusWriting = os.pipe()
        try:
            arguments = [command.text, command.folder, str(statusWriting), str(niceness)]
            self._guardian = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_GUARDIAN), *arguments],
                stdin=subprocess.PIPE,
                stdout=outputWriting,
                stderr=outputWriting,
                pass_fds=[statusWriting],
                start_new_session=True,
                bufsize=0,
            )
        except BaseException:
            os.close(output)
            os.close(status)
            raise
        finally:
            os.close(outputWriting)
            os.close(statusWriting)
        self.pid = self._guardian.pid
        self._output = _Pipe(reactor, output, wrote, lambda: None)
        self._status = _Pipe(reactor, status, self._hear, self._lost)

    def pause(self) -> None:
        """Stop all its processes until `resume`."""
        self._order(b"p")

    def resume(self) -> None:
        """Continue them."""
        self._order(b"c")

    def terminate(self) -> None:
        """End it: SIGTERM, and SIGKILL for what is left after a grace time."""
        self._order(b"t")

    def kill(self) -> None:
        """End all its processes at once."""
        if self._guardian.stdin is not None:
            self._guardian.stdin.close()

    def wait(self, seconds: float) -> None:
        """Block until its guardian has ended, but not for longer than that."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._guardian.wait(seconds)

    def _order(self, order: bytes) -> None:
        # Its guardian may have ended just now, which is about to be read.
        with contextlib.suppress(OSError, ValueError):
            if self._guardian.stdin is not None:
                self._guardian.stdin.write(order)

    def _hear(self, data: bytes) -> None:
        *lines, self._said = (self._said + data).split(b"\n")
        for line in lines:
            word, *values = line.split()
            if word == b"started":
                self._commandPID = int(values[0])
            elif word == b"ended":
                self._tellEnd(int(values[0]), float(values[1]))

    def _tellEnd(self, status: int | None, seconds: float | None) -> None:
        ended, self._ended = self._ended, None
        if ended is not None:
            self._output.drain()
            ended(status, seconds)

    def _lost(self) -> None:
        """The guardian has ended, and no process of the command is left unless it was killed itself."""
        self._status.close()
        self._guardian.wait()
        self.kill()
        if self._guardian.returncode and self._commandPID:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._commandPID, signal.SIGKILL)
        self._tellEnd(None, None)
        self._output.drain()
        self._output.close()
        self._gone()


@implementer(IReadDescriptor)
class _Pipe:
    """The reading end of a pipe, in the reactor.

    Args:
        reactor: IReactorFDSet.
        descriptor: Owned, and closed by `close`.
        arrived: Called with the bytes that have been read.
        ended: Called when no process has the writing end any more.
    """

    def __init__(
        self, reactor: Any, descriptor: int, arrived: Callable[[bytes], None], ended: Callable[[], None]
    ) -> None:
        self._reactor = reactor
        self._descriptor = descriptor
        self._arrived = arrived
        self._ended = ended
        os.set_blocking(descriptor, False)
        reactor.addReader(self)

    def doRead(self) -> None:
        """IReadDescriptor: read once, so that a flood cannot hold the reactor."""
        self._read()

    def drain(self) -> None:
        """Read what is there now, and no more: a process that was left behind may write without end."""
        left = self._count()
        while left > 0 and (count := self._read()):
            left -= count

    def close(self) -> None:
        """Read no more."""
        if self._descriptor >= 0:
            self._reactor.removeReader(self)
            os.close(self._descriptor)
            self._descriptor = -1

    def _count(self) -> int:
        if self._descriptor < 0:
            return 0
        (count,) = _INT.unpack(fcntl.ioctl(self._descriptor, termios.FIONREAD, bytes(_INT.size)))
        return int(count)

    def _read(self) -> int:
        """Read once. Returns the number of bytes."""
        if self._descriptor < 0:
            return 0
        try:
            data = os.read(self._descriptor, _READ_BYTES)
        except BlockingIOError:
            return 0
        if data:
            self._arrived(data)
        else:
            self._reactor.removeReader(self)
            self._ended()
        return len(data)

    def fileno(self) -> int:
        """The pipe's descriptor, -1 when it is closed."""
        return self._descriptor

    def logPrefix(self) -> str:
        """What the reactor calls this in its log."""
        return "aqgui command"

    def connectionLost(self, reason: Failure) -> None:
        """The reactor gives the descriptor up."""
        self.close()
