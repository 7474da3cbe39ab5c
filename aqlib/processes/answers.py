# SPDX-License-Identifier: Apache-2.0
"""Answers: what a worker process says of its calls and streams, told to the queue."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from twisted.python.failure import Failure

from ..child.output import STREAMS
from ..context import Progress
from ..errors import EncodingError
from ..frames import Frame, Kind
from ..task import Call, Task
from .encoder import decode, decodeError
from .shared import Shared
from .stream import RemoteStream

if TYPE_CHECKING:
    from .worker import ProcessWorker

_STREAM_NAMES = {flag: name for name, flag in STREAMS.items()}


class Answers:
    """Takes the frames of one worker, and finds the calls and streams that they are about.

    Attributes: `takers`, what to call with a frame, by its kind.
    """

    def __init__(self, worker: ProcessWorker, shared: Shared) -> None:
        self._worker = worker
        self._measured = shared.measured
        self._callTimes = shared.callTimes
        self.takers: dict[int, Callable[[Frame], None]] = {
            Kind.RESULT: self._result,
            Kind.ERROR: self._error,
            Kind.STREAM: self._stream,
            Kind.ITEMS: self._items,
            Kind.END: self._end,
            Kind.PROGRESS: self._progress,
            Kind.OUTPUT: self._output,
            Kind.UPDATED: self._updated,
            Kind.REFUSED: self._updated,
            Kind.RETURNED: self._returned,
            Kind.UNREADABLE: self._unreadable,
            Kind.BEGUN: lambda frame: self._worker.present.announce(frame.seq),
        }

    # Calls.

    def _answered(self, frame: Frame) -> Task | None:
        """A call has ended. None if nobody waits for it."""
        worker = self._worker
        sent = worker.inFlight.pop(frame.seq)
        if sent is None:
            return None
        self._measured.add(sent.call.f, frame.wall)
        worker.tasksDone += 1
        task = sent.task
        if task is None or sent.isDropped:
            return None
        if self._callTimes is not None:
            if task.isWaiting:
                worker.reporter.began(task, frame.wall)
            self._note(task, frame)
        return task

    def _note(self, task: Task, frame: Frame) -> None:
        if self._callTimes is not None and task.startedAt is not None:
            self._callTimes.append((self._worker.clock.seconds() - task.startedAt, frame.wall))

    def _result(self, frame: Frame) -> None:
        task = self._answered(frame)
        if task is None:
            return
        try:
            value = decode(frame)
        except Exception:
            self._worker.reporter.failed(task, Failure(), frame.cpu)
            return
        self._worker.reporter.succeeded(task, value, frame.size, frame.cpu, frame.wall)

    def _error(self, frame: Frame) -> None:
        stream = self._find(frame.seq)
        if stream is not None:
            self._ended(stream, frame, self._failure(frame, stream.call))
            return
        task = self._answered(frame)
        if task is not None:
            self._worker.reporter.failed(task, self._failure(frame, task), frame.cpu)

    def _updated(self, frame: Frame) -> None:
        sent = self._worker.inFlight.get(frame.seq)
        if sent is None:
            return
        try:
            outcome = decode(frame) if frame.kind == Kind.UPDATED else self._failure(frame, sent.call)
        except Exception:
            outcome = Failure()
        self._updatedTo(frame, outcome)

    def _updatedTo(self, frame: Frame, outcome: Any) -> None:
        worker = self._worker
        sent = worker.inFlight.pop(frame.seq)
        if sent is None:
            return
        worker.refresh()
        if sent.update is not None:
            sent.update.callback(outcome)
        elif isinstance(outcome, Failure):
            worker.succession.failStart(f"An update failed in a new process: {outcome.getErrorMessage()}")

    def _failure(self, frame: Frame, call: Call) -> Failure:
        worker = self._worker
        return Failure(decodeError(frame, f"In {call.describe(200)} on {worker.name}, process {worker.pid}."))

    # Streams.

    def _find(self, seq: int) -> RemoteStream | None:
        return next((stream for stream in self._worker.streams if stream.seq == seq), None)

    def _stream(self, frame: Frame) -> None:
        worker = self._worker
        sent = worker.inFlight.pop(frame.seq)
        if sent is None or sent.task is None:
            return
        stream = RemoteStream(sent.task, frame.seq, worker.grant, worker.stopStream, worker.refresh, worker.memory)
        stream.isDropped = sent.isDropped
        worker.streams.append(stream)
        if worker.inFlight.head is not None:
            worker.sender.nudge()  # what was sent before it was known that this is a stream
        if stream.isDropped:
            worker.stopStream(stream)
        else:
            worker.refresh()
            worker.reporter.streaming(stream.task, stream.source)

    def _items(self, frame: Frame) -> None:
        stream = self._find(frame.seq)
        if stream is None or stream.isStopping:
            return
        try:
            items = decode(frame)
        except Exception:
            self._spoil(frame, Failure())
            return
        worker, size = self._worker, frame.size
        worker.reporter.streamed(stream.task, len(items))
        wasTight = worker.memory.isTight
        stream.came(items, size)
        if worker.memory.isTight and not wasTight:
            worker.tellTaken()
        worker.refresh()

    def _spoil(self, frame: Frame, failure: Failure) -> None:
        """An item cannot be had."""
        stream = self._find(frame.seq)
        if stream is not None and not stream.isDropped:
            stream.isDropped = True
            self._worker.stopStream(stream)
            self._worker.reporter.failed(stream.task, failure)

    def _end(self, frame: Frame) -> None:
        stream = self._find(frame.seq)
        if stream is not None:
            self._ended(stream, frame, None)

    def _ended(self, stream: RemoteStream, frame: Frame, failure: Failure | None) -> None:
        worker = self._worker
        worker.streams.remove(stream)
        stream.ended()
        self._note(stream.task, frame)
        worker.tasksDone += 1
        worker.refresh()
        if stream.isDropped:
            return
        if failure is not None:
            worker.reporter.failed(stream.task, failure, frame.cpu)
        else:
            worker.reporter.succeeded(stream.task, None, None, frame.cpu)

    # Besides.

    def _returned(self, frame: Frame) -> None:
        lender = self._worker.child.lender
        assert lender is not None
        lender.returned(frame.seq, bool(frame.flags))

    def _unreadable(self, frame: Frame) -> None:
        """What a task gave did not arrive. A stream is worth nothing without the item."""
        failure = Failure(EncodingError(f"What the task gave did not arrive: {str(frame.payload, 'utf-8')}"))
        if frame.flags in (Kind.UPDATED, Kind.REFUSED):  # the flags of what is unreadable tell what it was
            self._updatedTo(frame, failure)
        elif frame.flags == Kind.ITEMS:
            self._spoil(frame, failure)
        else:
            task = self._answered(frame)
            if task is not None:
                self._worker.reporter.failed(task, failure, frame.cpu)

    def _taskOf(self, seq: int) -> Task | None:
        sent = self._worker.inFlight.get(seq)
        if sent is not None:
            return sent.task
        stream = self._find(seq)
        return stream.task if stream is not None else None

    def _progress(self, frame: Frame) -> None:
        task = self._taskOf(frame.seq)
        if task is not None and task.isRunning:
            self._worker.reporter.progressed(task, Progress(*pickle.loads(frame.payload)))

    def _output(self, frame: Frame) -> None:
        text = str(frame.payload, "utf-8")
        self._worker.reporter.wrote(self._worker, self._taskOf(frame.seq), _STREAM_NAMES[frame.flags], text)
