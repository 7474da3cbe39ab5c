# SPDX-License-Identifier: GPL-3.0-or-later
"""What a measurement asks of a library: one that blocks, or one that gives Deferreds."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

WORKERS = 2


class Blocking(ABC):
    """A pool of WORKERS processes whose results are waited for. It is opened by being made."""

    @abstractmethod
    def submit(self, f: Callable[..., Any], *args: Any) -> Callable[[], Any]:
        """Have a call made; what this returns waits for the result."""

    def map(self, f: Callable[..., Any], xs: Sequence[Any], ys: Sequence[Any]) -> list[Any]:
        """Have `f` called with each pair, in chunks of the size that serves the library best."""
        raise NotImplementedError(f"{type(self).__name__} maps nothing.")

    @abstractmethod
    def close(self) -> None:
        """End the workers."""


class Deferring(ABC):
    """A queue with WORKERS processes, on the reactor that is installed. It is opened by being made."""

    @abstractmethod
    def call(self, f: Callable[..., Any], *args: Any) -> Any:
        """Have a call made. Returns a Deferred."""

    def map(self, f: Callable[..., Any], xs: Sequence[Any], ys: Sequence[Any]) -> Any:
        """Have `f` called with each pair, in chunks. Returns a Deferred of the list of the results."""
        raise NotImplementedError(f"{type(self).__name__} maps nothing.")

    def stream(self, consumer: Any, f: Callable[..., Any], *args: Any) -> Any:
        """Have the items of an iterator written to a consumer. Returns a Deferred that fires after the last one."""
        raise NotImplementedError(f"{type(self).__name__} streams nothing.")

    @abstractmethod
    def close(self) -> Any:
        """End the workers. Returns a Deferred, or None."""


def chunk(count: int) -> int:
    """Four chunks a worker, as multiprocessing.Pool.map makes when it is not told."""
    return max(1, -(-count // (4 * WORKERS)))
