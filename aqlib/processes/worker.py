# SPDX-License-Identifier: Apache-2.0
"""ProcessWorker: runs calls in a process of its own, and starts another one when that dies."""

from __future__ import annotations

import signal
from collections.abc import Hashable, Iterable
from typing import Any

from twisted.internet.defer import Deferred, fail, succeed
from twisted.python.failure import Failure
from zope.interface import implementer

from ..baseworker import BaseWorker
from ..errors import WorkerError
from ..frames import Frame, Kind, pack
from ..interfaces import IWorker, Reporter, Taking, WorkerState
from ..streammemory import StreamMemory
from ..task import Call, Task
from .answers import Answers
from .care import Care
from .child import Child, Exit
from .cores import coreCount
from .death import Death, Ending
from .inflight import UNMEASURED, InFlight, Sent
from .present import Present
from .procfs import sample
from .sender import Sender
from .shared import Shared
from .stream import RemoteStream
from .succession import Succession

# At most so many seconds of measured work are sent to a worker.
AHEAD = 0.001


@implementer(IWorker)
class ProcessWorker(BaseWorker):
    """A worker with a process of its own. When that dies it starts another one; its ID stays.

    Args:
        series: The series that it serves besides 'process', 'local' and None.
        osNiceness: What to add to the operating system's niceness of its process.
        callStats: Keep the times of its calls, for `stats`. A ProcessQueue has this option for all of its workers.
        shared: What it shares with the other process workers of its queue.
    """

    kind = "process"

    def __init__(
        self,
        series: Iterable[Hashable] | str | None = None,
        *,
        osNiceness: int = 0,
        callStats: bool = False,
        shared: Shared | None = None,
    ) -> None:
        super().__init__(series)
        self.state = WorkerState.STARTING
        self.inFlight = InFlight()
        self.streams: list[RemoteStream] = []
        self._shared = shared or Shared()
        if callStats and self._shared.callTimes is None:
            self._shared.callTimes = []
        self.memory = StreamMemory(self._shared.streamMemory)
        self.succession = Succession(self, self._shared, osNiceness)
        self.sender = Sender(self.succession, self._shared.encoder, self.inFlight)
        self.care = Care(self, self._shared.limits, self._shared.cores)
        self.isPaused = False
        self._answers = Answers(self, self._shared)
        self.present = Present(self)
        self._gone: list[Deferred[None]] = []

    @classmethod
    def classSeries(cls) -> list[Hashable]:
        """See BaseWorker."""
        return ["process", "local"]

    @staticmethod
    def cores() -> int:
        """How many cores this process may use."""
        return coreCount()

    def stats(self) -> list[tuple[float, float]]:
        """As ProcessQueue.stats, of the calls of this worker and of those that share its settings."""
        return list(self._shared.callTimes or ())

    def setReporter(self, reporter: Reporter, clock: Any) -> None:
        """Take the queue's ear and clock, and start the process. Raises WorkerError or OSError when it cannot."""
        super().setReporter(reporter, clock)
        self.succession.start()
        self._shared.workers.add(self)
        self._starts(self.child)

    # Tasks.

    def takes(self, task: Task) -> Taking:
        """Now when it is idle; ahead when its stream is to give way, or all that it has is short as measured."""
        inFlight = self.inFlight
        if not self.succession.isUp or self.isPaused or self.state is WorkerState.STOPPING or self._isClosed():
            return Taking.NO
        head = inFlight.head
        if head is None:
            stream = self.nextStream() if self.streams else None
            if stream is None:
                return Taking.NOW
            return Taking.AHEAD if _outranks(task, stream.task) else Taking.NO
        if head.task is None or head.isDropped:
            return Taking.NO
        seconds = self._shared.measured.get(task.call.f)
        if seconds is None or inFlight.seconds + seconds > AHEAD:
            return Taking.NO
        return Taking.AHEAD

    def _isClosed(self) -> bool:
        """Whether the process is to take no more tasks, for it is to end.

        One that is to be recycled goes on for others while it has open streams that wait for their takers.
        """
        wish = self.succession.wish
        if wish is Ending.UNASKED:
            care = self.care
            isDue = care.counts and not care.hasRoom(len(self.inFlight) + len(self.streams))
        elif wish is Ending.RESTARTED:
            isDue = True
        else:
            return True
        return isDue and not (self.streams and self.nextStream() is None)

    def run(self, task: Task) -> None:
        """Send the call of a task."""
        sender, call = self.sender, task.call
        try:
            sent = Sent(sender.nextSeq(), call, self._shared.measured.get(call.f) or UNMEASURED, task)
            sender.send(Kind.CALL, sent, bool(self.streams))
        except Exception:
            self.reporter.failed(task, Failure())
            self.reporter.ready(self)
            return
        if self.inFlight.head is sent:
            self.refresh()

    def takeBack(self) -> None:
        """Give back the calls that were sent ahead and have not begun."""
        waiting = next((sent for sent in self.inFlight.all() if sent.task is not None and sent.task.isWaiting), None)
        if waiting is not None:
            self._giveBack(self.sender.revokeAfter(waiting.seq - 1))

    def abort(self, task: Task) -> None:
        """Ask the task to end, and end its process, and with it nothing else that has begun, when it does not."""
        self.goOn()
        sent = self.inFlight.of(task)
        if sent is not None:
            # Whatever has not begun is taken back first, so that nothing else can be running when the process is ended.
            back = self.sender.revokeAfter(sent.seq - 1)
            self._giveBack([other for other in back if other is not sent])
            if sent not in back:
                sent.isDropped = True
                self.child.page.cancelled = sent.seq
        for stream in self.streams:
            if stream.task is task:
                stream.isDropped = True
                self.stopStream(stream)
        self.refresh()

    def pause(self, task: Task) -> bool:
        """Let the process stand still while it runs this task; calls that were sent ahead are given back.

        Returns: Whether it does: not when it runs another task, or none.
        """
        self.takeBack()
        self.child.drain()
        if self.task is not task or self.state is not WorkerState.BUSY:
            return False
        self.isPaused = True
        self.child.signal(signal.SIGSTOP)
        return True

    def resume(self, task: Task) -> None:
        """Let the process go on with its paused task."""
        if self.task is task:
            self.goOn()

    def goOn(self) -> None:
        """Let the process go on, if it was paused."""
        if self.isPaused:
            self.isPaused = False
            self.child.signal(signal.SIGCONT)

    def ask(self, task: Task) -> None:
        """Have `aqlib.cancelled()` be True in a task that runs, and wait for its result as before."""
        running: list[Sent | RemoteStream] = [*self.inFlight.all()[:1], *self.streams]
        for one in running:
            if one.task is task:
                self.child.page.cancelled = one.seq

    def stopStream(self, stream: RemoteStream) -> None:
        """Nobody wants more of a stream: have its iterator closed."""
        if stream.isStopping:
            return
        stream.isStopping = True
        if stream not in self.streams:  # its process has ended, and that is its end
            return
        self.child.send(pack(Kind.CLOSE, stream.seq, mail=self.child.post()[0]))
        if stream is self.present.runs:
            self.child.page.cancelled = stream.seq
            self.goOn()
        if not stream.isDropped:
            self.reporter.stopping(stream.task)
        self.refresh()

    def grant(self, stream: RemoteStream, limits: bytes, wasOut: bool) -> None:
        """Let a stream go on up to these limits."""
        if stream not in self.streams:  # its process has ended
            return
        if wasOut and len(self.streams) > 1:
            # Another one may run in its place, and is to look up between two items.
            self.child.send(pack(Kind.CREDIT, stream.seq, limits, mail=self.child.post()[0]))
        else:
            self.child.cork(pack(Kind.CREDIT, stream.seq, limits))

    def tellTaken(self) -> None:
        """Tell the process at once what was taken of all its streams: memory is tight."""
        for stream in list(self.streams):
            stream.tellTaken()

    def update(self, call: Call) -> Deferred[Any]:
        """Make a call after the one that runs, and before all others."""
        if self.succession.child is None:
            return fail(WorkerError(f"{self.name} has ended."))
        self.takeBack()
        update: Deferred[Any] = Deferred()
        try:
            sent = Sent(self.sender.nextSeq(), call, UNMEASURED, update=update)
            self.sender.send(Kind.UPDATE, sent, bool(self.streams))
        except Exception:
            return fail(Failure())
        self.refresh()
        return update

    # Its end.

    def stop(self) -> Deferred[None]:
        """Take no more, finish what runs, and end. Fires when the process is gone."""
        if self.succession.child is None:
            return succeed(None)
        self.succession.wish = Ending.STOPPED
        gone: Deferred[None] = Deferred()
        self._gone.append(gone)
        if not self.succession.isUp:
            self.succession.kill(Ending.STOPPED)
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
        self.succession.wish = Ending.STOPPED
        self.succession.kill(Ending.STOPPED)
        return unfinished

    def kill(self) -> None:
        """End the process at once, as if it had died, and start another."""
        self.succession.kill(Ending.KILLED)

    def restart(self) -> None:
        """Take no more, finish what runs, and go on in a new process."""
        if self.succession.wish is Ending.UNASKED:
            self.succession.wish = Ending.RESTARTED
            self.refresh()

    def forget(self, token: int) -> None:
        """A Resident has died: its copy may go."""
        child = self.succession.child
        if child is not None and token in child.residents:
            child.residents.discard(token)
            child.cork(pack(Kind.FORGET, token))

    # What the process is at.

    def memUsage(self) -> int | None:
        """The memory that its process has in RAM, in kilobytes; None where /proc does not tell."""
        found = sample(self.pid)
        return found.memory // 1024 if found is not None else None

    @property
    def child(self) -> Child:
        """The process."""
        assert self.succession.child is not None, "The worker has ended."
        return self.succession.child

    def refresh(self) -> None:
        """Find out what runs now, and tell what has changed. To be called after every change."""
        self.present.refresh()

    def _giveBack(self, back: list[Sent]) -> None:
        tasks = [sent.task for sent in back if sent.task is not None and not sent.isDropped]
        if tasks:
            self.reporter.takenBack(tasks)

    def nextStream(self) -> RemoteStream | None:
        """The stream that runs when no call does."""
        return self.memory.next(self.streams)

    # What the process says and does.

    def frameReceived(self, frame: Frame) -> None:
        """A frame has come. While the process starts, frames answer updates."""
        kind = frame.kind
        if kind != Kind.RESULT:
            self.refresh()
        if kind != Kind.READY:
            self._answers.takers[kind](frame)
        if not self.succession.isUp:
            self._lookUp()

    def framesDone(self) -> None:
        """All frames that came together have been told: what runs now is told once for all of them."""
        if self.succession.isUp:
            self.refresh()
            self.reporter.ready(self)

    def childWrote(self, stream: str, text: str) -> None:
        """Output has come that is no task's own: it is credited to the one that runs."""
        runs = self.present.runs
        self.reporter.wrote(self, runs.task if runs is not None else None, stream, text)

    def childExited(self, exit: Exit) -> None:
        """The process has ended: start another if there should be one, and tell what became of the tasks."""
        child, streams = self.child, self.streams
        death = Death(child, exit, self.succession.ended(), self.succession.reason, self.inFlight.popAll(), streams)
        self.streams = []
        for stream in streams:
            stream.ended()
        self._down()
        child.close()
        self.succession.goOn(death)
        if death.ending in (Ending.UNASKED, Ending.KILLED, Ending.OVER_MEMORY):
            self.reporter.lost(self, death.error)
        if self.succession.child is not None:
            self._starts(self.succession.child)
            self.reporter.replaced(self)
        else:
            death.dropUpdates()
        death.tell(self.reporter)
        self.reporter.ready(self)
        gone, self._gone = self._gone, []
        for waiting in gone:
            waiting.callback(None)

    def _starts(self, child: Child) -> None:
        self.care.processStarts(child)
        self.pid = child.pid
        self.state = WorkerState.STARTING

    def _lookUp(self) -> None:
        """The process is up when it has said so and made the updates."""
        if self.succession.becomesUp():
            self.care.processIsUp(self.child)
            self.state = WorkerState.IDLE
            self.refresh()
            self.reporter.started(self)

    def _down(self) -> None:
        self.present.end()
        self.care.processEnded()
        self.isPaused = False
        self.setIdle()
        self.suspended = []
        self.pid = None
        self.state = WorkerState.GONE


def _outranks(task: Task, running: Task) -> bool:
    """Whether a stream gives way to a task."""
    if task.doNext != running.doNext:
        return task.doNext
    return task.niceness < running.niceness
