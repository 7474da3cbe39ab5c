# SPDX-License-Identifier: Apache-2.0
"""Echo: shows what worker processes write, on this process's stdout and stderr, whole lines at a time."""

from __future__ import annotations

import contextlib
import sys

from .interfaces import Worker
from .task import Task

# A line that is longer is shown in pieces.
LONGEST_LINE = 1 << 16


class Echo:
    """Gathers lines, so that those of several workers do not mix, and writes each when it is whole.

    A piece of a line waits for its rest until its task has ended, or its worker goes on with another task.

    Attributes: `waiting`, the open lines: the task and the text of each, by worker and stream.
    """

    def __init__(self) -> None:
        self.waiting: dict[tuple[Worker, str], tuple[Task | None, str]] = {}

    def write(self, worker: Worker, task: Task | None, stream: str, text: str) -> None:
        """Show what was written to 'stdout', 'stderr' or 'log'. The latter goes to stderr."""
        before, rest = self.waiting.pop((worker, stream), (task, ""))
        if before is not task and rest:
            self._show(stream, rest + "\n")
            rest = ""
        text = rest + text
        end = text.rfind("\n") + 1
        if len(text) - end > LONGEST_LINE:
            end = len(text)
        if end:
            self._show(stream, text[:end])
        if end == len(text):
            return
        if task is not None and task.isFinished:  # what it wrote to a descriptor may come after its result
            self._show(stream, text[end:] + "\n")
        else:
            self.waiting[worker, stream] = task, text[end:]

    def ended(self, task: Task) -> None:
        """A task has ended: show the line that it has left open."""
        for key, (other, rest) in list(self.waiting.items()):
            if other is task:
                del self.waiting[key]
                self._show(key[1], rest + "\n")

    def close(self) -> None:
        """Show all lines that are open."""
        for (_, stream), (_, rest) in self.waiting.items():
            self._show(stream, rest + "\n")
        self.waiting.clear()

    def _show(self, stream: str, text: str) -> None:
        file = sys.stdout if stream == "stdout" else sys.stderr
        if file is None:  # there is no terminal
            return
        encoding = getattr(file, "encoding", None) or "utf-8"
        with contextlib.suppress(OSError, ValueError):  # nobody reads it any more
            file.write(text.encode(encoding, "backslashreplace").decode(encoding))
            file.flush()
