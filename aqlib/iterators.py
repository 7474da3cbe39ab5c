# SPDX-License-Identifier: Apache-2.0
"""What counts as a stream of items, for every kind of worker, and taking from iterators in steps."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from typing import Any


def isIterator(x: object) -> bool:
    """Whether `x` yields items once: a generator or an iterator. Lists, strings, arrays and Deferreds are values."""
    return hasattr(type(x), "__next__") and hasattr(type(x), "__iter__")


def extending(items: list[Any], iterator: Iterator[Any], most: int, seconds: float) -> Iterator[None]:
    """Append what an iterator gives to `items`, at the speed of `list.extend`, and yield now and then.

    Args:
        most: It ends after so many, or with the iterator. An error of that comes through; what came before is kept.
        seconds: How much time passes, about, between two yields. A single item may take longer.
    """
    end = len(items) + most
    step, since = 1, time.perf_counter()
    while len(items) < end:
        expected = min(len(items) + step, end)
        items.extend(islice(iterator, expected - len(items)))
        if len(items) < expected:
            return
        if time.perf_counter() - since < seconds:
            step *= 2
        else:
            step = max(step // 2, 1)
            yield
            since = time.perf_counter()
