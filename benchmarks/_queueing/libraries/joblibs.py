# SPDX-License-Identifier: GPL-3.0-or-later
"""joblib, which maps and has no single calls."""

from collections.abc import Callable, Sequence
from typing import Any

import joblib

from .base import WORKERS, Blocking


class Joblib(Blocking):
    """joblib.Parallel, with workers that are kept, and batches of its own choice."""

    def __init__(self) -> None:
        self._parallel = joblib.Parallel(WORKERS)
        self._parallel.__enter__()

    def submit(self, f: Callable[..., Any], *args: Any) -> Callable[[], Any]:
        """One call at a time, made when it is waited for."""
        return lambda: self._parallel([joblib.delayed(f)(*args)])[0]

    def map(self, f: Callable[..., Any], xs: Sequence[Any], ys: Sequence[Any]) -> list[Any]:
        """See Blocking."""
        delayed = joblib.delayed(f)
        return list(self._parallel(delayed(x, y) for x, y in zip(xs, ys, strict=True)))

    def close(self) -> None:
        """See Blocking."""
        self._parallel.__exit__(None, None, None)
