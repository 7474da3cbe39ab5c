# SPDX-License-Identifier: Apache-2.0
"""The frames that a queue and a worker process send each other. Both sides import this module.

A frame is a header of 32 bytes and a body. The body of a frame with large buffers begins with the table of their
lengths, then come the buffers, each at a multiple of 16 bytes so that arrays in them are aligned, then the payload (a
pickle that refers to the buffers). Other bodies are the payload alone.
"""

from __future__ import annotations

import enum
import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_HEADER = struct.Struct("<BBHIffQQ")
_LENGTH = struct.Struct("<Q")
HEADER_SIZE = _HEADER.size
_ALIGNMENT = 16
# One receive takes so much. A body that is longer gets memory of its own, and is received right into it.
CHUNK = 1 << 17


class Kind(enum.IntEnum):
    """What a frame says."""

    # To the worker.
    SETUP = 1  # how to be like the queue's process
    CALL = 2  # make a call
    UPDATE = 3  # make a call that belongs to no task
    CREDIT = 4  # a stream may go on up to these totals of items and bytes
    CLOSE = 5  # nobody wants more of a stream
    REVOKED = 6  # calls that were sent and must not begin
    RESIDENT = 7  # keep an object
    FORGET = 8  # keep these objects no longer
    STOP = 9  # end when all is done
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


# Up to how many items and bytes a stream may go before it is given more credit.
FIRST_CREDIT = (16, 8 << 20)

# Flags.
MAIN_KNOWN = 1  # the worker has imported the main module, so its pickles may refer to it

Buffer = bytes | bytearray | memoryview


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


def pack(
    kind: int,
    seq: int = 0,
    payload: Buffer = b"",
    buffers: Sequence[Buffer] = (),
    flags: int = 0,
    mail: int = 0,
    wall: float = 0.0,
    cpu: float = 0.0,
) -> list[Buffer]:
    """The pieces of a frame, to be sent one after the other. Buffers are not copied."""
    if not buffers:
        header = _HEADER.pack(kind, flags, 0, mail, wall, cpu, seq, len(payload))
        return [header + payload] if len(payload) < 4096 else [header, payload]
    table = b"".join(_LENGTH.pack(len(buffer)) for buffer in buffers)
    size = _padded(len(table))
    pieces: list[Buffer] = [table.ljust(size, b"\0")]
    for buffer in buffers:
        padding = _padded(len(buffer)) - len(buffer)
        pieces.append(buffer)
        if padding:
            pieces.append(bytes(padding))
        size += len(buffer) + padding
    size += len(payload)
    return [_HEADER.pack(kind, flags, len(buffers), mail, wall, cpu, seq, size), *pieces, payload]


class Decoder:
    """Makes frames of received bytes.

    Receive into `room()`, tell `received(count)`, then take all `frames()` before you receive again. Buffers are
    writable views of memory that belongs to their frame alone.
    """

    def __init__(self) -> None:
        self._small = bytearray(CHUNK)
        self._view = memoryview(self._small)
        self._begin = 0
        self._end = 0
        self._header: tuple[int, int, int, int, float, float, int, int] | None = None
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
                yield self._largeFrame(body)
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
            if count:
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

    def _largeFrame(self, body: memoryview) -> Frame:
        assert self._header is not None
        kind, flags, count, mail, wall, cpu, seq, _ = self._header
        self._header = None
        payload: Buffer = body
        buffers: Sequence[Buffer] = ()
        if count:
            payload, buffers = _split(body, count)
        return Frame(kind, seq, payload, buffers, flags, mail, wall, cpu)


def _split(body: memoryview, count: int) -> tuple[memoryview, list[Buffer]]:
    """The payload and the buffers in a body."""
    buffers: list[Buffer] = []
    place = _padded(count * _LENGTH.size)
    for i in range(count):
        (length,) = _LENGTH.unpack_from(body, i * _LENGTH.size)
        buffers.append(body[place : place + length])
        place += _padded(length)
    return body[place:], buffers


def _padded(length: int) -> int:
    return -(-length // _ALIGNMENT) * _ALIGNMENT
