# SPDX-License-Identifier: Apache-2.0
"""The Residents that a worker process keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..frames import Frame


class Residents:
    """The copies of this process, by their tokens. A copy is made when the first call asks for it.

    Args:
        loads: Rebuilds the object in a frame.
    """

    def __init__(self, loads: Callable[[Frame], Any]) -> None:
        self._loads = loads
        self._pickled: dict[int, Frame] = {}
        self._objects: dict[int, Any] = {}

    def keep(self, frame: Frame) -> None:
        """Take a copy in."""
        self._pickled[frame.seq] = frame

    def forget(self, token: int) -> None:
        """Drop a copy."""
        self._pickled.pop(token, None)
        self._objects.pop(token, None)

    def find(self, token: int) -> Any:
        """The copy of this token."""
        if token not in self._objects:
            frame = self._pickled[token]
            self._objects[token] = self._loads(frame)
            del self._pickled[token]
        return self._objects[token]


_current: Residents | None = None


def install(residents: Residents) -> None:
    """Make `residents` those of this process."""
    global _current
    _current = residents


def find(token: int) -> Any:
    """The Resident of this token in this process: pickles of calls refer to it by this function."""
    if _current is None:
        raise RuntimeError("A call with a Resident can be unpickled in a worker process only.")
    return _current.find(token)
