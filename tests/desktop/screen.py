# SPDX-License-Identifier: GPL-3.0-or-later
"""A virtual screen with a window manager, and a hand with a pointer and a keyboard."""

import os
import subprocess
import sys
from pathlib import Path

from PIL import Image, ImageGrab

# The pointer is moved in steps, as a hand does: the first ones pass the distance at which a drag begins.
_STEPS = 12


class Screen:
    """An X server of its own, `size` = (width, height) in pixels, with openbox."""

    def __init__(self, size: tuple[int, int] = (1600, 1000)) -> None:
        reading, writing = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size[0]}x{size[1]}x24", "-nolisten", "tcp"],
            pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(writing)
        with open(reading) as display:
            self.name = f":{display.readline().strip()}"
        self.environment = {**os.environ, "DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb"}
        self._manager = subprocess.Popen(
            ["openbox"], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def close(self) -> None:
        """Switch it off."""
        for process in (self._manager, self._server):
            process.terminate()
            process.wait(20)

    def picture(self) -> Image.Image:
        """What is on it."""
        return ImageGrab.grab(xdisplay=self.name)


class Hand:
    """A pointer and a keyboard on a screen, by xdotool."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._at = (0, 0)

    def move(self, x: int, y: int) -> None:
        """Go to a point, step by step."""
        words: list[str] = []
        for step in range(1, _STEPS + 1):
            here = [a + (b - a) * step // _STEPS for a, b in zip(self._at, (x, y), strict=True)]
            # As slow as a quick hand: a drag is a talk between the window, the X server and the window manager.
            words += ["mousemove", *map(str, here), "sleep", "0.015"]
        self._do(*words)
        self._at = (x, y)

    def click(self, x: int, y: int) -> None:
        """Click there."""
        self.move(x, y)
        self._do("click", "1")

    def turnWheel(self, x: int, y: int, clicks: int) -> None:
        """Turn the wheel there, up by so many clicks."""
        self.move(x, y)
        self._do("click", "--repeat", str(abs(clicks)), "--delay", "20", "4" if clicks > 0 else "5")

    def drag(self, begin: tuple[int, int], end: tuple[int, int]) -> None:
        """Press here, go there, let go."""
        self.move(*begin)
        self._do("mousedown", "1")
        self.move(*end)
        self._do("mouseup", "1")

    def press(self, *keys: str) -> None:
        """Press keys one after another, each alone or together with others, such as 'ctrl+p'."""
        self._do("key", "--clearmodifiers", *keys)

    def type(self, text: str) -> None:
        """Type it."""
        self._do("type", "--delay", "10", text)

    def closeWindow(self) -> None:
        """Close the window that has the focus by its frame's button, as the window manager sees it."""
        self._do("key", "--clearmodifiers", "alt+F4")

    def _do(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self._screen.environment, check=True, timeout=20)


def command(*words: object) -> list[str]:
    """The application's command."""
    return [sys.executable, "-m", "aqgui", *map(str, words)]


ROOT = Path(__file__).resolve().parents[2]
