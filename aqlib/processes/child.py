# SPDX-License-Identifier: Apache-2.0
"""Child: one worker process, from its start to its end, as the queue's side sees it."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

from ..frames import Buffer, Frame, Kind, pack
from ..page import Page
from .channel import Channel
from .exits import watchExit
from .pipe import OutputPipe
from .spawn import likeness, spawn


class Exit(NamedTuple):
    """How a process has ended: by a signal, or with an exit code."""

    signal: int | None
    code: int | None
    text: str  # the end of what it wrote to stderr


class ChildEvents(Protocol):
    """Whom a Child tells what it sees."""

    def frameReceived(self, frame: Frame) -> None: ...
    def framesDone(self) -> None: ...
    def childWrote(self, stream: str, text: str) -> None: ...
    def childExited(self, exit: Exit) -> None: ...


class Child:
    """A process and its channel. It is started at once.

    Args:
        reactor: The queue's.
        niceness: What to add to the operating system's niceness.
        events: Is told what comes.
        budget: Gives for how many seconds one turn of the reactor may read from this process.

    Attributes: `pid`; `page`; `residents`, the tokens of the Residents that it keeps.
    """

    def __init__(self, reactor: Any, niceness: int, events: ChildEvents, budget: Callable[[], float]) -> None:
        spawned = spawn(niceness)
        self._events = events
        self._process = spawned.process
        self._mail = 0
        self.pid = spawned.process.pid
        self.residents: set[int] = set()
        self.page = Page(spawned.memory)
        os.close(spawned.memory)
        self._channel = Channel(reactor, spawned.socket, self._received, self._done, budget)
        self._pipes = [
            OutputPipe(reactor, spawned.stdout, lambda text: events.childWrote("stdout", text)),
            OutputPipe(reactor, spawned.stderr, lambda text: events.childWrote("stderr", text)),
        ]
        self._watch = watchExit(reactor, spawned.process, self._exited)
        self.send(pack(Kind.SETUP, payload=pickle.dumps(likeness(), 5)))

    def send(self, pieces: Sequence[Buffer]) -> None:
        """Send a frame at once."""
        self._channel.send(pieces)

    def cork(self, pieces: Sequence[Buffer]) -> None:
        """Send a frame at the end of this turn of the reactor."""
        self._channel.cork(pieces)

    def post(self) -> tuple[int, int]:
        """Announce mail. Gives its number, for the frame that must follow at once, and the call that has begun last."""
        self._mail += 1
        return self._mail, self.page.post(self._mail)

    def taskBegins(self) -> None:
        """What the process writes from now on is another task's."""
        for pipe in self._pipes:
            pipe.begin()

    def drain(self) -> None:
        """Tell all frames that have come, now."""
        self._channel.drain()

    def kill(self) -> None:
        """End the process and what it has started, by SIGKILL. Its exit is told as any other."""
        if self._process.returncode is None:
            try:
                os.killpg(self.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):  # macOS gives the second for a process that has just ended
                self._process.kill()

    def close(self) -> None:
        """Let go of all that belongs to the process."""
        self._watch.close()
        self._channel.close()
        for pipe in self._pipes:
            pipe.close()
        self.page.close()

    def _received(self, frame: Frame) -> None:
        self._events.frameReceived(frame)

    def _done(self) -> None:
        self._events.framesDone()

    def _exited(self) -> None:
        # While it is not reaped, its group's number cannot be another's: what it has started goes first.
        self.kill()
        for pipe in self._pipes:
            pipe.drain()
        self._channel.drain()
        status = self._process.wait()
        text = self._pipes[1].tail.strip()
        self._events.childExited(Exit(-status if status < 0 else None, status if status >= 0 else None, text))
