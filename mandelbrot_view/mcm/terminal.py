# SPDX-License-Identifier: GPL-3.0-or-later
"""The terminal that a command tells how it goes."""

from typing import TextIO


class Terminal:
    """Writes to a stream, which may be closed, full or None: that nobody can read it is no reason to fail."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def isatty(self) -> bool:
        """Whether a line can be drawn anew."""
        return self._stream is not None and self._stream.isatty()

    def write(self, text: str) -> None:
        """Show a text at once."""
        if self._stream is not None:
            try:
                self._stream.write(text)
                self._stream.flush()
            except OSError:
                self._stream = None
