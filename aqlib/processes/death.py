# SPDX-License-Identifier: Apache-2.0
"""Death: what the end of a worker process means for the calls that it had."""

from __future__ import annotations

import enum

from twisted.python.failure import Failure

from ..errors import MemoryLimitExceeded, WorkerLost
from ..interfaces import Reporter
from ..task import Task
from .child import Child, Exit
from .inflight import Sent
from .stream import RemoteStream


class Ending(enum.Enum):
    """Why a process ends."""

    UNASKED = "it died"
    STOPPED = "the worker was told to stop"
    RESTARTED = "a new process is to take its place"
    ABORTED = "its task was cancelled and did not end by itself"
    KILLED = "somebody had it ended at once"
    OVER_MEMORY = "its task took more memory than it may"


class Death:
    """The end of a process.

    Args:
        child: The process.
        exit: How it ended.
        ending: Why.
        reason: More of why, perhaps empty.
        sent: The calls that it had not answered.
        streams: Its streams that had not ended.

    Attributes: `lost`, the calls that had begun, at most one; `back`, those that had not, and can be made elsewhere;
    `neverWas`: the system has refused to start it; `error`, which tells all this.
    """

    def __init__(
        self,
        child: Child,
        exit: Exit,
        ending: Ending,
        reason: str,
        sent: list[Sent],
        streams: list[RemoteStream],
    ) -> None:
        begun = child.page.begun
        self.ending = ending
        self.streams = streams
        self.lost = [one for one in sent if one.seq <= begun]
        self.back = [one for one in sent if one.seq > begun]
        # The one that ran comes first: it is to blame.
        ran = [stream for stream in streams if stream.seq == child.page.running]
        calls = [one.call for one in self.lost] + [stream.call for stream in (*ran, *streams)]
        self.neverWas = child.pid is None
        kind = MemoryLimitExceeded if ending is Ending.OVER_MEMORY else WorkerLost
        why = f"It was ended because {ending.value}. {reason}".rstrip()
        self.error = kind(
            child.pid or 0,
            exit.signal,
            exit.code,
            calls[0].describe(200) if calls else None,
            len(self.tasksBack()),
            exit.text if ending is Ending.UNASKED or self.neverWas else why,
        )

    @property
    def isForNothing(self) -> bool:
        """Whether it died by itself and cost no task: when that goes on, it goes on for ever."""
        return self.ending is Ending.UNASKED and not self.streams and all(one.task is None for one in self.lost)

    def tasksBack(self) -> list[Task]:
        """The tasks that had not begun."""
        return [one.task for one in self.back if one.task is not None and not one.isDropped]

    def updatesBack(self) -> list[Sent]:
        """The updates that had not begun."""
        return [one for one in self.back if one.update is not None]

    def dropUpdates(self) -> None:
        """No process comes after this one: tell those who wait for updates that had not begun."""
        for one in self.updatesBack():
            assert one.update is not None
            one.update.errback(Failure(self.error))

    def tell(self, reporter: Reporter) -> None:
        """Tell the queue what became of each task, and those who wait for updates."""
        back = self.tasksBack()
        if back:
            reporter.takenBack(back, self.error if self.isForNothing and not self.lost else None)
        for one in self.lost:
            if one.update is not None:
                one.update.errback(Failure(self.error))
            elif one.task is not None and not one.isDropped:
                reporter.failed(one.task, Failure(self.error))
        for stream in self.streams:
            if stream.isStopping and not stream.isDropped:
                reporter.succeeded(stream.task, None, None, None)
            elif not stream.isDropped:
                reporter.failed(stream.task, Failure(self.error))
