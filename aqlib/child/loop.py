# SPDX-License-Identifier: Apache-2.0
"""The loop of a worker process: it makes the calls that were sent, in order, and runs streams in between.

One thread does it all. Calls go before streams, and of the streams the one that began last goes first; a stream stops
between two items when there is mail, which every call is while a stream is there.
"""

from __future__ import annotations

import pickle
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from .. import context
from ..asyncitems import AsyncItems, isAsyncIterator
from ..context import Context, Progress
from ..errors import EncodingError
from ..frames import LIMITS, MAIN_KNOWN, MOST_MAIL, SEQ, Buffer, Frame, Kind, pack
from ..iterators import isIterator
from ..loglevels import LogLevels
from ..page import Page
from ..pickling import Pickle, loads
from ..streammemory import StreamMemory
from .encoding import PLAIN, encodeError, encodeValue
from .likeness import Likeness
from .mailbox import Mailbox
from .outbox import Outbox
from .output import Output
from .residents import Residents, install
from .stream import Stream


class Loop:
    """All that a worker process does, from its set-up to its end."""

    def __init__(self, mailbox: Mailbox, outbox: Outbox, page: Page) -> None:
        self._mailbox = mailbox
        self._outbox = outbox
        self._page = page
        self._likeness = Likeness()
        self._residents = Residents(self._loads)
        self._output = Output(outbox, lambda: self._current)
        self._calls: deque[Frame] = deque()
        self._streams: list[Stream] = []
        self._memory = StreamMemory()
        self._revoked: set[int] = set()
        self._seenMail = 0
        self._isStopping = False
        # The number of the call or stream that runs, 0 between them.
        self._current = 0
        # The stream of which the queue was told last that it runs, 0 when anything else may have run since.
        self._announced = 0
        self._cpu = 0.0
        self._progress: tuple[int, Progress] | None = None
        self._handlers: dict[int, Callable[[Frame], None]] = {
            Kind.SETUP: self._setUp,
            Kind.CALL: self._calls.append,
            Kind.UPDATE: self._calls.append,
            Kind.CREDIT: self._credit,
            Kind.CLOSE: self._close,
            Kind.REVOKED: self._revoke,
            Kind.RESIDENT: self._residents.keep,
            Kind.FORGET: lambda frame: self._residents.forget(frame.seq),
            Kind.STOP: self._stop,
            Kind.PATH: lambda frame: self._likeness.extendPath(pickle.loads(frame.payload)),
            Kind.RETURNED: lambda frame: self._outbox.lender.returned(frame.seq, bool(frame.flags)),
            Kind.UNREADABLE: self._calls.append,
        }

    def run(self) -> None:
        """Work until told to stop."""
        install(self._residents)
        context.install(Context(self._report, lambda: self._page.cancelled == self._current))
        while True:
            if self._calls:
                self._begin(self._calls.popleft())
            elif (stream := self._nextStream()) is not None:
                self._runStream(stream)
            elif self._isStopping and not self._streams:
                return
            else:
                self._announced = 0  # what comes now decides which stream runs next
                self._receive()

    # What comes.

    def _receive(self) -> None:
        for frame in self._mailbox.receive():
            self._handlers[frame.kind](frame)
            if frame.mail:
                self._seenMail = frame.mail

    def _catchUp(self, mail: int) -> None:
        """Read up to the mail of this number, which is on its way. What was read already may be later mail."""
        while 0 < (mail - self._seenMail) % MOST_MAIL < MOST_MAIL // 2:
            self._receive()

    def _setUp(self, frame: Frame) -> None:
        settings = loads(frame.payload, frame.buffers)
        self._likeness.take(settings)
        self._memory.limit = settings["streamMemory"]
        self._output.capture(LogLevels(*settings["logLevels"]))
        self._cpu = time.process_time()
        self._outbox.send(pack(Kind.READY))

    def _credit(self, frame: Frame) -> None:
        for stream in self._streams:
            if stream.seq == frame.seq:
                stream.credit(*LIMITS.unpack(frame.payload))

    def _close(self, frame: Frame) -> None:
        for stream in self._streams:
            if stream.seq == frame.seq:
                stream.isClosed = True

    def _revoke(self, frame: Frame) -> None:
        self._revoked.update(seq for (seq,) in SEQ.iter_unpack(frame.payload))

    def _stop(self, _: Frame) -> None:
        self._isStopping = True

    # Calls.

    def _begin(self, frame: Frame) -> None:
        seq = frame.seq
        mail = self._page.begin(seq)
        if mail != self._seenMail:
            self._catchUp(mail)
        if self._revoked and seq in self._revoked:
            self._revoked.discard(seq)
            return
        if self._streams:
            # The queue knows that calls follow each other, but not how long a stream takes over an item.
            self._outbox.send(pack(Kind.BEGUN, seq))
        self._announced = 0
        self._current = seq
        wall = time.perf_counter()
        try:
            pieces = self._make(frame, wall)
        except BaseException as error:
            # The flags of what is unreadable tell what it was.
            kind = Kind.REFUSED if Kind.UPDATE in (frame.kind, frame.flags) else Kind.ERROR
            # An exception's pickle is inside of this one, so that it is not known what it names.
            pieces = self._answer(kind, seq, Pickle(encodeError(error, 2), (), True), wall)
        self._outbox.send(pieces)
        self._leave(seq)

    def _make(self, frame: Frame, wall: float) -> list[Buffer]:
        """Make the call of a frame, and the frame that answers it."""
        if frame.kind == Kind.UNREADABLE:
            raise EncodingError(f"The call did not arrive: {str(frame.payload, 'utf-8')}")
        f, args, kw = self._loads(frame)
        result = f(*args, **kw)
        if type(result) not in PLAIN and isAsyncIterator(result):
            result = AsyncItems(result)
        isUpdate = frame.kind == Kind.UPDATE
        if type(result) not in PLAIN and not isUpdate and isIterator(result):
            flags = MAIN_KNOWN if self._likeness.knowsMain else 0
            self._streams.append(Stream(frame.seq, result, self._outbox, self._page, self._memory, flags))
            return pack(Kind.STREAM, frame.seq)
        return self._answer(Kind.UPDATED if isUpdate else Kind.RESULT, frame.seq, encodeValue(result), wall)

    def _answer(self, kind: Kind, seq: int, answer: Pickle, wall: float) -> list[Buffer]:
        # To ask for the CPU time is a system call. Between two calls next to none is used, so one counts from where
        # the last one ended.
        before, self._cpu = self._cpu, time.process_time()
        spent = time.perf_counter() - wall
        payload, buffers, namesMain = answer
        flags = MAIN_KNOWN if namesMain and self._likeness.knowsMain else 0
        return pack(kind, seq, payload, buffers, flags, 0, spent, self._cpu - before, self._outbox.lender)

    def _leave(self, seq: int) -> None:
        self._current = 0
        if not self._streams or not any(stream.seq == seq for stream in self._streams):
            self._output.ended(seq)

    def _loads(self, frame: Frame) -> Any:
        return loads(frame.payload, frame.buffers, self._likeness.findMain if frame.flags & MAIN_KNOWN else None)

    # Streams.

    def _nextStream(self) -> Stream | None:
        return self._memory.next(self._streams)

    def _runStream(self, stream: Stream) -> None:
        mail = self._page.mail
        if mail != self._seenMail:
            self._catchUp(mail)
            return
        if len(self._streams) > 1 and self._announced != stream.seq:
            self._announced = stream.seq
            self._outbox.send(pack(Kind.BEGUN, stream.seq))
        self._current = self._page.running = stream.seq
        stream.run(mail)
        self._cpu = time.process_time()
        if stream.isOver:
            self._streams.remove(stream)
        self._leave(stream.seq)

    # Progress.

    def _report(self, progress: Progress) -> None:
        done, total, text = progress
        # What is wrong with them is the task's error: it must not come up when they are sent.
        told = Progress(_number(done), None if total is None else _number(total), str(text))
        self._progress = (self._current, told)
        self._outbox.soon(self._supplyProgress)

    def _supplyProgress(self) -> list[Buffer]:
        waiting, self._progress = self._progress, None
        if waiting is None:
            return []
        seq, progress = waiting
        return pack(Kind.PROGRESS, seq, pickle.dumps(tuple(progress), 5))


def _number(x: float) -> float:
    return x if type(x) is int else float(x)
