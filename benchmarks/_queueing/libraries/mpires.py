# SPDX-License-Identifier: GPL-3.0-or-later
"""mpire."""

from collections.abc import Callable, Sequence
from typing import Any

import mpire

from .base import WORKERS, Blocking, chunk


class Mpire(Blocking):
    """mpire.WorkerPool."""

    def __init__(self) -> None:
        self._pool = mpire.WorkerPool(WORKERS, start_method="spawn")

    def submit(self, f: Callable[..., Any], *args: Any) -> Callable[[], Any]:
        """See Blocking."""
        return self._pool.apply_async(f, args).get

    def map(self, f: Callable[..., Any], xs: Sequence[Any], ys: Sequence[Any]) -> list[Any]:
        """See Blocking."""
        pairs = list(zip(xs, ys, strict=True))
        return list(self._pool.map(f, pairs, chunk_size=chunk(len(pairs))))

    def close(self) -> None:
        """See Blocking."""
        self._pool.terminate()
