# SPDX-License-Identifier: GPL-3.0-or-later
"""aqlib.ProcessQueue."""

from collections.abc import Callable, Sequence
from typing import Any

from aqlib import ProcessQueue

from .base import WORKERS, Deferring


class Ours(Deferring):
    """aqlib.ProcessQueue. `queue` is it, for what only it can do."""

    def __init__(self) -> None:
        self.queue = ProcessQueue(WORKERS)

    def call(self, f: Callable[..., Any], *args: Any) -> Any:
        """See Deferring."""
        return self.queue.call(f, *args)

    def map(self, f: Callable[..., Any], xs: Sequence[Any], ys: Sequence[Any]) -> Any:
        """See Deferring."""
        return self.queue.map(f, xs, ys).toList()

    def stream(self, consumer: Any, f: Callable[..., Any], *args: Any) -> Any:
        """See Deferring."""
        return self.queue.call(f, *args, consumer=consumer)

    def close(self) -> Any:
        """See Deferring."""
        return self.queue.shutdown()
