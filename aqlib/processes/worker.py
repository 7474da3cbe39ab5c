# SPDX-License-Identifier: Apache-2.0
"""ProcessWorker: runs calls in a process of its own, and starts another one when that dies."""

from __future__ import annotations

import struct
from collections.abc import Hashable, Iterable
from typing import Any

from twisted.internet.defer import Deferred, fail, succeed
from twisted.python.failure import Failure
from zope.interface import implementer

from ..baseworker import BaseWorker
from ..errors import WorkerError
from ..frames import Frame, Kind, pack
from ..interfaces import IWorker, Reporter, Taking, WorkerState
from ..task import Call, Task
from .answers import Answers
from .child import Child, Exit
from .death import Death, Ending
from .inflight import UNMEASURED, InFlight, Sent
from .shared import Shared
from .stream import RemoteStream

_SEQ = struct.Struct("<Q")

# At most so many seconds of measured work are sent to a worker.
AHEAD = 0.001
# So many streams of one worker may have given way or wait for their consumers.
MOST_SUSPENDED = 8
# So long has a cancelled task to end by itself before its process is ended, in seconds.
GRACE = 1.0
# And so long has a process that has nothing to do and was told to stop.
STOP_GRACE = 5.0


@implementer(IWorker)
class ProcessWorker(BaseWorker):
    """A worker with a process of its own. When that dies it starts another one; its ID stays.

    Args:
        series: The series that it serves besides 'process', 'local' and None.
        osNiceness: What to add to the operating system's niceness of its process.
        shared: What it shares with the other process workers of its queue.
    """

    kind = "process"

    def __init__(
        self, series: Iterable[Hashable] | str | None = None, *, osNiceness: int = 0, shared: Shared | None = None
    ) -> None:
        super().__init__(series)
        self.state = WorkerState.STARTING
        self.inFlight = InFlight()
        self.streams: list[RemoteStream] = []
        self._osNiceness = osNiceness
        self._shared = shared or Shared()
        self._answers = Answers(self, self._shared)
        self._child: Child | None = None
        self._isUp = False
        self._ending = Ending.UNASKED
        self._wish = Ending.UNASKED
        self._startFailure: str | None = None
        self._lastSeq = 0
        self._runs: Sent | RemoteStream | None = None
        self._graceCall: Any = None
        self._gone: list[Deferred[None]] = []

    @classmethod
    def classSeries(cls) -> list[Hashable]:
        """See BaseWorker."""
        return ["process", "local"]

    def setReporter(self, reporter: Reporter, clock: Any) -> None:
        """Take the queue's ear and clock, and start the process. Raises WorkerError or OSError when it cannot."""
        super().setReporter(reporter, clock)
        self._shared.workers.add(self)
        self._start()

    # Tasks.

    def takes(self, task: Task) -> Taking:
        """Now when it is idle or its stream gives way; ahead, when all that it has is short as measured."""
        if not self._isUp or self._wish is not Ending.UNASKED or self.state is WorkerState.STOPPING:
            return Taking.NO
        head = self.inFlight.head
        if head is None:
            gives = not isinstance(self._runs, RemoteStream) or _outranks(task, self._runs.task)
            return Taking.NOW if gives and len(self.streams) < MOST_SUSPENDED else Taking.NO
        if head.task is None or head.isDropped:
            return Taking.NO
        seconds = self._shared.measured.get(task.call.f)
        if seconds is None or self.inFlight.seconds + seconds > AHEAD:
            return Taking.NO
        return Taking.AHEAD

    def run(self, task: Task) -> None:
        """Send the call of a task."""
        try:
            seconds = self._shared.measured.get(task.call.f)
            self._sendCall(Kind.CALL, Sent(self._nextSeq(), task.call, seconds or UNMEASURED, task))
        except Exception:
            self.reporter.failed(task, Failure())
            self.reporter.ready(self)
            return
        self.refresh()

    def takeBack(self) -> None:
        """Give back the calls that were sent ahead and have not begun."""
        if any(sent.task is not None and sent.task.isWaiting for sent in self.inFlight.all()[1:]):
            head = self.inFlight.head
            assert head is not None
            self._giveBack(self._revokeAfter(head.seq))

    def abort(self, task: Task) -> None:
        """Ask the task to end, and end its process, and with it nothing else that has begun, when it does not."""
        sent = self.inFlight.of(task)
        if sent is not None:
            # Whatever has not begun is taken back first, so that nothing else can be running when the process is ended.
            back = self._revokeAfter(sent.seq - 1)
            self._giveBack([other for other in back if other is not sent])
            if sent not in back:
                sent.isDropped = True
                self.child.page.cancelled = sent.seq
        for stream in self.streams:
            if stream.task is task:
                stream.isDropped = True
                self.stopStream(stream)
        self.refresh()

    def stopStream(self, stream: RemoteStream) -> None:
        """Nobody wants more of a stream: have its iterator closed."""
        if not stream.isStopping:
            stream.isStopping = True
            self.child.send(pack(Kind.CLOSE, stream.seq, mail=self.child.post()[0]))
            if stream is self._runs:
                self.child.page.cancelled = stream.seq
            if not stream.isDropped:
                self.reporter.stopping(stream.task)
            self.refresh()

    def update(self, call: Call) -> Deferred[Any]:
        """Make a call after the one that runs, and before all others."""
        if self._child is None:
            return fail(WorkerError(f"{self.name} has ended."))
        self.takeBack()
        update: Deferred[Any] = Deferred()
        try:
            self._sendCall(Kind.UPDATE, Sent(self._nextSeq(), call, UNMEASURED, update=update))
        except Exception:
            return fail(Failure())
        self.refresh()
        return update

    # Its end.

    def stop(self) -> Deferred[None]:
        """Take no more, finish what runs, and end. Fires when the process is gone."""
        if self._child is None:
            return succeed(None)
        self._wish = Ending.STOPPED
        gone: Deferred[None] = Deferred()
        self._gone.append(gone)
        if not self._isUp:
            self._kill(Ending.STOPPED)
        self.refresh()
        return gone

    def crash(self) -> list[Task]:
        """End the process at once. Returns the tasks that it had begun."""
        unfinished = [sent.task for sent in self.inFlight.all() if sent.task is not None and not sent.isDropped]
        unfinished += [stream.task for stream in self.streams if not stream.isDropped]
        for sent in self.inFlight.all():
            sent.isDropped = True
        for stream in self.streams:
            stream.isDropped = True
        self._wish = Ending.STOPPED
        self._kill(Ending.STOPPED)
        return unfinished

    def kill(self) -> None:
        """End the process at once, as if it had died, and start another."""
        self._kill(Ending.KILLED)

    def restart(self) -> None:
        """Take no more, finish what runs, and go on in a new process."""
        if self._wish is Ending.UNASKED:
            self._wish = Ending.RESTARTED
            self.refresh()

    def forget(self, token: int) -> None:
        """A Resident has died: its copy may go."""
        if self._child is not None and token in self._child.residents:
            self._child.residents.discard(token)
            self._child.cork(pack(Kind.FORGET, token))

    # What the process is at.

    @property
    def child(self) -> Child:
        """The process."""
        assert self._child is not None, "The worker has ended."
        return self._child

    def refresh(self) -> None:
        """Find out what runs now, and tell what has changed. To be called after every change."""
        if not self._isUp:
            return
        head = self.inFlight.head
        runs = head or next((stream for stream in reversed(self.streams) if stream.canRun), None)
        if runs is not self._runs:
            self._runs = runs
            self._dropGrace()
            self.child.taskBegins()
        self._tellStreams(runs)
        if runs is None:
            self.setIdle()
            if self._wish is not Ending.UNASKED and not self.streams:
                self._finish()
            return
        self.setBusy(runs.task)
        isUnwanted = runs.isDropped or (isinstance(runs, RemoteStream) and runs.isStopping)
        self.state = WorkerState.STOPPING if isUnwanted else WorkerState.BUSY
        if isUnwanted and self._graceCall is None:
            self._graceCall = self.clock.callLater(GRACE, self._graceOver)
        if head is not None and head.task is not None and head.task.isWaiting:
            self.reporter.began(head.task)

    def _tellStreams(self, runs: Sent | RemoteStream | None) -> None:
        self.suspended = [stream.task for stream in self.streams if stream is not runs and not stream.isDropped]
        for stream in self.streams:
            if stream is runs and stream.isSuspended:
                stream.isSuspended = False
                self.reporter.resumed(stream.task)
            elif stream is not runs and not stream.isSuspended:
                stream.isSuspended = True
                self.reporter.suspended(stream.task)

    def _graceOver(self) -> None:
        self._graceCall = None
        # It may have ended just now.
        self.child.drain()
        if self.state is WorkerState.STOPPING and self._child is not None:
            self._kill(Ending.ABORTED)

    def _dropGrace(self) -> None:
        if self._graceCall is not None:
            self._graceCall.cancel()
            self._graceCall = None

    # Sending.

    def _nextSeq(self) -> int:
        self._lastSeq += 1
        return self._lastSeq

    def _sendCall(self, kind: Kind, sent: Sent) -> None:
        """Send a call, after the Residents that it needs. One that goes to an idle process is sent at once."""
        encoded = self._shared.encoder.encode(sent.call)
        for token in encoded.tokens:
            self._sendResident(token)
        isFirst = not len(self.inFlight)
        self.inFlight.add(sent)
        mail = self.child.post()[0] if self.streams else 0
        pieces = pack(kind, sent.seq, encoded.pickle.payload, encoded.pickle.buffers, mail=mail)
        if isFirst:
            self.child.send(pieces)
        else:
            self.child.cork(pieces)

    def _sendResident(self, token: int) -> None:
        if token not in self.child.residents:
            encoded = self._shared.encoder.resident(token)
            self.child.residents.add(token)
            for inner in encoded.tokens:
                self._sendResident(inner)
            self.child.cork(pack(Kind.RESIDENT, token, encoded.pickle.payload, encoded.pickle.buffers))

    def _revokeAfter(self, seq: int) -> list[Sent]:
        """Take back the tasks' calls after this number that have not begun."""
        mail, begun = self.child.post()
        back = self.inFlight.popTasksAfter(max(seq, begun))
        self.child.send(pack(Kind.REVOKED, 0, b"".join(_SEQ.pack(sent.seq) for sent in back), mail=mail))
        return back

    def _giveBack(self, back: list[Sent]) -> None:
        tasks = [sent.task for sent in back if sent.task is not None and not sent.isDropped]
        if tasks:
            self.reporter.takenBack(tasks)

    # From process to process.

    def _start(self, updates: Iterable[Sent] = ()) -> None:
        """Start a process, and have it make the updates that were made before."""
        self._isUp = False
        self._ending = Ending.UNASKED
        self._startFailure = None
        self.state = WorkerState.STARTING
        self._child = Child(self.clock, self._osNiceness, self, self._shared.readBudget)
        self.pid = self._child.pid
        for sent in updates:
            self._sendCall(Kind.UPDATE, sent)

    def frameReceived(self, frame: Frame) -> None:
        """A frame has come. While the process starts, frames answer updates."""
        if frame.kind == Kind.READY:
            self._lookUp()
        else:
            self._answers.take(frame)
            if not self._isUp:
                self._lookUp()

    def framesDone(self) -> None:
        """All frames that came together have been told."""
        if self._isUp:
            self.reporter.ready(self)

    def childWrote(self, stream: str, text: str) -> None:
        """Output has come that is no task's own: it is credited to the one that runs."""
        self.reporter.wrote(self, self._runs.task if self._runs is not None else None, stream, text)

    def failStart(self, reason: str) -> None:
        """An update that had been made before has failed in the new process: it is of no use."""
        self._startFailure = reason
        self._kill(Ending.UNASKED)

    def _lookUp(self) -> None:
        """The process is up when it has said so and made the updates."""
        if self._child is not None and not len(self.inFlight) and not self._isUp and self._startFailure is None:
            self._isUp = True
            self.state = WorkerState.IDLE
            self.refresh()
            self.reporter.started(self)

    def _finish(self) -> None:
        """There is nothing to do any more: let the process end."""
        if self._ending is Ending.UNASKED:
            self._ending = self._wish
            self.state = WorkerState.STOPPING
            self.child.send(pack(Kind.STOP))
            self._graceCall = self.clock.callLater(STOP_GRACE, self._stopGraceOver)

    def _stopGraceOver(self) -> None:
        self._graceCall = None
        self.child.kill()

    def _kill(self, ending: Ending) -> None:
        if self._child is not None:
            self._ending = ending
            self._child.kill()

    def childExited(self, exit: Exit) -> None:
        """The process has ended: start another if there should be one, and tell what became of the tasks."""
        child = self.child
        death = Death(child, exit, self._ending, self.inFlight.popAll(), self.streams)
        self.streams = []
        self._down()
        child.close()
        self._goOn(death)
        if death.ending in (Ending.UNASKED, Ending.KILLED):
            self.reporter.lost(self, death.error)
        if self._child is not None:
            self.reporter.replaced(self)
        death.tell(self.reporter)
        self.reporter.ready(self)
        gone, self._gone = self._gone, []
        for waiting in gone:
            waiting.callback(None)

    def _down(self) -> None:
        self._isUp = False
        self._child = None
        self._runs = None
        self._dropGrace()
        self.setIdle()
        self.suspended = []
        self.pid = None
        self.state = WorkerState.GONE

    def _goOn(self, death: Death) -> None:
        """Start the next process, unless this worker was to stop, or its processes die for nothing too often."""
        limit = self._shared.restarts
        if self._wish is Ending.STOPPED:
            self._shared.workers.discard(self)
        elif death.isForNothing and not limit.allows(self.clock.seconds()):
            reason = self._startFailure or str(death.error)
            self._giveUp(f"Worker processes ended {limit.most + 1} times in {limit.seconds:g} s for nothing: {reason}")
        else:
            self._wish = Ending.UNASKED
            try:
                self._start(self._replay(death.updatesBack()))
            except (OSError, WorkerError) as error:
                self._child = None
                self._giveUp(f"A worker process could not be started: {error}")

    def _replay(self, waiting: list[Sent]) -> list[Sent]:
        """The updates that a new process must make: all that are kept, and those that the old one did not get to."""
        deferreds = {id(sent.call): sent.update for sent in waiting}
        calls = list(self.reporter.updates())
        calls += [sent.call for sent in waiting if not any(sent.call is call for call in calls)]
        return [Sent(self._nextSeq(), call, UNMEASURED, update=deferreds.get(id(call))) for call in calls]

    def _giveUp(self, reason: str) -> None:
        self.state = WorkerState.GONE
        self._shared.workers.discard(self)
        self.resign()
        self._shared.gaveUp(reason)


def _outranks(task: Task, running: Task) -> bool:
    """Whether a stream gives way to a task."""
    if task.doNext != running.doNext:
        return task.doNext
    return task.niceness < running.niceness
