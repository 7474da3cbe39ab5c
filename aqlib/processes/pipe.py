# SPDX-License-Identifier: Apache-2.0
"""The pipes from a worker process's descriptors 1 and 2."""

from __future__ import annotations

import codecs
import fcntl
import os
import struct
import termios
from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IReadDescriptor
from twisted.python.failure import Failure
from zope.interface import implementer

from ..capped import Capped

_CHUNK = 1 << 16
_INT = struct.Struct("i")
# So much of the end is kept for the error that tells how the process died.
_TAIL = 8000


@implementer(IReadDescriptor)
class OutputPipe:
    """Reads text and tells it.

    Args:
        reactor: IReactorFDSet.
        descriptor: The reading end. It is owned, and closed by `close`.
        wrote: Called with text that has come.

    Attributes: `tail`, the end of all text that came since `begin`.
    """

    def __init__(self, reactor: Any, descriptor: int, wrote: Callable[[str], None]) -> None:
        self.tail = ""
        self._reactor = reactor
        self._descriptor = descriptor
        self._wrote = wrote
        self._decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
        self._capped = Capped()
        os.set_blocking(descriptor, False)
        reactor.addReader(self)

    def begin(self) -> None:
        """A new task runs, to which what comes from now on is credited."""
        if self.tail:
            self._tellRest()
            self.tail = ""

    def doRead(self) -> None:
        """IReadDescriptor: read once, so that a flood cannot hold the reactor."""
        self._read()

    def drain(self) -> None:
        """Read what is there: the process has ended. One that it has left behind may write on without end."""
        left = self._count()
        while left > 0 and (count := self._read()):
            left -= count
        self._tellRest()

    def close(self) -> None:
        """Read no more."""
        if self._descriptor >= 0:
            self._reactor.removeReader(self)
            os.close(self._descriptor)
            self._descriptor = -1

    def _tellRest(self) -> None:
        rest = self._capped.end()
        if rest:
            self._wrote(rest)

    def _count(self) -> int:
        """How many bytes are in the pipe."""
        if self._descriptor < 0:
            return 0
        (count,) = _INT.unpack(fcntl.ioctl(self._descriptor, termios.FIONREAD, bytes(_INT.size)))
        return int(count)

    def _read(self) -> int:
        """Read once, and tell it. How many bytes these were."""
        if self._descriptor < 0:
            return 0
        try:
            data = os.read(self._descriptor, _CHUNK)
        except BlockingIOError:
            return 0
        if not data:
            self._reactor.removeReader(self)
            return 0
        text = self._decoder.decode(data)
        self.tail = (self.tail + text)[-_TAIL:]
        head = self._capped.add(text)
        if head:
            self._wrote(head)
        return len(data)

    def fileno(self) -> int:
        """The pipe's descriptor, -1 when it is closed."""
        return self._descriptor

    def logPrefix(self) -> str:
        """What the reactor calls this in its log."""
        return "aqlib output"

    def connectionLost(self, reason: Failure) -> None:
        """The reactor gives the descriptor up."""
        self.close()
