# SPDX-License-Identifier: GPL-3.0-or-later
"""loky."""

from collections.abc import Callable, Sequence
from typing import Any

import loky

from .base import WORKERS, Blocking, chunk


class Loky(Blocking):
    """loky.ProcessPoolExecutor."""

    def __init__(self) -> None:
        self._executor = loky.ProcessPoolExecutor(WORKERS)

    def submit(self, f: Callable[..., Any], *args: Any) -> Callable[[], Any]:
        """See Blocking."""
        return self._executor.submit(f, *args).result

    def map(self, f: Callable[..., Any], xs: Sequence[Any], ys: Sequence[Any]) -> list[Any]:
        """See Blocking."""
        return list(self._executor.map(f, xs, ys, chunksize=chunk(len(xs))))

    def close(self) -> None:
        """See Blocking."""
        self._executor.shutdown()
