# SPDX-License-Identifier: Apache-2.0
"""Inputs: what a map calls its function with, read as it is needed."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from twisted.python.failure import Failure

from ..iterators import extending

# The reactor waits while inputs are read: so many seconds at a time, or for one input.
LONGEST_READ = 0.002

Columns = tuple[Sequence[Any], ...]


class Inputs:
    """Reads several iterables together, as `zip` does: the shortest ends them.

    Attributes: `read`, how many inputs have been read; `isOver`: there are no more; `failure`, what an iterable has
    raised. That is an end, too.

    Raises: TypeError for no iterables, and for what is none.
    """

    def __init__(self, iterables: Sequence[Iterable[Any]]) -> None:
        if not iterables:
            raise TypeError("A map needs an iterable of inputs.")
        self._reader = _readerOf([iter(iterable) for iterable in iterables], iterables)
        self._expected = _expect(iterables)
        self.read = 0
        self.isOver = False
        self.failure: Failure | None = None

    @property
    def left(self) -> int | None:
        """At most so many are left to be read, as far as the iterables tell. None: they do not."""
        if self._expected is None or self._expected <= self.read:
            return None
        return self._expected - self.read

    def take(self, most: int) -> Columns:
        """Read up to `most` inputs. Gives what each iterable gave, one after the other; nothing at the end."""
        if self.left is not None:
            most = min(most, self.left)
        columns = self._reader.take(most)
        self.isOver, self.failure = self._reader.isOver, self._reader.failure
        count = len(columns[0]) if columns else 0
        self.read += count
        return columns if count else ()


class _Reader:
    """Reads one iterator, for `most` items or LONGEST_READ seconds at a time."""

    def __init__(self, iterator: Iterator[Any]) -> None:
        self._iterator = iterator
        self.isOver = False
        self.failure: Failure | None = None

    def take(self, most: int) -> Columns:
        return (self.extend([], most, LONGEST_READ),)

    def extend(self, items: list[Any], most: int, seconds: float) -> list[Any]:
        try:
            for _ in extending(items, self._iterator, most, seconds):
                return items
        except Exception:
            self.failure = Failure()
        self.isOver = len(items) < most
        return items


class _RowReader(_Reader):
    """Reads iterators that may be one and the same: row by row."""

    def take(self, most: int) -> Columns:
        (rows,) = super().take(most)
        return tuple(zip(*rows, strict=True))


class _ColumnReader:
    """Reads iterators that have nothing to do with each other, one after the other, which is faster.

    Args:
        first: The one that may be slow.
    """

    def __init__(self, iterators: Sequence[Iterator[Any]], first: int) -> None:
        self._readers = [_Reader(iterator) for iterator in iterators]
        self._order = sorted(range(len(iterators)), key=lambda place: place != first)
        self.isOver = False
        self.failure: Failure | None = None

    def take(self, most: int) -> Columns:
        columns: list[list[Any]] = [[] for _ in self._readers]
        seconds = LONGEST_READ
        for place in self._order:
            reader = self._readers[place]
            reader.extend(columns[place], most, seconds)
            most, seconds = len(columns[place]), math.inf
            self.isOver = self.isOver or reader.isOver
            self.failure = self.failure or reader.failure
        for column in columns:
            del column[most:]
        return tuple(columns)


def _readerOf(iterators: Sequence[Iterator[Any]], iterables: Sequence[Iterable[Any]]) -> _Reader | _ColumnReader:
    if len(iterators) == 1:
        return _Reader(iterators[0])
    # What gives a new iterator each time is read by nobody else.
    own = [place for place, iterator in enumerate(iterators) if iterator is iterables[place]]
    if len(own) > 1:
        return _RowReader(zip(*iterators, strict=False))
    return _ColumnReader(iterators, own[0] if own else 0)


def _expect(iterables: Sequence[Iterable[Any]]) -> int | None:
    """How many inputs there may be at most: it is a hint, and only the sizes of chunks go by it."""
    hints = []
    for iterable in iterables:
        try:
            hints.append(operator.length_hint(iterable, -1))
        except Exception:  # the iteration itself will tell
            return None
    return min((hint for hint in hints if hint >= 0), default=None)
