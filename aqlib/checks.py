# SPDX-License-Identifier: Apache-2.0
"""Checks of what a caller gives for an option: what is none is refused at the call, by a message that names it."""

from __future__ import annotations

import math
from numbers import Real
from typing import TypeGuard


def checkCount(name: str, value: object, least: int = 1, unit: str = "") -> None:
    """Raise ValueError for what is no whole number, or is below `least`."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        of = f" of {unit}" if unit else ""
        raise ValueError(f"{name!r} is a whole number{of}, {least} or more, not {value!r}.")


def checkSeconds(name: str, value: object) -> None:
    """Raise ValueError for what is no number above 0."""
    if not _isNumber(value) or not 0 < value < math.inf:
        raise ValueError(f"{name!r} is a number of seconds above 0, not {value!r}.")


def checkPause(name: str, value: object) -> None:
    """Raise ValueError for what is no number, or is below 0."""
    if not _isNumber(value) or not 0 <= value < math.inf:
        raise ValueError(f"{name!r} is a number of seconds, 0 or more, not {value!r}.")


def checkText(name: str, value: object) -> None:
    """Raise TypeError for what is neither text nor None."""
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{name!r} is a text, not {value!r}.")


def checkConsumer(value: object) -> None:
    """Raise TypeError for what is no IConsumer, whether it declares that or not."""
    methods = ("registerProducer", "unregisterProducer", "write")
    if isinstance(value, type) or not all(callable(getattr(value, name, None)) for name in methods):
        raise TypeError(f"'consumer' is an IConsumer, with {', '.join(methods)}, not {value!r}.")


def _isNumber(value: object) -> TypeGuard[float]:
    return isinstance(value, Real) and not isinstance(value, bool)
