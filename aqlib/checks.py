# SPDX-License-Identifier: Apache-2.0
"""Checks of what a caller gives for an option: what is none is refused at the call, by a message that names it."""

from __future__ import annotations

import math


def checkCount(name: str, value: object, least: int, unit: str = "") -> None:
    """Raise ValueError for what is no whole number, or is below `least`."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        of = f" of {unit}" if unit else ""
        raise ValueError(f"{name!r} is a whole number{of}, {least} or more, not {value!r}.")


def checkSeconds(name: str, value: object) -> None:
    """Raise ValueError for what is no number above 0."""
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 < value < math.inf:
        raise ValueError(f"{name!r} is a number of seconds above 0, not {value!r}.")
