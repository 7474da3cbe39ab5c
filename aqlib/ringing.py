# SPDX-License-Identifier: Apache-2.0
"""An alarm that rings in the reactor at a time of the monotonic clock."""

from __future__ import annotations

import contextlib
import ctypes
import os
import time
from collections.abc import Callable
from typing import Any, Protocol

from twisted.internet.interfaces import IReadDescriptor
from twisted.python.failure import Failure
from zope.interface import implementer

_NONBLOCK_CLOEXEC = os.O_NONBLOCK | os.O_CLOEXEC
_ABSOLUTE = 1
# The latest time that is set, in seconds: whoever waits for ever is looked at again after thirty years.
_LATEST = 1e9


class Alarm(Protocol):
    """Rings once for each time that is set."""

    def set(self, at: float) -> None:
        """Ring at this time of time.monotonic(), and no more at the one before."""

    def close(self) -> None:
        """Ring no more."""


def makeAlarm(reactor: Any, ring: Callable[[], None]) -> Alarm:
    """An alarm that calls `ring` in the reactor's thread: by a timerfd on Linux, else by the reactor's own clock."""
    library = ctypes.CDLL(None, use_errno=True)
    if hasattr(library, "timerfd_create"):
        with contextlib.suppress(OSError):  # there is no descriptor left, and that may be why somebody wants to wait
            return TimerAlarm(reactor, ring, library)
    return ReactorAlarm(reactor, ring)


class _Spec(ctypes.Structure):
    """struct itimerspec: the interval and the value, each in seconds and nanoseconds."""

    _fields_ = (("interval", ctypes.c_long * 2), ("value", ctypes.c_long * 2))


@implementer(IReadDescriptor)
class TimerAlarm:
    """The kernel makes a descriptor readable when the time has come."""

    def __init__(self, reactor: Any, ring: Callable[[], None], library: ctypes.CDLL) -> None:
        self._reactor = reactor
        self._ring = ring
        self._libc = library
        self._descriptor = self._checked(self._libc.timerfd_create(time.CLOCK_MONOTONIC, _NONBLOCK_CLOEXEC))
        reactor.addReader(self)

    def set(self, at: float) -> None:
        if self._descriptor < 0:  # the reactor has stopped, and has let go of what it read
            return
        seconds, rest = divmod(min(max(at, 1e-9), _LATEST), 1)  # a time of 0 would disarm it
        spec = _Spec((0, 0), (int(seconds), int(rest * 1e9) + 1))
        self._checked(self._libc.timerfd_settime(self._descriptor, _ABSOLUTE, ctypes.byref(spec), None))

    def close(self) -> None:
        if self._descriptor >= 0:
            self._reactor.removeReader(self)
            os.close(self._descriptor)
            self._descriptor = -1

    def doRead(self) -> None:
        try:
            os.read(self._descriptor, 8)
        except BlockingIOError:  # it was set anew meanwhile
            return
        self._ring()

    def fileno(self) -> int:
        return self._descriptor

    def logPrefix(self) -> str:
        return "aqlib alarm"

    def connectionLost(self, reason: Failure) -> None:
        self.close()

    @staticmethod
    def _checked(result: int) -> int:
        if result < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        return result


class ReactorAlarm:
    """The reactor calls when its clock says that it is time; when that is too early by the monotonic one, once more."""

    def __init__(self, reactor: Any, ring: Callable[[], None]) -> None:
        self._reactor = reactor
        self._ring = ring
        self._at = 0.0
        self._call: Any = None

    def set(self, at: float) -> None:
        self.close()
        self._at = at
        self._call = self._reactor.callLater(max(at - time.monotonic(), 0), self._look)

    def close(self) -> None:
        if self._call is not None:
            self._call.cancel()
            self._call = None

    def _look(self) -> None:
        self._call = None
        if time.monotonic() < self._at:
            self.set(self._at)
        else:
            self._ring()
