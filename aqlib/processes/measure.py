# SPDX-License-Identifier: Apache-2.0
"""How long the calls of each function take, as measured: only of what is known to be short is more sent ahead."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

# So many functions are remembered.
_MOST = 1000
# A longer time than expected counts at once, a shorter one by this share: the estimate should rather be too long.
_SHARE = 0.2


class Measured:
    """The times of functions, in seconds."""

    def __init__(self) -> None:
        self._seconds: dict[Any, float] = {}
        # The function that was looked up last, and its key: many calls in a row are of the same one.
        self._last: tuple[Any, Any] = (None, None)

    def add(self, f: Callable[..., Any], seconds: float) -> None:
        """A call of `f` took so long."""
        last, key = self._last
        if f is not last:
            key = self._keyOf(f)
        known = self._seconds.get(key)
        if known is None:
            if len(self._seconds) >= _MOST:
                del self._seconds[next(iter(self._seconds))]
        elif seconds < known:
            seconds = known + _SHARE * (seconds - known)
        self._seconds[key] = seconds

    def get(self, f: Callable[..., Any]) -> float | None:
        """How long a call of `f` will take, or None when it was never measured."""
        last, key = self._last
        return self._seconds.get(key if f is last else self._keyOf(f))

    def _keyOf(self, f: Callable[..., Any]) -> Any:
        key = _identity(f)
        # What may keep much alive, as a bound method or a closure does, is not remembered.
        if key is f or (type(f) is FunctionType and f.__closure__ is None):
            self._last = f, key
        return key


def _identity(f: Any) -> Any:
    """What stands for a function: its code, so that a lambda is the same each time, and no instance is kept alive."""
    kind = type(f)
    if kind is FunctionType:
        return f.__code__
    if kind is BuiltinFunctionType and type(f.__self__) is ModuleType:
        return f
    while isinstance(f, functools.partial):
        f = f.func
    f = getattr(f, "__func__", f)
    code = getattr(f, "__code__", None)
    if code is not None:
        return code
    name = getattr(f, "__qualname__", None)
    return (getattr(f, "__module__", None), name) if name is not None else type(f)
