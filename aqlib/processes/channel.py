# SPDX-License-Identifier: Apache-2.0
"""The queue's end of the channel to a worker process: frames both ways, never blocking."""

from __future__ import annotations

import socket
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from twisted.internet.interfaces import IReadWriteDescriptor
from twisted.python.failure import Failure
from zope.interface import implementer

from ..frames import MOST_PIECES, Buffer, Decoder, Frame, Kind, pack
from ..lending import Borrower, Lender

# Who received less has received all that was there, most likely; if not, the reactor tells it again.
_LITTLE = 16_384
# So many pieces are not kept any longer: the caller may go on for a while, and the worker wait.
_MUCH = 64
# To copy a smaller piece costs less than a place of its own among those.
_SMALL = 8192


@implementer(IReadWriteDescriptor)
class Channel:
    """Sends and receives frames on a socket, driven by the reactor.

    Args:
        reactor: IReactorFDSet and IReactorTime.
        sock: The socket, connected to the worker.
        lending: Another, for the descriptors of lent memory. Neither blocks.
        received: Called with each frame.
        emptied: Called when all frames that were received together have been told.
        budget: Gives for how many seconds one turn of the reactor may read and tell.

    Attributes: `lender`, where large bodies go.
    """

    def __init__(
        self,
        reactor: Any,
        sock: socket.socket,
        lending: socket.socket,
        received: Callable[[Frame], None],
        emptied: Callable[[], None],
        budget: Callable[[], float],
    ) -> None:
        self._reactor = reactor
        self._socket = sock
        self._received = received
        self._emptied = emptied
        self._budget = budget
        self.lender = Lender(lending)
        self._borrower = Borrower(lending, lambda *memory: reactor.callFromThread(self._giveBack, *memory))
        self._decoder = Decoder(self._borrower.borrow)
        self._unsent: deque[memoryview] = deque()
        self._corked: list[Buffer] = []
        self._flushCall: Any = None
        self._continueCall: Any = None
        self._isTelling = False
        self._isOpen = True
        reactor.addReader(self)

    # Sending.

    def send(self, pieces: Sequence[Buffer]) -> None:
        """Send the pieces of a frame now, after all that was sent before."""
        self._corked.extend(pieces)
        self.flush()

    def cork(self, pieces: Sequence[Buffer]) -> None:
        """Send the pieces of a frame together with more, at the end of this turn of the reactor or when it is much."""
        self._corked.extend(pieces)
        if len(self._corked) >= _MUCH:
            self.flush()
        elif self._flushCall is None:
            self._flushCall = self._reactor.callLater(0, self._flushLater)

    def flush(self) -> None:
        """Send what was corked."""
        pieces, self._corked = self._corked, []
        if not self._isOpen:
            return
        isFirst = not self._unsent
        self._unsent.extend(_joined(pieces))
        if isFirst:
            self._write()
            if self._unsent:
                self._reactor.addWriter(self)

    def _flushLater(self) -> None:
        self._flushCall = None
        self.flush()

    def doWrite(self) -> None:
        """IWriteDescriptor: the kernel has room."""
        self._write()
        if not self._unsent:
            self._reactor.removeWriter(self)

    def _write(self) -> None:
        """Give the kernel what it takes."""
        unsent = self._unsent
        try:
            while unsent:
                if len(unsent) == 1:
                    sent = self._socket.send(unsent[0])
                else:
                    sent = self._socket.sendmsg([unsent[i] for i in range(min(len(unsent), MOST_PIECES))])
                while sent and sent >= len(unsent[0]):
                    sent -= len(unsent.popleft())
                if sent:
                    unsent[0] = unsent[0][sent:]
        except BlockingIOError:
            pass
        except OSError:
            # The worker has ended: what becomes of its calls is decided when its exit is seen.
            unsent.clear()

    # Receiving.

    def doRead(self) -> None:
        """IReadDescriptor: there is something to read. Reads on until it is all, or the budget is used up."""
        deadline = time.monotonic() + self._budget()
        if self._continueCall is not None:
            return
        mayHaveMore = True
        while self._isOpen:
            if not self._tell(deadline):
                self._continueCall = self._reactor.callLater(0, self._continue)
                break
            if not mayHaveMore or time.monotonic() > deadline:
                break
            mayHaveMore = self._receive() > _LITTLE
        self._emptied()

    def drain(self) -> None:
        """Read and tell all that has come, whatever it takes.

        Asked for by somebody who is just told of a frame, it does nothing: the next frames are told after that one.
        """
        if self._isTelling:
            return
        self._tell(float("inf"))
        while self._isOpen and self._receive():
            self._tell(float("inf"))
        self._emptied()

    def close(self) -> None:
        """Send and tell no more."""
        if self._isOpen:
            self._isOpen = False
            self._reactor.removeReader(self)
            self._reactor.removeWriter(self)
            for call in (self._flushCall, self._continueCall):
                if call is not None:
                    call.cancel()
            self._flushCall = self._continueCall = None
            self._unsent.clear()
            self._corked.clear()
            self.lender.close()
            self._borrower.close()
            self._socket.close()

    def _giveBack(self, number: int, isFree: bool) -> None:
        """Nothing here needs some memory any more that the worker lent."""
        if self._isOpen:
            self.cork(pack(Kind.RETURNED, number, flags=isFree))

    def _continue(self) -> None:
        self._continueCall = None
        self.doRead()

    def _receive(self) -> int:
        """Receive once. How many bytes: 0 when nothing is there, or the worker has ended."""
        try:
            count = self._socket.recv_into(self._decoder.room())
        except BlockingIOError:
            return 0
        except OSError:
            count = 0
        if not count:
            # Its exit is seen elsewhere; until then the end of the stream must not wake the reactor again and again.
            self._reactor.removeReader(self)
            return 0
        self._decoder.received(count)
        return count

    def _tell(self, deadline: float) -> bool:
        """Tell the frames that are here. False when the time was up before the last."""
        self._isTelling = True
        try:
            for frame in self._decoder.frames():
                self._received(frame)
                if not self._isOpen:
                    break
                if time.monotonic() > deadline:
                    return False
            return True
        finally:
            self._isTelling = False

    # What the reactor asks besides.

    def fileno(self) -> int:
        """The socket's descriptor, -1 when it is closed."""
        return self._socket.fileno()

    def logPrefix(self) -> str:
        """What the reactor calls this in its log."""
        return "aqlib channel"

    def connectionLost(self, reason: Failure) -> None:
        """The reactor gives the descriptor up."""
        self.close()


def _joined(pieces: Sequence[Buffer]) -> Iterator[memoryview]:
    """The pieces, with small neighbours made one; empty ones are left out."""
    if len(pieces) == 1:
        yield memoryview(pieces[0]).cast("B")
        return
    small: list[Buffer] = []
    for piece in pieces:
        if len(piece) < _SMALL:
            small.append(piece)
            continue
        if small:
            yield memoryview(b"".join(small))
            small = []
        yield memoryview(piece).cast("B")
    if small:
        yield memoryview(b"".join(small))
