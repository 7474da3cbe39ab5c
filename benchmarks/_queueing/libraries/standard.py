# SPDX-License-Identifier: GPL-3.0-or-later
"""The standard library's pools, started by 'spawn', as ours are: never a fork of a process that has an event loop."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from .base import WORKERS, Blocking, chunk


class Pool(Blocking):
    """multiprocessing.Pool. `pool` is it."""

    def __init__(self) -> None:
        self.pool = multiprocessing.get_context("spawn").Pool(WORKERS)

    def submit(self, f: Callable[..., Any], *args: Any) -> Callable[[], Any]:
        """See Blocking."""
        return self.pool.apply_async(f, args).get

    def map(self, f: Callable[..., Any], xs: Sequence[Any], ys: Sequence[Any]) -> list[Any]:
        """See Blocking."""
        return self.pool.starmap(f, zip(xs, ys, strict=True))

    def close(self) -> None:
        """See Blocking."""
        self.pool.terminate()
        self.pool.join()


class Executor(Blocking):
    """concurrent.futures.ProcessPoolExecutor."""

    method = "spawn"

    def __init__(self) -> None:
        self._executor = ProcessPoolExecutor(WORKERS, multiprocessing.get_context(self.method))

    def submit(self, f: Callable[..., Any], *args: Any) -> Callable[[], Any]:
        """See Blocking."""
        return self._executor.submit(f, *args).result

    def map(self, f: Callable[..., Any], xs: Sequence[Any], ys: Sequence[Any]) -> list[Any]:
        """See Blocking."""
        return list(self._executor.map(f, xs, ys, chunksize=chunk(len(xs))))

    def close(self) -> None:
        """See Blocking."""
        self._executor.shutdown()


class ForkServer(Executor):
    """The same, from a fork server."""

    method = "forkserver"
