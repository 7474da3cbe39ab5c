# SPDX-License-Identifier: Apache-2.0
"""The outbox: what a worker process sends to its queue, at once or within a millisecond."""

from __future__ import annotations

import os
import socket
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Sequence

from ..frames import MOST_PIECES, Buffer, Kind, pack
from ..lending import Lender

# What need not leave at once may wait so long for more of its kind.
LINGER = 0.001


class Outbox:
    """Sends frames in order, from any thread.

    Args:
        sock: The blocking socket to the queue. When the queue is gone, so is the reason to live: the process ends.
        lender: Where large bodies go.
    """

    def __init__(self, sock: socket.socket, lender: Lender) -> None:
        self.lender = lender
        self._socket = sock
        self._returned: deque[tuple[int, bool]] = deque()
        self._lock = threading.RLock()
        self._suppliers: list[Callable[[], list[Buffer]]] = []
        self._wake = threading.Event()
        # Whether the flusher waits to be woken. It stays awake while there is much to send: to wake it costs more.
        self._isResting = True
        self._flusher: threading.Thread | None = None

    def send(self, pieces: Sequence[Buffer]) -> None:
        """Send what waits and these pieces of frames; they are with the kernel when this returns."""
        with self._lock:
            if self._suppliers:
                pieces = [*self._collect(), *pieces]
            self._write(pieces)

    def soon(self, supplier: Callable[[], list[Buffer]]) -> None:
        """Call `supplier` for its pieces before the next send, within LINGER at most. It is asked once.

        To say it again before it was asked is to say it once.
        """
        with self._lock:
            if supplier not in self._suppliers:
                self._suppliers.append(supplier)
            if self._isResting:
                self._isResting = False
                self._wake.set()
            starting = None
            if self._flusher is None:
                starting = self._flusher = threading.Thread(target=self._flush, name="aqlib outbox", daemon=True)
        if starting is not None:
            # Not under the lock, which the new thread may want before this call comes back.
            starting.start()

    def giveBack(self, number: int, isFree: bool) -> None:
        """Say soon that the memory of this number, which the queue's side lent, is needed no more: see Borrower."""
        self._returned.append((number, isFree))
        self.soon(self._supplyReturned)

    def _supplyReturned(self) -> list[Buffer]:
        pieces: list[Buffer] = []
        while self._returned:
            number, isFree = self._returned.popleft()
            pieces += pack(Kind.RETURNED, number, flags=isFree)
        return pieces

    def _collect(self) -> list[Buffer]:
        suppliers, self._suppliers = self._suppliers, []
        return [piece for supplier in suppliers for piece in supplier()]

    def _flush(self) -> None:
        pause = threading.Event()
        try:
            while True:
                self._wake.wait()
                self._wake.clear()
                while not self._isResting:
                    pause.wait(LINGER)
                    with self._lock:
                        self._isResting = not self._suppliers
                        self._write(self._collect())
        except BaseException:
            # What was to be sent is lost. A stream without some of its items must fail, and not look complete.
            traceback.print_exc(file=sys.__stderr__)
            os._exit(1)

    def _write(self, pieces: Sequence[Buffer]) -> None:
        try:
            if len(pieces) == 1:
                self._socket.sendall(pieces[0])
            else:
                for start in range(0, len(pieces), MOST_PIECES):
                    self._writeAll(pieces[start : start + MOST_PIECES])
        except OSError:
            os._exit(1)

    def _writeAll(self, pieces: Sequence[Buffer]) -> None:
        size = sum(map(len, pieces))
        sent = self._socket.sendmsg(pieces)
        if sent == size:
            return
        for piece in pieces:
            if sent < len(piece):
                self._socket.sendall(memoryview(piece)[sent:])
            sent = max(sent - len(piece), 0)
