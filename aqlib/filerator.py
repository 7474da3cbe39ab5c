# SPDX-License-Identifier: Apache-2.0
"""Filerator: a file that a thread writes, and whose writes the reactor's thread takes as the items of a stream."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from types import TracebackType
from typing import Any, TypeVar

from twisted.internet.defer import CancelledError, Deferred
from twisted.python.failure import Failure

from .iteration import Deferator
from .reactors import ShutdownNotice, givenOrInstalled, isReactorThread
from .source import Source

R = TypeVar("R")
Data = str | bytes | bytearray | memoryview


class Filerator:
    """Stands for a file where blocking code writes one, and gives what is written as a stream.

        file = Filerator()
        file.endWith(deferToThread(image.save, file, "PNG"))
        yield IterationProducer(file.deferator, request).run()

    It is an iterator as its Deferator is: of Deferreds in a `for` loop, and by `async for`. A writer waits while
    `maxBytes` have not been taken, except in the reactor's own thread. When the taker has stopped the stream, or the
    reactor has stopped, a write raises BrokenPipeError, as into a pipe that nobody reads.

    Args:
        maxBytes: How much (of a text: characters) may wait to be taken before a writer waits; 1 or more.
        reactor: The reactor; the installed one when not given.

    Attributes: `deferator`, the Deferator of what is written: bytes or texts, one a write; `closed`.

    Raises: ValueError for `maxBytes` below 1.
    """

    def __init__(self, maxBytes: int = 1 << 16, *, reactor: Any = None) -> None:
        if maxBytes < 1:
            raise ValueError(f"A Filerator has room for 1 byte or more, not {maxBytes}.")
        self._maxBytes = maxBytes
        self._reactor = givenOrInstalled(reactor)
        self._notice = ShutdownNotice(self._reactor, self._reactorStops)
        self._notice.want()
        self._changed = threading.Condition()
        self._written: deque[str | bytes] = deque()
        self._sizes: deque[int] = deque()
        self._waitingBytes = 0
        self._isBroken = False
        self._isTold = False
        self._failure: Failure | None = None
        self._source = Source(self._taken, self._stopped)
        self.closed = False
        self.deferator: Deferator[Any] = Deferator(self._source)

    # What files have, in any thread.

    def write(self, data: Data) -> int:
        """Have `data` be the next item; waits while there is no room. Returns its length.

        Raises BrokenPipeError when nobody takes it any more, and ValueError after `close`, as files do.
        """
        size = len(data) if isinstance(data, str) else memoryview(data).nbytes
        with self._changed:
            while self._isWritable() and self._waitingBytes >= self._maxBytes and not isReactorThread():
                self._changed.wait()
            if self.closed:
                raise ValueError("I/O operation on a closed file.")
            if self._isBroken:
                raise BrokenPipeError("Nobody takes what is written to this file any more.")
            if size:
                # A copy, for the writer may use its buffer again.
                self._written.append(data if isinstance(data, str) else bytes(data))
                self._sizes.append(size)
                self._waitingBytes += size
                self._tellReactor()
        return size

    def writelines(self, lines: Iterable[Data]) -> None:
        """Write one after the other."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """There will be no more: the stream ends well. A second one does nothing."""
        self._close(None)

    def writable(self) -> bool:
        """It is."""
        return True

    def readable(self) -> bool:
        """It is not, as a file."""
        return False

    def seekable(self) -> bool:
        """It is not."""
        return False

    def __enter__(self) -> Filerator:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close it; by an error in the block the stream fails."""
        self._close(None if error is None else Failure(error))

    def fail(self, error: BaseException | Failure) -> None:
        """Close it, and have the stream errback with `error` after what was written."""
        self._close(error if isinstance(error, Failure) else Failure(error))

    # In the reactor's thread.

    def endWith(self, deferred: Deferred[R]) -> Deferred[R]:
        """Close the file when `deferred` fires, and have the stream fail if it errbacks: no broken file looks complete.

        Returns: `deferred`; what it fires with stays as it is.
        """
        return deferred.addBoth(self._outcome)

    def __iter__(self) -> Iterator[Deferred[Any]]:
        return self.deferator

    def __next__(self) -> Deferred[Any]:
        return next(self.deferator)

    def __aiter__(self) -> AsyncIterator[Any]:
        return self.deferator

    def _isWritable(self) -> bool:
        return not self.closed and not self._isBroken

    def _close(self, failure: Failure | None) -> None:
        with self._changed:
            if not self.closed:
                self.closed = True
                self._failure = failure
                self._changed.notify_all()
                self._tellReactor()

    def _tellReactor(self) -> None:
        if not self._isTold:
            self._isTold = True
            self._reactor.callFromThread(self._handOver)

    def _handOver(self) -> None:
        with self._changed:
            self._isTold = False
            items = list(self._written)
            self._written.clear()
            isLast = self.closed
        if items and not self._isBroken:
            self._source.feed(items)
        if isLast:
            self._notice.drop()
            self._source.finish(self._failure)

    def _taken(self, count: int) -> None:
        with self._changed:
            for _ in range(count):
                self._waitingBytes -= self._sizes.popleft()
            self._changed.notify_all()

    def _stopped(self) -> None:
        self._notice.drop()
        with self._changed:
            self._isBroken = True
            self._changed.notify_all()

    def _reactorStops(self) -> None:
        self._stopped()
        self._source.abandon(Failure(CancelledError("The reactor stopped before the file was closed.")))

    def _outcome(self, outcome: R) -> R:
        self._close(outcome if isinstance(outcome, Failure) else None)
        return outcome
