# SPDX-License-Identifier: Apache-2.0
"""References to a queue that do not keep it: its workers have such, so that one which nobody has any more can go."""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakMethod


def weakly(method: Callable[..., None]) -> Callable[..., None]:
    """A function that calls a bound method as long as its object lives, and does nothing afterwards."""
    reference = WeakMethod(method)

    def call(*args: object) -> None:
        found = reference()
        if found is not None:
            found(*args)

    return call
