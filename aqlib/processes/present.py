# SPDX-License-Identifier: Apache-2.0
"""The Present of a worker: what its process is at now, and what that makes of the worker's state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..interfaces import WorkerState
from .death import Ending
from .inflight import Sent
from .stream import RemoteStream

if TYPE_CHECKING:
    from .worker import ProcessWorker

# So long has a cancelled task to end by itself before its process is ended, in seconds.
GRACE = 1.0
# And so long has a process that has nothing to do and was told to stop.
STOP_GRACE = 5.0


class Present:
    """Finds out what runs in a worker's process, tells what has changed, and ends what nobody wants after a grace time.

    Attributes: `runs`, the call or the stream that runs, or None.
    """

    def __init__(self, worker: ProcessWorker) -> None:
        self.runs: Sent | RemoteStream | None = None
        self._worker = worker
        self._graceCall: Any = None
        self._stopCall: Any = None
        self._announced = 0
        self._isBlocked = False

    def refresh(self) -> None:
        """Look again. To be called after every change; while the process starts or ends there is nothing to see."""
        worker = self._worker
        if not worker.succession.isUp:
            return
        if worker.isPaused:
            if self.runs is worker.inFlight.head or self.runs in worker.streams:
                return
            worker.goOn()  # what was paused has ended
        runs = self._find()
        if runs is not self.runs:
            self.runs = runs
            self._dropGrace()
            worker.care.begins(runs)
            worker.child.taskBegins()
        if runs is not None:
            self._work(runs)
        if worker.streams or worker.suspended or self._isBlocked:
            self._tellStreams(runs)
        if self.runs is not runs:  # an observer that was told has changed that
            return
        if runs is None:
            self._rest()
        elif runs.task is not None and runs.task.isWaiting:
            worker.reporter.began(runs.task)

    def _find(self) -> Sent | RemoteStream | None:
        """What runs: a stream that is to give way does so between two items, when it gets there.

        A call that has not begun may be on its way while the process goes on with a stream: one that was granted more,
        or began, after the call before this one, whose answer has not been read when this one is sent. None does when
        no stream could run at a time when this call was the next, for what is granted later comes after it.
        """
        worker = self._worker
        head = worker.inFlight.head
        if not worker.streams:
            return head
        stream = self._findStream()
        if head is None:
            return stream
        isNext = stream is None or self.runs is head
        return head if isNext or worker.child.page.begun >= head.seq else stream

    def _findStream(self) -> RemoteStream | None:
        """The stream that runs when no call does: the one that the process has named, else the one that ran before.

        Grants of credit reach the process one after the other, and so another one than seems due here may get to run.
        """
        may = [stream for stream in self._worker.streams if stream.canRun]
        for stream in may:
            if stream.seq == self._announced:
                return stream
        self._announced = 0
        return self.runs if isinstance(self.runs, RemoteStream) and self.runs in may else self._worker.memory.next(may)

    def announce(self, seq: int) -> None:
        """The process has said that the call or stream of this number runs now."""
        self._announced = seq
        self.refresh()

    def end(self) -> None:
        """The process has ended: nothing runs."""
        self.runs = None
        self._dropGrace()
        if self._stopCall is not None:
            self._stopCall.cancel()
            self._stopCall = None

    def _work(self, runs: Sent | RemoteStream) -> None:
        worker = self._worker
        worker.setBusy(runs.task)
        isUnwanted = runs.isDropped or (isinstance(runs, RemoteStream) and runs.isStopping)
        if isUnwanted:
            worker.state = WorkerState.STOPPING
            if self._graceCall is None:
                self._graceCall = worker.clock.callLater(GRACE, self._graceOver)

    def _rest(self) -> None:
        worker = self._worker
        wasStopping = worker.state is WorkerState.STOPPING
        worker.setIdle()
        succession = worker.succession
        if succession.wish is not Ending.UNASKED and not worker.streams and succession.finish():
            worker.state = WorkerState.STOPPING
            self._stopCall = worker.clock.callLater(STOP_GRACE, self._stopOver)
        elif wasStopping:
            worker.reporter.freed(worker)

    def _tellStreams(self, runs: Sent | RemoteStream | None) -> None:
        worker = self._worker
        worker.suspended = [stream.task for stream in worker.streams if stream is not runs and not stream.isDropped]
        for stream in worker.streams:
            if stream is runs and stream.isSuspended:
                stream.isSuspended = False
                worker.reporter.resumed(stream.task)
            elif stream is not runs and not stream.isSuspended:
                stream.isSuspended = True
                worker.reporter.suspended(stream.task)
        wasBlocked = self._isBlocked
        self._isBlocked = worker.memory.isFull and any(stream.isBlocked for stream in worker.streams)
        if self._isBlocked and not wasBlocked:
            worker.reporter.blocked(worker, worker.memory.held)

    def _graceOver(self) -> None:
        worker = self._worker
        self._graceCall = None
        # It may have ended just now.
        worker.child.drain()
        if worker.state is WorkerState.STOPPING and worker.succession.child is not None:
            worker.succession.kill(Ending.ABORTED)

    def _stopOver(self) -> None:
        """The process was told to stop, and is there. An update that has come meanwhile, and has begun, goes first."""
        worker, self._stopCall = self._worker, None
        worker.child.drain()
        if worker.succession.child is None:
            return
        head = worker.inFlight.head
        if head is not None and worker.child.page.begun >= head.seq:
            self._stopCall = worker.clock.callLater(STOP_GRACE, self._stopOver)
        else:
            worker.child.kill()

    def _dropGrace(self) -> None:
        if self._graceCall is not None and self._graceCall.active():
            self._graceCall.cancel()
        self._graceCall = None
