# SPDX-License-Identifier: Apache-2.0
"""A chunk of a map in a worker process: one call that makes many, and answers with all their results at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pickle import PickleBuffer
from typing import Any, NamedTuple

from ..context import cancelled
from ..errors import EncodingError
from ..iterators import extending
from ..pickling import Pickle
from .encoding import encodeError, encodeValue

# A chunk looks so often, in seconds, whether it was cancelled.
_LOOK = 0.001


class Packed(NamedTuple):
    """What a chunk answers: the pickled list of its results, and the first error, if there was one, after them.

    Fewer results than inputs, without an error, are an answer, too: the time was up.
    The results have a pickle of their own, so that one which cannot be pickled costs none of those before it.
    """

    seconds: float
    payload: Any
    buffers: Sequence[Any]
    error: bytes | None


class RemoteChunk:
    """What the function of a map is in a worker process.

    Args:
        longest: Begin no call when so many seconds are over.
    """

    def __init__(self, f: Callable[..., Any], longest: float) -> None:
        self._f = f
        self._longest = longest

    def __call__(self, *columns: Sequence[Any]) -> Packed:
        """Call the function with the first of each column, then with the second, and so on, until one raises."""
        results: list[Any] = []
        error: bytes | None = None
        begin = time.perf_counter()
        try:
            self._callAll(columns, results, begin + self._longest)
        except BaseException as raised:
            error = encodeError(raised, 3)
        seconds = time.perf_counter() - begin
        pickled, unsendable = _pickle(results)
        buffers = [PickleBuffer(buffer) for buffer in pickled.buffers]
        return Packed(seconds, PickleBuffer(pickled.whole), buffers, unsendable or error)

    def _callAll(self, columns: Sequence[Sequence[Any]], results: list[Any], end: float) -> None:
        count = len(columns[0])
        for _ in extending(results, map(self._f, *columns), count, _LOOK):
            if cancelled() or time.perf_counter() > end:
                return
        if len(results) < count:
            raise RuntimeError("The function raised StopIteration, which would end an iteration and ends no map.")


def _pickle(results: list[Any]) -> tuple[Pickle, bytes | None]:
    """The pickle of the results, or of those before the first that cannot be pickled, and then that error."""
    try:
        return encodeValue(results), None
    except EncodingError as error:
        together = error
    for place, result in enumerate(results):
        try:
            encodeValue(result)
        except EncodingError as error:
            return encodeValue(results[:place]), encodeError(error, 2)
    return encodeValue([]), encodeError(together, 2)
