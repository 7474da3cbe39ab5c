# SPDX-License-Identifier: GPL-3.0-or-later
"""A progress bar of text."""

from collections.abc import Callable

from .terminal import Terminal

_WIDTH = 40
# On a terminal it is drawn at most so often, in seconds; into a file or a pipe goes a line for each tenth.
_INTERVAL = 0.1


class ProgressBar:
    """A bar on one line of a terminal.

    Args:
        output: Where it is drawn.
        clock: Gives seconds.
    """

    def __init__(self, output: Terminal, clock: Callable[[], float]) -> None:
        self._output = output
        self._clock = clock
        self._isTerminal = output.isatty()
        self._next = 0.0

    def show(self, share: float, left: float | None = None) -> None:
        """Draw it for a share that is done, 0 to 1, and the seconds that are left, if that is known."""
        now = self._clock()
        if self._isTerminal:
            if share < 1 and now < self._next:
                return
            self._next = now + _INTERVAL
        else:
            if share < self._next:
                return
            self._next = int(share * 10 + 1) / 10
        filled = round(share * _WIDTH)
        rest = remaining(left) if left is not None and share < 1 else ""
        text = f"[{'=' * filled}{'-' * (_WIDTH - filled)}] {int(share * 100 + 1e-9):3}%  {rest}"
        self._output.write(f"\r{text:<70}" if self._isTerminal else f"{text.rstrip()}\n")

    def clear(self) -> None:
        """Take it off a terminal."""
        if self._isTerminal:
            self._output.write(f"\r{'':<70}\r")


def remaining(seconds: float) -> str:
    """Seconds that are left, in words: '12 s left', '3 min 05 s left', '2 h 10 min left'."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s left"
    if minutes < 60:
        return f"{minutes} min {rest:02} s left"
    return f"{minutes // 60} h {minutes % 60:02} min left"
