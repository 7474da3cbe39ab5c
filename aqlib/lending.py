# SPDX-License-Identifier: Apache-2.0
"""Lending memory: how the large body of a frame reaches the other process without going through the socket.

The sender copies the body into memory of its own (a memfd, which has no name that could be left behind) and sends the
descriptor over a socket that is there for nothing else. The receiver maps it, and what it unpickles lies right there.
When nothing refers to it any more it gives the memory back, and the sender uses it again: its pages are there already,
and to get new ones from the kernel would cost more than the copy.

Both sides import this module. Where there is no memfd (macOS) bodies go through the socket.
"""

from __future__ import annotations

import mmap
import os
import socket
import struct
import weakref
from collections.abc import Callable, Sequence

from .frames import Buffer

# Memory is taken in steps of so much, so that bodies of about one size find it again.
_STEP = 1 << 20
_NUMBER = struct.Struct("<Q")
# So many bodies may be lent at a time, and so many memories are kept for the next ones. Each costs descriptors on both
# sides, and somebody may keep hundreds of large results: what is more goes through the socket.
_MOST_LENT = 4
_MOST_IDLE = 2
_LARGEST_IDLE = 1 << 24
# A body of more bytes goes through the socket: to copy it at once would hold up the reactor.
LARGEST = 1 << 25
_CAN_LEND = hasattr(os, "memfd_create")


class Lender:
    """The sender's side.

    Args:
        sock: Where the descriptors are sent. It does not block.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._isOpen = _CAN_LEND
        self._lastNumber = 0
        self._lent: dict[int, _Memory] = {}
        self._idle: list[_Memory] = []

    def lend(self, pieces: Sequence[Buffer]) -> tuple[int, int] | None:
        """Put the pieces of a body, one after the other, into memory and send that.

        Returns: Its number, for `returned`, and its length; None when the body is to go through the socket.
        """
        size = sum(map(len, pieces))
        if not self._isOpen or size > LARGEST or len(self._lent) >= _MOST_LENT:
            return None
        try:
            memory = self._take(size)
        except OSError:  # no memory or no descriptor is left: the socket needs neither
            return None
        place = 0
        for piece in pieces:
            memory.view[place : place + len(piece)] = piece
            place += len(piece)
        number = self._lastNumber + 1
        try:
            socket.send_fds(self._socket, [_NUMBER.pack(number)], [memory.descriptor])
        except OSError:  # more are on their way than the kernel holds
            self._keep(memory)
            return None
        self._lastNumber = number
        self._lent[number] = memory
        return number, size

    def returned(self, number: int, isFree: bool) -> None:
        """The receiver needs the memory of this number no more. `isFree`: and nobody else does."""
        if self._isOpen:
            memory = self._lent.pop(number)
            if isFree:
                self._keep(memory)
            else:
                memory.close()

    def close(self) -> None:
        """Lend no more."""
        self._isOpen = False
        for memory in (*self._lent.values(), *self._idle):
            memory.close()
        self._lent.clear()
        self._idle.clear()
        self._socket.close()

    def _take(self, size: int) -> _Memory:
        fitting = [memory for memory in self._idle if size <= len(memory.view) <= 4 * size]
        if not fitting:
            return _Memory(-(-size // _STEP) * _STEP)
        smallest = min(fitting, key=lambda memory: len(memory.view))
        self._idle.remove(smallest)
        return smallest

    def _keep(self, memory: _Memory) -> None:
        if len(memory.view) > _LARGEST_IDLE:
            memory.close()
            return
        self._idle.append(memory)
        if len(self._idle) > _MOST_IDLE:
            self._idle.pop(0).close()


class _Memory:
    """Some shared memory: its descriptor, and a view of all of it."""

    def __init__(self, size: int) -> None:
        self.descriptor = os.memfd_create("aqlib")
        try:
            os.ftruncate(self.descriptor, size)
            self._map = mmap.mmap(self.descriptor, size)
        except OSError:
            os.close(self.descriptor)
            raise
        self.view = memoryview(self._map)

    def close(self) -> None:
        self.view.release()
        self._map.close()
        os.close(self.descriptor)


class _Mapping(mmap.mmap):
    """Borrowed memory. It goes with the last object that lies in it."""


# How often this process has forked another. That has all the memory which was borrowed before, for as long as it lives.
_forks = 0


def _countFork() -> None:
    global _forks
    _forks += 1


os.register_at_fork(before=_countFork)


class Borrower:
    """The receiver's side.

    Args:
        sock: Where the descriptors come. Each is there before the frame that speaks of it.
        giveBack: Called with a number when nothing refers to its memory any more, in whichever thread that happens, and
            whether the memory is free then: not if another process, which was forked meanwhile, may still look at it.
    """

    def __init__(self, sock: socket.socket, giveBack: Callable[[int, bool], None]) -> None:
        self._socket = sock
        self._giveBack = giveBack
        self._process = os.getpid()

    def borrow(self, number: int, size: int) -> memoryview:
        """The memory of this number. Raises OSError when it cannot be had."""
        try:
            descriptor = self._receive(number)
            try:
                mapping = _Mapping(descriptor, size, flags=mmap.MAP_SHARED | getattr(mmap, "MAP_POPULATE", 0))
            finally:
                os.close(descriptor)
        except OSError:
            self._giveBack(number, True)
            raise
        weakref.finalize(mapping, self._over, number, _forks).atexit = False
        return memoryview(mapping)

    def close(self) -> None:
        """Borrow no more. What was borrowed stays as long as it is needed."""
        self._socket.close()

    def _over(self, number: int, forks: int) -> None:
        """Nothing refers to the memory of this number any more; when it came, this process had forked so often."""
        if os.getpid() == self._process:
            self._giveBack(number, forks == _forks)

    def _receive(self, number: int) -> int:
        """The descriptor of this number. Those before it were sent by somebody who did not come to speak of them."""
        wanted, data = _NUMBER.pack(number), b" "
        while data not in (wanted, b""):
            data, descriptors, _, _ = socket.recv_fds(
                self._socket, _NUMBER.size, 1, getattr(socket, "MSG_CMSG_CLOEXEC", 0)
            )
            if data == wanted and descriptors:
                return descriptors[0]
            for descriptor in descriptors:
                os.close(descriptor)
        raise OSError("No descriptor of the memory that was lent has come; perhaps there are too many open files.")
