# SPDX-License-Identifier: GPL-3.0-or-later
"""pebble."""

import multiprocessing
from collections.abc import Callable, Sequence
from typing import Any

import pebble

from .base import WORKERS, Blocking, chunk


class Pebble(Blocking):
    """pebble.ProcessPool."""

    def __init__(self) -> None:
        self._pool = pebble.ProcessPool(WORKERS, context=multiprocessing.get_context("spawn"))

    def submit(self, f: Callable[..., Any], *args: Any) -> Callable[[], Any]:
        """See Blocking."""
        return self._pool.schedule(f, args=args).result

    def map(self, f: Callable[..., Any], xs: Sequence[Any], ys: Sequence[Any]) -> list[Any]:
        """See Blocking."""
        return list(self._pool.map(f, xs, ys, chunksize=chunk(len(xs))).result())

    def close(self) -> None:
        """See Blocking."""
        self._pool.stop()
        self._pool.join()
