# SPDX-License-Identifier: GPL-3.0-or-later
"""A ProcessWorker and the Loop of its process in one process, step by step: what they send each other waits until a
test has it read, and the Loop stands still wherever what it does next depends on the moment.

The Loop has a thread of its own, but only one of the two threads runs at a time. So the same choices give the same run.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from aqlib.child.loop import Loop
from aqlib.frames import Buffer, Decoder, Frame, Kind, pack
from aqlib.page import Page
from aqlib.processes.child import Exit


class Steps(threading.Thread):
    """The thread of a Loop, which runs from one point to the next.

    Attributes: `place`, where it stands: 'mailbox', 'page', one that a job has named, or 'over'; `isFree`: it stands
    still at the mailbox alone from now on.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self.place = "not begun"
        self.isFree = False
        self._work = work
        self._isEnding = False
        self._mine, self._its = threading.Semaphore(0), threading.Semaphore(0)

    def run(self) -> None:
        with contextlib.suppress(SystemExit):
            self._work()
        self.place = "over"
        self._mine.release()

    def begin(self) -> None:
        """Let it run to its first point."""
        self.start()
        self._mine.acquire()

    def go(self) -> None:
        """Let it run to its next point."""
        self._its.release()
        self._mine.acquire()
        if self.place == "over":
            self.join()

    def end(self) -> None:
        """Leave the Loop, wherever it stands."""
        self._isEnding = True
        while self.place != "over":
            self.go()

    def stand(self, place: str) -> None:
        """In the thread itself: it is at a point."""
        if self._isEnding:
            raise SystemExit
        if place == "mailbox" or not self.isFree:
            self.place = place
            self._mine.release()
            self._its.acquire()
        if self._isEnding:
            raise SystemExit


def point(place: str) -> None:
    """Where the thread of a Loop may stand still; without effect in others."""
    thread = threading.current_thread()
    if isinstance(thread, Steps):
        thread.stand(place)


class SteppedPage(Page):
    """Between what is stored and what is read there the other side may do a lot."""

    @property
    def mail(self) -> int:
        found = super().mail
        point("page")
        return found

    def begin(self, seq: int) -> int:
        point("page")
        found = super().begin(seq)
        point("page")
        return found


class Box:
    """The mailbox of the Loop: frames that are on their way, and how many of them are read next."""

    def __init__(self) -> None:
        self.frames: deque[Frame] = deque()
        self.count = 1

    def receive(self) -> Iterator[Frame]:
        """As Mailbox."""
        while not self.frames:
            point("mailbox")
        point("mailbox")
        return iter([self.frames.popleft() for _ in range(min(self.count, len(self.frames)))])


class Out:
    """The outbox of the Loop; what may wait does so until `flush`, or until something is sent that may not."""

    lender = None

    def __init__(self) -> None:
        self.frames: deque[Frame] = deque()
        self._suppliers: list[Callable[[], list[Buffer]]] = []

    def send(self, pieces: Sequence[Buffer]) -> None:
        """As Outbox."""
        suppliers, self._suppliers = self._suppliers, []
        self.frames += decode([*(piece for supplier in suppliers for piece in supplier()), *pieces])

    def soon(self, supplier: Callable[[], list[Buffer]]) -> None:
        """As Outbox."""
        if supplier not in self._suppliers:
            self._suppliers.append(supplier)

    def flush(self) -> None:
        """What has waited is sent."""
        self.send(())


class SteppedChild:
    """Stands for aqlib.processes.child.Child: has the Loop, and what is on its way from and to it.

    Attributes: `steps`, where that stands; `wasKilled`: it is to be ended, which a test does by `exit`.
    """

    lender = None
    pid = 0

    def __init__(self, events: Any) -> None:
        self.page = SteppedPage(-1)
        self.box = Box()
        self.out = Out()
        self.residents: set[int] = set()
        self.wasKilled = False
        self._events = events
        self._corked: list[Buffer] = []
        self._mail = 0
        self._isTelling = False
        self.out.send(pack(Kind.READY))
        loop: Any = Loop
        self.steps = Steps(loop(self.box, self.out, self.page).run)
        self.steps.begin()

    # What its Loop does next.

    @property
    def canGo(self) -> bool:
        """Whether the Loop does not wait for mail."""
        return self.steps.place != "over" and (self.steps.place != "mailbox" or bool(self.box.frames))

    def read(self, most: int) -> None:
        """Tell so many of the frames that have come, together."""
        self._isTelling = True
        for _ in range(min(most, len(self.out.frames))):
            self._events.frameReceived(self.out.frames.popleft())
        self._isTelling = False
        self._events.framesDone()

    def exit(self) -> None:
        """The process has ended. What it had not said is lost."""
        self.drain()
        self.steps.end()
        self._events.childExited(Exit(None, 0, ""))

    def flush(self) -> None:
        """Send what was corked."""
        pieces, self._corked = self._corked, []
        self.box.frames += decode(pieces)

    # As Child.

    def send(self, pieces: Sequence[Buffer]) -> None:
        self.cork(pieces)
        self.flush()

    def cork(self, pieces: Sequence[Buffer]) -> None:
        self._corked += pieces

    def post(self) -> tuple[int, int]:
        self._mail += 1
        return self._mail, self.page.post(self._mail)

    def drain(self) -> None:
        if not self._isTelling:
            self.read(len(self.out.frames))

    def taskBegins(self) -> None: ...
    def updatePath(self) -> None: ...

    def kill(self) -> None:
        self.wasKilled = True

    def close(self) -> None: ...


def decode(pieces: Sequence[Buffer]) -> list[Frame]:
    """The frames of these pieces, which are whole."""
    decoder = Decoder(lambda number, size: memoryview(b""))
    data, frames = b"".join(pieces), []
    while data:
        room = decoder.room()
        count = min(len(room), len(data))
        room[:count] = data[:count]
        decoder.received(count)
        data = data[count:]
        frames += list(decoder.frames())
    return frames
