# SPDX-License-Identifier: Apache-2.0
"""A chunk of a map on this side: what workers in this process call, and what comes back of it from any worker."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from functools import partial
from types import CoroutineType
from typing import Any, NamedTuple

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from ..child.chunk import Packed, RemoteChunk
from ..context import cancelled
from ..errors import EncodingError
from ..frames import MAIN_KNOWN, Frame, Kind
from ..pickling import loads
from ..processes.encoder import decodeError, findMain
from ..reactors import isReactorThread
from ..resident import Resident

# When so many seconds are over, a chunk begins no further call, and what is left of it is queued again: calls that turn
# out longer than those before them keep neither workers nor the reactor's thread.
LONGEST = 0.02
LONGEST_HERE = 0.004


class Answer(NamedTuple):
    """The results of a chunk, and how long the calls took in seconds.

    There are fewer results than inputs when a call has raised `failure`, or when the time was up.
    """

    results: list[Any]
    seconds: float
    failure: Failure | None = None


class Chunk(Resident):
    """Calls a function with the first of each column, then with the second, and so on, until one raises.

    It is what the tasks of a map call. A worker process gets it, and with it the function, once, as a RemoteChunk.

    Args:
        isTimed: Leave off when it takes longer than expected.
    """

    def __init__(self, f: Callable[..., Any], isTimed: bool) -> None:
        self.f = f
        self._isTimed = isTimed
        # So that it is called, in texts about the call, what users know it by.
        self.__qualname__ = f"map of {nameOf(f)}"

    def __reduce__(self) -> Any:
        return RemoteChunk, (self.f, LONGEST if self._isTimed else math.inf)

    def __call__(self, *columns: Any) -> Answer | Deferred[Answer]:
        """Make the calls. When one gives a Deferred or a coroutine, each is waited for before the next call."""
        begin = time.perf_counter()
        rows = zip(*columns, strict=True)
        results: list[Any] = []
        end = begin + (LONGEST_HERE if self._isTimed else math.inf)
        try:
            awaited = self._callUntilAwaited(rows, results, end)
            if awaited is not None:
                self._refuseInThread(awaited)
                return Deferred.fromCoroutine(self._goOn(awaited, rows, results, begin, end))
        except BaseException:
            # SystemExit and KeyboardInterrupt of a call are the call's errors, as everywhere on workers.
            return Answer(results, time.perf_counter() - begin, Failure())
        return Answer(results, time.perf_counter() - begin)

    def _callUntilAwaited(self, rows: Iterator[tuple[Any, ...]], results: list[Any], end: float) -> Any:
        """Make calls until one gives what has to be awaited, which is returned; None at the end of rows or time."""
        for row in rows:
            result = self.f(*row)
            if isinstance(result, (Deferred, CoroutineType)):
                return result
            results.append(result)
            if cancelled() or time.perf_counter() > end:
                break
        return None

    async def _goOn(
        self, awaited: Any, rows: Iterator[tuple[Any, ...]], results: list[Any], begin: float, end: float
    ) -> Answer:
        failure = None
        try:
            while awaited is not None:
                results.append(await awaited)
                if time.perf_counter() > end:
                    break
                awaited = self._callUntilAwaited(rows, results, end)
        except Exception:
            failure = Failure()
        return Answer(results, time.perf_counter() - begin, failure)

    def _refuseInThread(self, awaited: Any) -> None:
        """Raise TypeError outside the reactor's thread: nothing can be awaited there."""
        if isReactorThread():
            return
        if isinstance(awaited, CoroutineType):
            awaited.close()
        raise TypeError(
            f"{nameOf(self.f)} gave a {type(awaited).__name__} on a thread worker, where nothing can be awaited. Have "
            "an AsyncWorker run it (series='async')."
        )


def read(answer: Answer | Packed, where: str) -> Answer:
    """What a worker gave for a chunk, ready to be used. Raises EncodingError when it cannot be unpickled here.

    Args:
        where: What to say in an error's remote traceback about the call that raised it.
    """
    if isinstance(answer, Answer):
        return answer
    try:
        results = loads(bytes(answer.payload), answer.buffers, findMain)
    except Exception as error:
        raise EncodingError(
            f"The results could not be unpickled here ({type(error).__name__}: {error}). Their classes must be "
            "importable in the queue's process, too."
        ) from error
    failure = None
    if answer.error is not None:
        failure = Failure(decodeError(Frame(Kind.ERROR, payload=answer.error, flags=MAIN_KNOWN), where))
    return Answer(results, answer.seconds, failure)


def nameOf(f: Callable[..., Any]) -> str:
    """What people know a function by; a partial one, by that of which it is a part."""
    while isinstance(f, partial):
        f = f.func
    return getattr(f, "__qualname__", None) or type(f).__qualname__
