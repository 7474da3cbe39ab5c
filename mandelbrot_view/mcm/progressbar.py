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
        self._begin = clock()
        self._next = 0.0

    def show(self, share: float) -> None:
        """Draw it for a share that is done, 0 to 1."""
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
        text = f"[{'=' * filled}{'-' * (_WIDTH - filled)}] {share:4.0%}  {self._left(share, now)}"
        self._output.write(f"\r{text:<70}" if self._isTerminal else f"{text.rstrip()}\n")

    def clear(self) -> None:
        """Take it off a terminal."""
        if self._isTerminal:
            self._output.write(f"\r{'':<70}\r")

    def _left(self, share: float, now: float) -> str:
        spent = now - self._begin
        if not 0 < share < 1 or spent < 1:
            return ""
        return f"{spent * (1 - share) / share:.0f} s left"
