# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that nobody watches: the window is written to a file when the picture is sharp, or when its time has come."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from .terminal import say
from .window.mainwindow import MainWindow

# A picture that is not sharp by then is written as it is, in seconds.
LONGEST = 30.0
# What came last is painted, and the panels show it, before the picture is taken.
_SETTLE = 0.5


class Unattended:
    """Writes the whole window to a PNG file, and then has the application end.

    Args:
        reactor: Gives the time.
        window: What to write; it is shown already.
        path: The file.
        after: Seconds from now; None: when the picture is sharp, after LONGEST at most.
        ended: Called with the exit status, 0 when the file was written.
    """

    def __init__(
        self, reactor: Any, window: MainWindow, path: Path, after: float | None, ended: Callable[[int], None]
    ) -> None:
        self._reactor = reactor
        self._window = window
        self._path = path
        self._ended = ended
        self._call = reactor.callLater(LONGEST if after is None else after, self._write)
        if after is None:
            window.view.pictureSharp.connect(self._sharp)

    def _sharp(self) -> None:
        if self._call.active():
            self._call.reset(_SETTLE)

    def _write(self) -> None:
        picture = self._window.grab()
        if picture.save(str(self._path), "PNG"):
            say(f"the window was written to {self._path.absolute()}")
            self._ended(0)
        else:
            say(f"{self._path}: the window could not be written there; name another file")
            self._ended(1)
