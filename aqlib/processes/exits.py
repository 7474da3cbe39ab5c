# SPDX-License-Identifier: Apache-2.0
"""Seeing that a process has ended, at once and without polling."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from collections.abc import Callable
from typing import Any, Protocol

from twisted.internet.interfaces import IReadDescriptor
from twisted.python.failure import Failure
from zope.interface import implementer

# Stands for the status of a process that somebody else has reaped, and so taken. No process ends with it.
UNKNOWN_STATUS = 256


def hasEnded(process: subprocess.Popen[bytes], flags: int = os.WNOHANG) -> bool:
    """Whether a process has ended. Its `returncode` is set then: UNKNOWN_STATUS when somebody else has reaped it.

    Popen itself takes such a process for one that has ended well.
    """
    if process.returncode is None:
        try:
            pid, status = os.waitpid(process.pid, flags)
        except ChildProcessError:
            process.returncode = UNKNOWN_STATUS
        else:
            process.returncode = os.waitstatus_to_exitcode(status) if pid else None
    return process.returncode is not None


def reap(process: subprocess.Popen[bytes]) -> int:
    """Wait for the end of a process, and give its `returncode` as `hasEnded` sets it."""
    hasEnded(process, flags=0)
    return process.returncode


class ExitWatch(Protocol):
    """Calls back once, in the reactor's thread, when a process has ended and before it is reaped, if that can be."""

    def close(self) -> None:
        """Watch no more."""


def watchExit(
    reactor: Any, process: subprocess.Popen[bytes], pidfd: int | None, ended: Callable[[], None]
) -> ExitWatch:
    """Watch a process: by its pidfd, which is owned and closed here, or by a thread that waits for it."""
    if pidfd is not None:
        return _DescriptorWatch(reactor, pidfd, ended)
    return _ThreadWatch(reactor, process, ended)


@implementer(IReadDescriptor)
class _DescriptorWatch:
    def __init__(self, reactor: Any, descriptor: int, ended: Callable[[], None]) -> None:
        self._reactor = reactor
        self._ended = ended
        self._descriptor = descriptor
        reactor.addReader(self)

    def doRead(self) -> None:
        self.close()
        self._ended()

    def close(self) -> None:
        if self._descriptor >= 0:
            self._reactor.removeReader(self)
            os.close(self._descriptor)
            self._descriptor = -1

    def fileno(self) -> int:
        return self._descriptor

    def logPrefix(self) -> str:
        return "aqlib exit"

    def connectionLost(self, reason: Failure) -> None:
        self.close()


class _ThreadWatch:
    def __init__(self, reactor: Any, process: subprocess.Popen[bytes], ended: Callable[[], None]) -> None:
        self._reactor = reactor
        self._process = process
        self._ended: Callable[[], None] | None = ended
        threading.Thread(target=self._wait, name=f"aqlib exit of {process.pid}", daemon=True).start()

    def close(self) -> None:
        self._ended = None

    def _wait(self) -> None:
        if hasattr(os, "waitid"):
            with contextlib.suppress(ChildProcessError):  # somebody else has reaped it
                os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
        else:  # macOS before Python 3.13
            self._process.wait()
        self._reactor.callFromThread(self._tell)

    def _tell(self) -> None:
        if self._ended is not None:
            self._ended()
