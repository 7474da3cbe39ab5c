# SPDX-License-Identifier: GPL-3.0-or-later
"""Round trips over a bare socket pair, on this side by the reactor."""

import time
from socket import socket
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReadDescriptor
from zope.interface import implementer

from .process import at_socket, on_two_cores

# As long as the frame of a short call.
SIZE = 100

ECHO = """
while message := channel.recv(65536):
    channel.send(message)
"""


@implementer(IReadDescriptor)
class Descriptor:
    """This end: a message is sent at once, its echo comes by way of the reactor."""

    def __init__(self, channel: socket) -> None:
        self._channel = channel
        self._waiting: Deferred[bytes] = Deferred()

    def trip(self, message: bytes) -> Deferred[bytes]:
        """Send a message. Fires with what comes back."""
        self._waiting = Deferred()
        self._channel.send(message)
        return self._waiting

    def fileno(self) -> int:
        """IFileDescriptor: what to wait for."""
        return self._channel.fileno()

    def doRead(self) -> None:
        """IReadDescriptor: the echo has come."""
        self._waiting.callback(self._channel.recv(65536))

    def connectionLost(self, reason: Any) -> None:
        """IFileDescriptor: the other side has ended."""
        self._waiting.errback(reason)

    def logPrefix(self) -> str:
        """ILoggingContext: the name in logs."""
        return "echo"


async def trips(count: int) -> list[float]:
    """The seconds of so many round trips, one at a time, between two cores.

    Left to itself the kernel now and then keeps both processes on one core, where a round trip takes a third of the
    time: no worker that does some work is found there.
    """
    from twisted.internet import reactor

    looping: Any = reactor
    message, seconds = bytes(SIZE), []
    with at_socket(on_two_cores() + ECHO) as channel:
        descriptor = Descriptor(channel)
        looping.addReader(descriptor)
        for _ in range(count):
            begin = time.perf_counter()
            await descriptor.trip(message)
            seconds.append(time.perf_counter() - begin)
        looping.removeReader(descriptor)
    return seconds
