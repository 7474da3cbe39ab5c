# SPDX-License-Identifier: GPL-3.0-or-later
"""The real application as a process, and what it says of itself."""

import json
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .screen import ROOT, Screen, command

# It is the bound of a hang, not an expectation.
LONGEST = 40.0
_LOOK_EVERY = 0.02


class RunningApplication:
    """The application on a screen; its settings and its layout file are in `folder`.

    `see(condition)` waits until what it says of itself fulfils a condition, and gives that.
    """

    def __init__(self, screen: Screen, folder: Path, *words: object) -> None:
        self._layout = folder / "layout.json"
        settings = folder / "settings.ini"
        self._stderr = (folder / "stderr").open("w+")
        self.process = subprocess.Popen(
            command("--layout", self._layout, "--settings", settings, *words),
            cwd=ROOT, env=screen.environment, stdin=subprocess.DEVNULL, stdout=self._stderr, stderr=self._stderr,
        )  # fmt: skip

    def see(self, condition: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """Wait until the application is as it should be."""
        deadline = time.monotonic() + LONGEST
        state: dict[str, Any] = {}
        while True:
            if self._layout.exists():
                state = json.loads(self._layout.read_text())
                if condition(state):
                    return state
            assert self.process.poll() is None, f"the application has ended:\n{self.said()}"
            assert time.monotonic() < deadline, f"not seen within {LONGEST:g} s; the last state: {state}"
            # Another process's state gives no event to wait for.
            threading.Event().wait(_LOOK_EVERY)

    def hear(self, text: str) -> None:
        """Wait until it has said this in the terminal."""
        deadline = time.monotonic() + LONGEST
        while text not in self.said():
            assert time.monotonic() < deadline, f"not heard within {LONGEST:g} s: {text!r} in {self.said()!r}"
            threading.Event().wait(_LOOK_EVERY)

    def ended(self) -> int:
        """Wait until it has ended; its exit status."""
        return self.process.wait(LONGEST)

    def said(self) -> str:
        """What it has written to the terminal."""
        self._stderr.seek(0)
        return self._stderr.read()

    def close(self) -> None:
        """End it in any case."""
        self.process.kill()
        self.process.wait()
        self._stderr.close()


def middle(rectangle: list[int]) -> tuple[int, int]:
    """The point in the middle of (x, y, width, height)."""
    x, y, width, height = rectangle
    return x + width // 2, y + height // 2


def isAlive(pid: int) -> bool:
    """Whether a process runs."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
