# SPDX-License-Identifier: Apache-2.0
"""The mailbox: what a worker process receives from its queue."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator

from ..frames import Decoder, Frame


class Mailbox:
    """Receives frames from a blocking socket. When the queue is gone, the process ends.

    Args:
        sock: The socket.
        borrow: See Decoder.
    """

    def __init__(self, sock: socket.socket, borrow: Callable[[int, int], memoryview]) -> None:
        self._socket = sock
        self._decoder = Decoder(borrow)

    def receive(self) -> Iterator[Frame]:
        """Wait for bytes, and give the frames that they complete, perhaps none."""
        try:
            count = self._socket.recv_into(self._decoder.room())
        except OSError:
            count = 0
        if not count:
            os._exit(1)
        self._decoder.received(count)
        return self._decoder.frames()
