# SPDX-License-Identifier: Apache-2.0
"""Child: one worker process, from its start to its end, as the queue's side sees it."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from twisted.internet.interfaces import IDelayedCall

from ..frames import MOST_MAIL, Buffer, Frame, Kind, pack
from ..lending import Lender
from ..page import Page
from .channel import Channel
from .exits import UNKNOWN_STATUS, ExitWatch, hasEnded, reap, watchExit
from .interpreter import importPath
from .memorykills import OUT_OF_MEMORY, countMemoryKills
from .patience import PAUSES, Patience
from .pipe import OutputPipe
from .spawn import likeness, spawn

if TYPE_CHECKING:
    from .shared import Shared


class Exit(NamedTuple):
    """How a process has ended: by a signal, or with an exit code.

    Neither when that is not known, for somebody else has reaped it, and when the system never started it.
    """

    signal: int | None
    code: int | None
    text: str  # the end of what it wrote to stderr, or why it was not started


class ChildEvents(Protocol):
    """Whom a Child tells what it sees."""

    def frameReceived(self, frame: Frame) -> None: ...
    def framesDone(self) -> None: ...
    def childWrote(self, stream: str, text: str) -> None: ...
    def childExited(self, exit: Exit) -> None: ...


class _Unconnected:
    """Stands for the channel of a process that is not there yet: keeps what is to be sent."""

    lender = None

    def __init__(self) -> None:
        self.pieces: list[Buffer] = []

    def send(self, pieces: Sequence[Buffer]) -> None:
        self.pieces.extend(pieces)

    cork = send

    def drain(self) -> None: ...
    def close(self) -> None: ...


class Child:
    """A process and its channel. It is started at once, or as soon as the system lets it.

    Args:
        reactor: The queue's.
        niceness: What to add to the operating system's niceness.
        events: Is told what comes.
        shared: Has the settings of the queue's processes.
        isPatient: When the system refuses it for want of something that may come back, it is tried again for a while,
            and then told as an exit. Without it, that is an OSError.

    Attributes: `pid`, None before it was started; `page`; `residents`, the tokens of the Residents that it keeps.

    Raises: WorkerError or OSError when it cannot be started.
    """

    def __init__(
        self,
        reactor: Any,
        niceness: int,
        events: ChildEvents,
        shared: Shared,
        isPatient: bool = False,
    ) -> None:
        self._reactor = reactor
        self._niceness = niceness
        self._events = events
        self._shared = shared
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Channel | _Unconnected = _Unconnected()
        self._pipes: list[OutputPipe] = []
        self._watches: list[ExitWatch] = []
        self._untold: IDelayedCall | None = None
        self._mail = 0
        self._path = list(sys.path)
        self._memoryKills = countMemoryKills()
        self.pid: int | None = None
        self.residents: set[int] = set()
        self.page = Page(-1)  # memory of its own, until there is another process to share it with
        self._patience = Patience(reactor, self._start, self._refuse, PAUSES if isPatient else ())

    def send(self, pieces: Sequence[Buffer]) -> None:
        """Send a frame at once."""
        self._channel.send(pieces)

    def cork(self, pieces: Sequence[Buffer]) -> None:
        """Send a frame at the end of this turn of the reactor."""
        self._channel.cork(pieces)

    def updatePath(self) -> None:
        """Send the import path if it has changed, before what may be found by it only."""
        if self._path != sys.path:
            self._path = list(sys.path)
            self.cork(pack(Kind.PATH, payload=pickle.dumps(importPath(), 5)))

    @property
    def lender(self) -> Lender | None:
        """Where large bodies go, once the process is there."""
        return self._channel.lender

    def post(self) -> tuple[int, int]:
        """Announce mail. Gives its number, for the frame that must follow at once, and the call that has begun last."""
        self._mail = self._mail % MOST_MAIL + 1
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
        if self._process is None:
            self._endUnstarted("It was told to end before the system let it start.")
        else:
            self.signal(signal.SIGKILL)

    def signal(self, number: int) -> None:
        """Send a signal to the process and what it has started."""
        process = self._process
        if process is not None and process.returncode is None:
            try:
                os.killpg(process.pid, number)
            except (ProcessLookupError, PermissionError):  # macOS gives the second for a process that has just ended
                if not hasEnded(process):
                    process.send_signal(number)

    def close(self) -> None:
        """Let go of all that belongs to the process."""
        self._patience.stop()
        for part in (*self._watches, self._channel, *self._pipes, self.page):
            part.close()

    def _start(self) -> None:
        reactor, events, shared, waiting = self._reactor, self._events, self._shared, self._channel
        spawned = spawn(self._niceness)
        self._process = process = spawned.process
        self.pid = process.pid
        self.page.close()
        self.page = spawned.page
        self._channel = Channel(
            reactor, spawned.socket, spawned.lending, events.frameReceived, events.framesDone, shared.readBudget
        )
        self._pipes = [
            OutputPipe(reactor, spawned.stdout, lambda text: events.childWrote("stdout", text)),
            OutputPipe(reactor, spawned.stderr, lambda text: events.childWrote("stderr", text)),
        ]
        self._watches = [watchExit(reactor, process, spawned.pidfd, lambda: self._exited(process))]
        self._path = list(sys.path)
        self.send(pack(Kind.SETUP, payload=pickle.dumps(likeness() | shared.settings(), 5)))
        assert isinstance(waiting, _Unconnected)
        self.send(waiting.pieces)

    def _refuse(self, error: OSError) -> None:
        self._endUnstarted(f"A worker process could not be started: {error}")

    def _endUnstarted(self, reason: str) -> None:
        """There will be no process. It is told later: whoever asked for it may be in the middle of something."""
        self._patience.stop()
        if self._untold is None:
            self._untold = self._reactor.callLater(0, self._events.childExited, Exit(None, None, reason))

    def _exited(self, process: subprocess.Popen[bytes]) -> None:
        # While it is not reaped, its group's number cannot be another's: what it has started goes first.
        self.kill()
        for pipe in self._pipes:
            pipe.drain()
        self._channel.drain()
        status = reap(process)
        number, code = (-status, None) if status < 0 else (None, None if status == UNKNOWN_STATUS else status)
        self._events.childExited(Exit(number, code, self._hint(status)))

    def _hint(self, status: int) -> str:
        """The end of what it wrote to stderr, and a word about memory if that may have been it."""
        text = self._pipes[1].tail.strip()
        kills = countMemoryKills() if status == -signal.SIGKILL else None
        if kills is not None and self._memoryKills is not None and kills > self._memoryKills:
            text = f"{text}\n{OUT_OF_MEMORY}".strip()
        return text
