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

# Of these types, and of none that inherit from them, a slice has the items that iterating gives.
_CUT = (range, list, tuple)


class Inputs:
    """Reads several iterables together, as `zip` does: the shortest ends them.

    Attributes: `read`, how many inputs have been read; `isOver`: there are no more; `failure`, what an iterable has
    raised. That is an end, too.

    Raises: TypeError for no iterables, and for what is none.
    """

    def __init__(self, iterables: Sequence[Iterable[Any]]) -> None:
        if not iterables:
            raise TypeError("A map needs an iterable of inputs.")
        self._reader = _readerOf(iterables)
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
    """Reads one iterator."""

    def __init__(self, iterator: Iterator[Any]) -> None:
        self._iterator = iterator
        self.isOver = False
        self.failure: Failure | None = None

    def read(self, most: int, seconds: float) -> Sequence[Any]:
        """The next `most` items, or fewer when the time is up, or at the end."""
        items: list[Any] = []
        try:
            for _ in extending(items, self._iterator, most, seconds):
                return items
        except Exception:
            self.failure = Failure()
        self.isOver = len(items) < most
        return items


class _Slices:
    """Reads a sequence that can be cut into pieces, which costs next to nothing: a range stays one on its way."""

    failure: Failure | None = None

    def __init__(self, sequence: Sequence[Any]) -> None:
        self._sequence = sequence
        self._begin = 0
        self.isOver = False

    def read(self, most: int, seconds: float) -> Sequence[Any]:
        """The next `most` items, or fewer at the end."""
        items = self._sequence[self._begin : self._begin + most]
        self._begin += len(items)
        self.isOver = self._begin >= len(self._sequence)
        return items


class _Columns:
    """Reads iterables that have nothing to do with each other, one after the other.

    Args:
        first: The one that may be slow, so that no more of the others is read.
    """

    def __init__(self, readers: Sequence[_Reader | _Slices], first: int = 0) -> None:
        self._readers = readers
        self._order = sorted(range(len(readers)), key=lambda place: place != first)
        self.isOver = False
        self.failure: Failure | None = None

    def take(self, most: int) -> Columns:
        """Up to `most` of each, and of each the same number."""
        columns: list[Sequence[Any]] = [()] * len(self._readers)
        seconds = LONGEST_READ
        for place in self._order:
            reader = self._readers[place]
            columns[place] = reader.read(most, seconds)
            most, seconds = len(columns[place]), math.inf
            self.isOver = self.isOver or reader.isOver
            self.failure = self.failure or reader.failure
        return tuple(column if len(column) == most else column[:most] for column in columns)


class _Rows:
    """Reads iterators that may be one and the same: row by row."""

    def __init__(self, iterators: Sequence[Iterator[Any]]) -> None:
        self._reader = _Reader(zip(*iterators, strict=False))
        self.isOver = False
        self.failure: Failure | None = None

    def take(self, most: int) -> Columns:
        """Up to `most` of each."""
        rows = self._reader.read(most, LONGEST_READ)
        self.isOver, self.failure = self._reader.isOver, self._reader.failure
        return tuple(zip(*rows, strict=True))


def _readerOf(iterables: Sequence[Iterable[Any]]) -> _Columns | _Rows:
    iterators = [iter(iterable) for iterable in iterables]
    # What gives a new iterator each time is read by nobody else.
    shared = [place for place, iterator in enumerate(iterators) if iterator is iterables[place]]
    if len(shared) > 1:
        return _Rows(iterators)
    readers = [
        _Slices(iterable) if isinstance(iterable, _CUT) and type(iterable) in _CUT else _Reader(iterator)
        for iterable, iterator in zip(iterables, iterators, strict=True)
    ]
    return _Columns(readers, *shared)


def _expect(iterables: Sequence[Iterable[Any]]) -> int | None:
    """How many inputs there may be at most: it is a hint, and only the sizes of chunks go by it."""
    hints = []
    for iterable in iterables:
        try:
            hints.append(operator.length_hint(iterable, -1))
        except Exception:  # the iteration itself will tell
            return None
    return min((hint for hint in hints if hint >= 0), default=None)
