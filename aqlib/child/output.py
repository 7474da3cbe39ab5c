# SPDX-License-Identifier: Apache-2.0
"""Output: what a task prints and logs goes to the queue, with the number of its call."""

from __future__ import annotations

import io
import logging
import os
import sys
from collections import deque
from collections.abc import Callable
from itertools import groupby
from operator import itemgetter
from typing import Any, TextIO, cast

from .. import context
from ..capped import Capped
from ..frames import Buffer, Kind, pack
from ..loglevels import LogLevels
from .outbox import Outbox

STREAMS = {"stdout": 1, "stderr": 2, "log": 3}


class _Channel:
    """One of a process's streams of text. `currentSeq` gives the number of the call that runs, 0 between calls."""

    def __init__(self, stream: str, outbox: Outbox, currentSeq: Callable[[], int]) -> None:
        self._flag = STREAMS[stream]
        self._outbox = outbox
        self._currentSeq = currentSeq
        self._waiting: deque[tuple[int, str]] = deque()
        self._capped: dict[int, Capped] = {}

    def write(self, text: str) -> None:
        """Have some text sent."""
        seq = self._currentSeq()
        capped = self._capped.get(seq)
        if capped is None:
            capped = self._capped.setdefault(seq, Capped())
        head = capped.add(text)
        if head:
            self._send(seq, head)

    def ended(self, seq: int) -> None:
        """A task has ended: send the end of its output, and how much is missing before that."""
        if not self._capped:
            return
        capped = self._capped.pop(seq, None)
        rest = capped.end() if capped is not None else ""
        if rest:
            self._send(seq, rest)

    def flush(self) -> None:
        """Send what waits at once."""
        if self._waiting:
            self._outbox.send(())

    def _send(self, seq: int, text: str) -> None:
        # Threads of a task may write while others do, and while the outbox takes what has been written.
        self._waiting.append((seq, text))
        self._outbox.soon(self._supply)

    def _supply(self) -> list[Buffer]:
        written: list[tuple[int, str]] = []
        while self._waiting:
            written.append(self._waiting.popleft())
        pieces: list[Buffer] = []
        for seq, texts in groupby(written, key=itemgetter(0)):
            payload = "".join(text for _, text in texts).encode("utf-8", "backslashreplace")
            pieces += pack(Kind.OUTPUT, seq, payload, flags=self._flag)
        return pieces


class _TextFile(io.TextIOBase):
    """Stands for sys.stdout or sys.stderr. What is written to its `buffer` reaches the queue through a pipe."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, channel: _Channel, descriptor: int) -> None:
        self._channel: _Channel | TextIO = channel
        self._descriptor = descriptor
        self.buffer = os.fdopen(descriptor, "wb", buffering=0, closefd=False)

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._channel.write(text)
        return len(text)

    def flush(self) -> None:
        self._channel.flush()

    def leave(self) -> None:
        """Write through the pipe from now on."""
        self._channel = os.fdopen(self._descriptor, "w", 1, "utf-8", "backslashreplace", closefd=False)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor


class _LogHandler(logging.Handler):
    def __init__(self, channel: _Channel) -> None:
        super().__init__()
        self._channel = channel
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._channel.write(self.format(record) + "\n")


class Output:
    """The streams of this process."""

    def __init__(self, outbox: Outbox, currentSeq: Callable[[], int]) -> None:
        self._channels = {stream: _Channel(stream, outbox, currentSeq) for stream in STREAMS}

    def capture(self, levels: LogLevels) -> None:
        """Take sys.stdout, sys.stderr and what is logged from now on, in this process and in none that it forks.

        Args:
            levels: Those of the queue's process.
        """
        levels.set()
        files = [_TextFile(self._channels["stdout"], 1), _TextFile(self._channels["stderr"], 2)]
        sys.stdout, sys.stderr = cast("list[Any]", files)
        handler = _LogHandler(self._channels["log"])
        logging.getLogger().addHandler(handler)
        os.register_at_fork(after_in_child=lambda: _release(files, handler))

    def ended(self, seq: int) -> None:
        """A task has ended."""
        for channel in self._channels.values():
            channel.ended(seq)
            channel.ended(0)  # what lasting threads write between tasks has a cap anew


def _release(files: list[_TextFile], handler: _LogHandler) -> None:
    """This process was forked by a task, and is no worker: what it writes reaches the queue through the pipes."""
    logging.getLogger().removeHandler(handler)
    context.install(None)
    for file in files:
        file.leave()
