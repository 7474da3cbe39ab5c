# SPDX-License-Identifier: GPL-3.0-or-later
"""What the workers do. It imports little, for every worker imports it."""

import time
from collections.abc import Iterator
from typing import Any


def numbers(count: int) -> Iterator[int]:
    """A stream of small numbers."""
    yield from range(count)


def arrays(count: int, length: int) -> Iterator[Any]:
    """A stream of arrays of so many numbers of 8 bytes, each one new."""
    import numpy

    for i in range(count):
        yield numpy.full(length, float(i))


def echo(thing: Any) -> Any:
    """What was sent."""
    return thing


def sleep(seconds: float) -> None:
    """A task that takes so long and needs no processor."""
    time.sleep(seconds)
