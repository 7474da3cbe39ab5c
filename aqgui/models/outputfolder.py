# SPDX-License-Identifier: GPL-3.0-or-later
"""OutputFolder: where long output of tasks is kept while the application runs."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

_PREFIX = "output-"
_LOCK = "lock"


class OutputFolder:
    """A folder of this process's own, made at the first file and removed by `close`.

    One that a killed process has left behind is removed by the next one: nobody holds its lock any more.

    Args:
        base: Where to make it; the system's folder for temporary files when not given.
    """

    def __init__(self, base: Path | None = None) -> None:
        self._base = base or Path(tempfile.gettempdir()) / f"aqgui-{os.getuid()}"
        self._path: Path | None = None
        self._lock = -1
        self._lastNumber = 0

    def newFile(self) -> Path:
        """The path for another file. Raises OSError when there can be no folder."""
        if self._path is None:
            self._base.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._sweep()
            path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=self._base))
            self._lock = _locked(path)
            self._path = path
        self._lastNumber += 1
        return self._path / str(self._lastNumber)

    def close(self) -> None:
        """Remove it with all files."""
        if self._path is not None:
            shutil.rmtree(self._path, ignore_errors=True)
            os.close(self._lock)
            self._path = None

    def _sweep(self) -> None:
        for path in self._base.glob(f"{_PREFIX}*"):
            with contextlib.suppress(OSError):
                os.close(_locked(path))
                shutil.rmtree(path, ignore_errors=True)


def _locked(path: Path) -> int:
    """Lock a folder. Returns the descriptor that holds the lock. Raises OSError when another process has it."""
    descriptor = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
