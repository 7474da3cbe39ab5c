# SPDX-License-Identifier: Apache-2.0
"""What counts as a stream of items, for every kind of worker."""

from __future__ import annotations


def isIterator(x: object) -> bool:
    """Whether `x` yields items once: a generator or an iterator. Lists, strings, arrays and Deferreds are values."""
    return hasattr(type(x), "__next__") and hasattr(type(x), "__iter__")
