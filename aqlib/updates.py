# SPDX-License-Identifier: Apache-2.0
"""Updates: the calls that every worker makes before its first task, in order."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from .task import Call


class Updates:
    """The calls given to `update` so far, for workers that come later."""

    def __init__(self) -> None:
        self._calls: list[tuple[Hashable, Call]] = []

    def __iter__(self) -> Iterator[Call]:
        return iter([call for _, call in self._calls])

    def add(self, call: Call, replaces: Hashable = None) -> None:
        """Add a call. With `replaces`, an earlier one of the same key is forgotten."""
        if replaces is not None:
            self._calls = [(key, other) for key, other in self._calls if key != replaces]
        self._calls.append((replaces, call))
