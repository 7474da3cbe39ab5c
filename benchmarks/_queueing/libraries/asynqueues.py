# SPDX-License-Identifier: GPL-3.0-or-later
"""AsynQueue."""

from collections.abc import Callable
from typing import Any

from asynqueue.process import ProcessQueue

from .base import WORKERS, Deferring


class AsynQueue(Deferring):
    """asynqueue.process.ProcessQueue."""

    def __init__(self) -> None:
        self._queue = ProcessQueue(WORKERS)

    def call(self, f: Callable[..., Any], *args: Any) -> Any:
        """See Deferring."""
        return self._queue.call(f, *args)

    def stream(self, consumer: Any, f: Callable[..., Any], *args: Any) -> Any:
        """See Deferring."""
        return self._queue.call(f, *args, consumer=consumer)

    def close(self) -> Any:
        """See Deferring."""
        return self._queue.shutdown()
