# SPDX-License-Identifier: Apache-2.0
"""The frames that a queue and a worker process send each other. Both sides import this module.

A frame is a header of 32 bytes and a body. The body of a frame with large buffers begins with the table of their
lengths, then come the buffers, each at a multiple of 16 bytes so that arrays in them are aligned, then the payload (a
pickle that refers to the buffers). Other bodies are the payload alone. A large body may lie in memory that is lent (see
aqlib.lending); in its place comes the number of that.
"""

from __future__ import annotations

import enum
import struct
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

_HEADER = struct.Struct("<BBHIffQQ")
_LENGTH_SIZE = 8
_LENT = struct.Struct("<QQ")
HEADER_SIZE = _HEADER.size
_ALIGNMENT = 16
# One receive takes so much. A body that is longer gets memory of its own, and is received right into it.
CHUNK = 1 << 17
# To copy a smaller body through the socket costs no more than to lend it.
SMALLEST_LENT = 1 << 18
# The kernel takes no more pieces in one call (IOV_MAX on Linux and macOS).
MOST_PIECES = 1024


class Kind(enum.IntEnum):
    """What a frame says."""

    # To the worker.
    SETUP = 1  # how to be like the queue's process
    CALL = 2  # make a call
    UPDATE = 3  # make a call that belongs to no task
    CREDIT = 4  # a stream may go on up to these totals of items and bytes, see LIMITS
    CLOSE = 5  # nobody wants more of a stream
    REVOKED = 6  # calls that were sent and must not begin, see SEQ
    RESIDENT = 7  # keep an object
    FORGET = 8  # keep these objects no longer
    STOP = 9  # end when all is done
    PATH = 10  # the import path of the queue's process has changed
    # From the worker.
    READY = 20  # set up
    RESULT = 21  # a call has ended well
    ERROR = 22  # a call has ended with an exception, or a stream has
    STREAM = 23  # a call's result is an iterator
    ITEMS = 24  # a list of its next items
    END = 25  # it has no more
    PROGRESS = 26  # how far a call is
    OUTPUT = 27  # what it printed or logged
    UPDATED = 28  # an update has ended well
    REFUSED = 29  # an update has ended with an exception
    BEGUN = 30  # a call or a stream runs now for which another stream may have had to give way
    # Either way.
    RETURNED = 40  # memory that was lent is needed no more; the flags tell whether it may be used again
    UNREADABLE = 41  # never sent: stands for a frame whose body could not be had, and says why


# Items and bytes up to which a stream may go, and how many of both were taken.
LIMITS = struct.Struct("<QQQQ")
SEQ = struct.Struct("<Q")
# Up to how many items and bytes a stream may go before it is given more credit.
FIRST_CREDIT = (16, 8 << 20)

# The numbers of mail begin anew after this one.
MOST_MAIL = 0xFFFF_FFFF

# Flags.
MAIN_KNOWN = 1  # its pickle may refer to the main module, which the worker imports or has imported
_IS_LENT = 128  # its body lies in memory that is lent

Buffer = bytes | bytearray | memoryview
Payload = Buffer | list[bytes]  # in pieces
_Header = tuple[int, int, int, int, float, float, int, int]


class Frame(NamedTuple):
    """One message. `seq` names the call that it is about; `mail` is its number among those that must not wait."""

    kind: int
    seq: int = 0
    payload: Buffer = b""
    buffers: Sequence[Buffer] = ()
    flags: int = 0
    mail: int = 0
    wall: float = 0.0
    cpu: float = 0.0

    @property
    def size(self) -> int:
        """Bytes of its payload and buffers."""
        return len(self.payload) + (sum(map(len, self.buffers)) if self.buffers else 0)


class Lends(Protocol):
    """What puts bodies into memory that the other process can read, see aqlib.lending."""

    def lend(self, pieces: Sequence[Buffer]) -> tuple[int, int] | None: ...


def pack(
    kind: int,
    seq: int = 0,
    payload: Payload = b"",
    buffers: Sequence[Buffer] = (),
    flags: int = 0,
    mail: int = 0,
    wall: float = 0.0,
    cpu: float = 0.0,
    lender: Lends | None = None,
) -> list[Buffer]:
    """The pieces of a frame, to be sent one after the other, in the order of packing. Buffers are not copied.

    Args:
        lender: Where a large body may go, instead of through the socket.
    """
    pieces: list[Buffer]
    if type(payload) is bytes and not buffers:
        size = len(payload)
        if size < 4096:
            return [_HEADER.pack(kind, flags, 0, mail, wall, cpu, seq, size) + payload]
        pieces = [payload]
    else:
        pieces = [*_tabled(buffers), *(payload if isinstance(payload, list) else (payload,))]
        size = sum(map(len, pieces))
    lent = lender.lend(pieces) if lender is not None and size >= SMALLEST_LENT else None
    if lent is not None:
        flags, pieces, size = flags | _IS_LENT, [_LENT.pack(*lent)], _LENT.size
    return [_HEADER.pack(kind, flags, len(buffers), mail, wall, cpu, seq, size), *pieces]


def _tabled(buffers: Sequence[Buffer]) -> Iterator[Buffer]:
    """The buffers of a body with their table, in pieces, each at its place."""
    if not buffers:
        return
    lengths = [len(buffer) for buffer in buffers]
    table = struct.pack(f"<{len(lengths)}Q", *lengths)
    yield table.ljust(_padded(len(table)), b"\0")
    for buffer, length in zip(buffers, lengths, strict=True):
        yield buffer
        if length % _ALIGNMENT:
            yield bytes(-length % _ALIGNMENT)


class Decoder:
    """Makes frames of received bytes.

    Receive into `room()`, tell `received(count)`, then take all `frames()` before you receive again. Buffers are
    writable views of memory that belongs to their frame alone.

    Args:
        borrow: Gives the memory of a number and a length that the other process lends. What it raises as OSError makes
            the frame UNREADABLE.
    """

    def __init__(self, borrow: Callable[[int, int], memoryview]) -> None:
        self._borrow = borrow
        self._small = bytearray(CHUNK)
        self._view = memoryview(self._small)
        self._begin = 0
        self._end = 0
        self._header: _Header | None = None
        self._large: bytearray | None = None
        self._filled = 0

    def room(self) -> memoryview:
        """Where the next bytes belong. It is never empty."""
        if self._large is not None:
            return memoryview(self._large)[self._filled :]
        if self._begin == self._end:
            self._begin = self._end = 0
        elif self._begin:
            rest = self._end - self._begin
            self._small[:rest] = self._small[self._begin : self._end]
            self._begin, self._end = 0, rest
        return self._view[self._end :]

    def received(self, count: int) -> None:
        """So many bytes have been written to the start of `room()`."""
        if self._large is not None:
            self._filled += count
        else:
            self._end += count

    def frames(self) -> Iterator[Frame]:
        """The frames that are whole, one by one. One may stop in between, and call again later."""
        small, unpack, new = self._small, _HEADER.unpack_from, tuple.__new__
        while True:
            if self._large is not None:
                if self._filled < len(self._large):
                    return
                body, self._large = memoryview(self._large), None
                assert self._header is not None
                whole, self._header = _whole(self._header, body), None
                yield whole
                continue
            header = self._header
            if header is None:
                if self._end - self._begin < HEADER_SIZE:
                    return
                header = unpack(small, self._begin)
                self._begin += HEADER_SIZE
            kind, flags, count, mail, wall, cpu, seq, length = header
            begin = self._begin
            if length > self._end - begin:
                self._header = header
                self._awaitBody(length)
                return
            self._header = None
            self._begin = begin + length
            if flags & _IS_LENT:
                yield self._borrowed(header, small[begin : begin + length])
            elif count:
                # Arrays are to be writable and alone in their memory, which is received into next.
                payload, buffers = _split(memoryview(small[begin : begin + length]), count)
                yield Frame(kind, seq, payload, buffers, flags, mail, wall, cpu)
            else:
                # As Frame(...) does it, without a call of Python code: most frames are such.
                yield new(Frame, (kind, seq, bytes(small[begin : begin + length]), (), flags, mail, wall, cpu))

    def _awaitBody(self, length: int) -> None:
        """A body that is long gets its own memory; what is here of it is copied there, the rest is received there."""
        if length > CHUNK // 2:
            here = self._end - self._begin
            self._large = bytearray(length)
            self._large[:here] = self._small[self._begin : self._end]
            self._filled = here
            self._begin = self._end

    def _borrowed(self, header: _Header, place: bytearray) -> Frame:
        try:
            return _whole(header, self._borrow(*_LENT.unpack(place)))
        except OSError as error:
            kind, _, _, mail, wall, cpu, seq, _ = header
            return Frame(Kind.UNREADABLE, seq, str(error).encode(), (), kind, mail, wall, cpu)


def _whole(header: _Header, body: memoryview) -> Frame:
    """The frame of a body that has its own memory."""
    kind, flags, count, mail, wall, cpu, seq, _ = header
    payload: Buffer = body
    buffers: Sequence[Buffer] = ()
    if count:
        payload, buffers = _split(body, count)
    return Frame(kind, seq, payload, buffers, flags & ~_IS_LENT, mail, wall, cpu)


def _split(body: memoryview, count: int) -> tuple[memoryview, list[Buffer]]:
    """The payload and the buffers in a body."""
    buffers: list[Buffer] = []
    place = _padded(count * _LENGTH_SIZE)
    for length in struct.unpack_from(f"<{count}Q", body):
        buffers.append(body[place : place + length])
        place += length + -length % _ALIGNMENT
    return body[place:], buffers


def _padded(length: int) -> int:
    return length + -length % _ALIGNMENT
