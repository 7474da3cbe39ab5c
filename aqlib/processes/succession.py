# SPDX-License-Identifier: Apache-2.0
"""The Succession: the processes of one worker, one after the other, until it is to have none any more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..errors import EncodingError, WorkerError
from ..frames import Kind, pack
from .child import Child
from .death import Death, Ending
from .inflight import UNMEASURED, Sent
from .shared import Shared

if TYPE_CHECKING:
    from .worker import ProcessWorker


class Succession:
    """Starts a worker's processes, has them end, and starts the next ones within the limit of restarts.

    Args:
        worker: Whose processes they are.
        shared: Has the limit of restarts, which holds for all workers of a queue together.
        osNiceness: What to add to the operating system's niceness.

    Attributes: `child`, the process that there is; `isUp`: it has said that it is ready, and made the updates; `wish`,
    why it is to end when it has nothing to do, UNASKED while it is not; `reason`, what to tell of its end besides.
    """

    def __init__(self, worker: ProcessWorker, shared: Shared, osNiceness: int) -> None:
        self.child: Child | None = None
        self.isUp = False
        self.wish = Ending.UNASKED
        self._worker = worker
        self._shared = shared
        self._osNiceness = osNiceness
        self._ending = Ending.UNASKED
        self.reason = ""
        self._startFailure: str | None = None

    def start(self, waiting: Iterable[Sent] = (), isPatient: bool = False) -> None:
        """Start a process, and have it make all updates that were made before. Raises WorkerError or OSError.

        Args:
            waiting: The updates that the process before it did not get to.
            isPatient: Try again for a while when the system refuses it for want of something that may come back.
        """
        updates = self._replay(list(waiting))
        self.isUp = False
        self._ending = Ending.UNASKED
        self._startFailure = None
        self.child = Child(self._worker.clock, self._osNiceness, self._worker, self._shared, isPatient)
        try:
            for sent in updates:
                self._worker.sender.send(Kind.UPDATE, sent, isMail=False)
        except EncodingError as error:
            self.failStart(str(error))

    def becomesUp(self) -> bool:
        """Whether the process has just become ready for its first task."""
        if self.child is None or self.isUp or len(self._worker.inFlight) or self._startFailure is not None:
            return False
        self.isUp = True
        self._worker.pid = self.child.pid
        return True

    def failStart(self, reason: str) -> None:
        """An update that had been made before has failed in the new process: it is of no use."""
        self._startFailure = reason
        self.kill(Ending.UNASKED)

    def finish(self) -> bool:
        """There is nothing to do any more: let the process end. False if it was told so already."""
        if self.child is None or self._ending is not Ending.UNASKED:
            return False
        self._ending = self.wish
        self.child.send(pack(Kind.STOP))
        return True

    def kill(self, ending: Ending, reason: str = "") -> None:
        """End the process at once. `reason`: what to tell besides."""
        if self.child is not None:
            self._ending, self.reason = ending, reason
            self.child.kill()

    def ended(self) -> Ending:
        """The process has ended. Returns why."""
        self.child = None
        self.isUp = False
        return self._ending

    def goOn(self, death: Death) -> None:
        """Start the next process, unless the worker was to stop, or processes die for nothing too often."""
        limit = self._shared.restarts
        if self.wish is Ending.STOPPED:
            self._shared.workers.discard(self._worker)
        elif death.neverWas and death.ending is Ending.UNASKED:
            self._giveUp(death.error.hint)
        elif death.isForNothing and not limit.allows(self._worker.clock.seconds(), len(self._shared.workers)):
            reason = self._startFailure or str(death.error)
            self._giveUp(f"Worker processes ended {limit.count} times in {limit.seconds:g} s for nothing: {reason}")
        else:
            self.wish = Ending.UNASKED
            try:
                self.start(death.updatesBack(), isPatient=True)
            except (OSError, WorkerError) as error:
                self.child = None
                self._giveUp(f"A worker process could not be started: {error}")

    def _replay(self, waiting: list[Sent]) -> list[Sent]:
        """The updates that a new process must make: all that are kept, and those that the old one did not get to."""
        deferreds = {id(sent.call): sent.update for sent in waiting}
        # What the old process did not get to came after what it did, whether it has been replaced since or not.
        calls = [call for call in self._worker.reporter.updates() if id(call) not in deferreds]
        calls += [sent.call for sent in waiting]
        nextSeq = self._worker.sender.nextSeq
        return [Sent(nextSeq(), call, UNMEASURED, update=deferreds.get(id(call))) for call in calls]

    def _giveUp(self, reason: str) -> None:
        self._shared.workers.discard(self._worker)
        self._worker.resign()
        self._shared.gaveUp(reason)
