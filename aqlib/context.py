# SPDX-License-Identifier: Apache-2.0
"""What a running task may ask and tell: `progress` and `cancelled`, the same on every kind of worker.

A worker enters a Context around each step of a task. This module knows neither Twisted nor the queue, so that code
which runs in workers can import it for next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple


class Progress(NamedTuple):
    """How far a task says it is: `done` of `total` (None: unknown) in the task's own unit, and a word about it."""

    done: float
    total: float | None = None
    text: str = ""


class Context(NamedTuple):
    """The way from a running task back to its worker."""

    report: Callable[[Progress], None]
    isCancelled: Callable[[], bool]


_current: ContextVar[Context | None] = ContextVar("aqlib_context", default=None)


@contextmanager
def running(context: Context) -> Iterator[None]:
    """Make `context` the one that `progress` and `cancelled` speak to."""
    token = _current.set(context)
    try:
        yield
    finally:
        _current.reset(token)


def install(context: Context | None) -> None:
    """Make `context` the one of this thread from now on: for a worker that runs one task at a time."""
    _current.set(context)


def progress(done: float, total: float | None = None, text: str = "") -> None:
    """Tell the queue's observers how far the running task is. Outside a task it does nothing.

    Args:
        done: How much is done, in any unit.
        total: How much there is to do in the same unit, or None when that is not known.
        text: A few words to show.
    """
    context = _current.get()
    if context is not None:
        context.report(Progress(done, total, text))


def cancelled() -> bool:
    """Whether the running task was cancelled or timed out and should end. False outside a task."""
    context = _current.get()
    return context is not None and context.isCancelled()
