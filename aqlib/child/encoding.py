# SPDX-License-Identifier: Apache-2.0
"""What a worker process makes of results, items and exceptions, so that they reach the queue."""

from __future__ import annotations

import pickle
import traceback
from types import TracebackType
from typing import Any

from ..errors import EncodingError
from ..handles import refusing
from ..pickling import Pickle, dumps, dumpsByValue, loads

# Longer texts of tracebacks lose their middle.
_LONGEST_TEXT = 100_000
# What is of these types has no buffers and names nothing that would have to be imported.
PLAIN = frozenset((int, float, bool, complex, str, type(None)))
# Of these types a copy equals what was copied.
_COMPARED = (str, bytes, int)


def encodeItem(item: object) -> Pickle:
    """Pickle the batch of one item. Raises EncodingError, which names the item."""
    return _encode([item], item)


def encodeValue(value: object) -> Pickle:
    """Pickle a result; what cannot be imported goes by value. Raises EncodingError."""
    return _encode(value, value)


def _encode(value: object, given: object) -> Pickle:
    try:
        if type(value) in PLAIN:
            return Pickle(pickle.dumps(value, 5))
        return dumps(value, None, refusing())
    except Exception:
        try:
            return dumpsByValue(value, None, refusing())
        except Exception as error:
            raise EncodingError(
                f"A value of type {type(given).__qualname__} that a task gave could not be pickled "
                f"({type(error).__name__}: {error}). Return plain data, or pass raw=True on a thread worker."
            ) from None


def encodeError(error: BaseException, ownFrames: int) -> bytes:
    """Pickle an exception: itself when it can be rebuilt, and in any case its name, its repr and its traceback.

    Args:
        ownFrames: How many frames at the top of the traceback are the worker's own, and say nothing to users.
    """
    text = _traceback(error, ownFrames)
    return pickle.dumps((_rebuildable(error), _describe(error), text), 5)


# Whatever an exception's own methods raise below, be it SystemExit, must not come in its place.


def _rebuildable(error: BaseException) -> bytes | None:
    """The pickle of an exception that survives pickling. SystemExit and KeyboardInterrupt are for this process only."""
    if not isinstance(error, Exception):
        return None
    try:
        encoded = encodeValue(error)
        again = loads(encoded.whole, encoded.buffers)
        survives = type(again) is type(error) and _alike(again.args, error.args) and not encoded.buffers
    except BaseException:
        return None
    return bytes(encoded.whole) if survives else None


def _alike(args: tuple[Any, ...], others: tuple[Any, ...]) -> bool:
    """Whether the arguments of two exceptions are the same: what need not be equal to its copy counts by its type.

    An `__init__` that makes its own text of what it gets makes another one when it is called with that text again.
    """
    return len(args) == len(others) and all(
        type(one) is type(other) and (one == other if isinstance(one, _COMPARED) else True)
        for one, other in zip(args, others, strict=True)
    )


def _describe(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error!r}"
    except BaseException:
        return f"{type(error).__name__}, whose repr raises"


def _traceback(error: BaseException, ownFrames: int) -> str:
    frames: TracebackType | None = error.__traceback__
    for _ in range(ownFrames):
        frames = frames.tb_next if frames is not None else None
    try:
        text = "".join(traceback.format_exception(type(error), error, frames))
    except BaseException:
        return "The traceback could not be formatted.\n"
    if len(text) > _LONGEST_TEXT:
        half = _LONGEST_TEXT // 2
        text = f"{text[:half]}\n... {len(text) - 2 * half:,} characters ...\n{text[-half:]}"
    return text
