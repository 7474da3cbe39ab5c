# SPDX-License-Identifier: Apache-2.0
"""The page: a few words of memory that a queue and one worker process share, so that what was sent can be taken back.

The worker stores the number of each call before it begins it. The queue, to take calls back, first counts up the
number of the last mail and then looks at what has begun. The worker looks at that number after it has stored its own.
With a memory fence between the two steps on either side, at least one of them sees the other (T. J. Dekker's
exclusion): either the queue sees that the call has begun, or the worker sees that there is mail, and reads it before it
begins.
"""

from __future__ import annotations

import mmap
import os
import threading

_SIZE = 4096
_BEGUN, _RUNNING, _MAIL, _CANCELLED = range(4)


class Page:
    """The shared words of one worker process.

    Args:
        descriptor: That of the memory, from `createMemory`, in either process. It is not closed here.
    """

    def __init__(self, descriptor: int) -> None:
        self._map = mmap.mmap(descriptor, _SIZE)
        self._words = memoryview(self._map).cast("Q")
        self._fence = threading.Lock()

    def close(self) -> None:
        """Let go of the memory."""
        self._words.release()
        self._map.close()

    @property
    def begun(self) -> int:
        """The highest number of a call that has begun: none after it has. Written by the worker."""
        return self._words[_BEGUN]

    @property
    def running(self) -> int:
        """The number of the call or the stream that runs, or ran last: who is to blame. Written by the worker."""
        return self._words[_RUNNING]

    @running.setter
    def running(self, seq: int) -> None:
        self._words[_RUNNING] = seq

    @property
    def mail(self) -> int:
        """The number of the last frame that must not wait. Written by the queue."""
        return self._words[_MAIL]

    @property
    def cancelled(self) -> int:
        """The number of the call that nobody wants any more. Written by the queue."""
        return self._words[_CANCELLED]

    @cancelled.setter
    def cancelled(self, seq: int) -> None:
        self._words[_CANCELLED] = seq

    def begin(self, seq: int) -> int:
        """The worker's step: store which call begins. Returns the number of the last mail."""
        self._words[_RUNNING] = seq
        self._words[_BEGUN] = seq
        with self._fence:  # an atomic operation, and so a full memory fence
            pass
        return self._words[_MAIL]

    def post(self, mail: int) -> int:
        """The queue's step: store the number of the mail that is about to be sent. Returns what has begun."""
        self._words[_MAIL] = mail
        with self._fence:
            pass
        return self._words[_BEGUN]


def createMemory() -> int:
    """Memory that can be shared by passing its descriptor, and that has no name which could be left behind."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("aqlib")
    else:
        import tempfile  # which worker processes never need, and takes long to load

        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    os.ftruncate(descriptor, _SIZE)
    return descriptor
