# SPDX-License-Identifier: Apache-2.0
"""Who talks to whom: what a queue asks of a worker, and what a worker tells its queue."""

from __future__ import annotations

import enum
from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, Any, Protocol

from zope.interface import Attribute, Interface

if TYPE_CHECKING:
    from twisted.internet.defer import Deferred
    from twisted.python.failure import Failure

    from .context import Progress
    from .errors import WorkerLost
    from .source import Source
    from .task import Call, Task


class WorkerState(enum.Enum):
    """What a worker is at."""

    STARTING = "starting"
    IDLE = "idle"
    BUSY = "busy"
    STOPPING = "stopping"  # its task was cancelled or timed out, and it is not free yet
    GONE = "gone"


class Reporter(Protocol):
    """Whom a worker tells what becomes of the tasks it was given. Call it in the reactor's thread."""

    def began(self, task: Task, ago: float = 0.0) -> None:
        """A task that was sent ahead has begun, or began so many seconds ago."""

    def succeeded(
        self, task: Task, result: Any, size: int | None, cpuTime: float | None, wallTime: float = 0.0
    ) -> None:
        """A task has ended with a result, of so many bytes on its way, after so many seconds of CPU time.

        It may be one that was sent ahead and not told to have begun: then it did so many seconds ago.
        """

    def failed(self, task: Task, failure: Failure, cpuTime: float | None = None) -> None:
        """A task has ended with an error."""

    def streaming(self, task: Task, source: Source) -> None:
        """A task's result is a stream, whose items will come through `source`."""

    def suspended(self, task: Task) -> None:
        """A stream gives way, or waits for its consumer."""

    def resumed(self, task: Task) -> None:
        """A stream goes on."""

    def stopping(self, task: Task) -> None:
        """A stream's consumer wants no more."""

    def blocked(self, worker: Worker, held: int) -> None:
        """The streams of a worker hold all the bytes that they may, and none of them goes on."""

    def streamed(self, task: Task, count: int) -> None:
        """So many more items of a stream have come."""

    def progressed(self, task: Task, progress: Progress) -> None:
        """A task has told how far it is."""

    def wrote(self, worker: Worker, task: Task | None, stream: str, text: str) -> None:
        """Output has come: `stream` is 'stdout', 'stderr' or 'log'."""

    def takenBack(self, tasks: list[Task], suspect: WorkerLost | None = None) -> None:
        """Calls that had been sent have not begun and never will there.

        `suspect`: the end of the worker's process, when the mere arrival of the first of them may have caused it.
        """

    def ready(self, worker: Worker) -> None:
        """The worker may take more."""

    def freed(self, worker: Worker) -> None:
        """The worker, which was stopping, is free again."""

    def started(self, worker: Worker) -> None:
        """The worker's process is ready for its first task."""

    def lost(self, worker: Worker, error: WorkerLost) -> None:
        """The worker's process has ended unasked."""

    def replaced(self, worker: Worker) -> None:
        """A new process has taken the place of the one that ended."""

    def updates(self) -> Iterable[Call]:
        """The updates so far, which a worker that comes, and each new process, must make before its first task."""


class Worker(Protocol):
    """IWorker, for type checkers. See there."""

    ID: int
    cQualified: list[Hashable]
    iQualified: list[Hashable]

    @property
    def name(self) -> str: ...
    @property
    def pid(self) -> int | None: ...
    @property
    def state(self) -> WorkerState: ...
    @property
    def task(self) -> Task | None: ...
    @property
    def suspended(self) -> list[Task]: ...
    @property
    def tasksDone(self) -> int: ...
    def busySeconds(self) -> float: ...
    def setReporter(self, reporter: Reporter, clock: Any) -> None: ...
    def setResignator(self, resign: Callable[[], None]) -> None: ...
    def takes(self, task: Task) -> Taking: ...
    def run(self, task: Task) -> None: ...
    def takeBack(self) -> None: ...
    def abort(self, task: Task) -> None: ...
    def update(self, call: Call) -> Deferred[Any]: ...
    def stop(self) -> Deferred[None]: ...
    def crash(self) -> list[Task]: ...


class Taking(enum.Enum):
    """A worker's answer to a task that is offered to it."""

    NO = 0
    NOW = 1  # it begins at once
    AHEAD = 2  # it is sent, and begins when those before it have ended


class IWorker(Interface):
    """A worker runs tasks, one at a time (streams that gave way not counted).

    A queue calls `setReporter` and `setResignator` when the worker is attached. From then on it offers tasks with
    `takes`, gives them with `run`, and is told through the reporter what becomes of each: exactly one of `succeeded`,
    `failed` and `takenBack`, unless `abort` or `crash` came before.

    It may have more methods than these:

    - `ask(task)`: have `aqlib.cancelled()` be True in a running task from now on, and wait for its result as before.
      That is what a `softTimeout` does, which has no effect on a worker without it.
    - `pause(task)` and `resume(task)`: have a running task stand still, and go on. `pause` returns whether it does;
      until `resume`, `abort` or `crash` the worker takes no tasks. On a worker without them no task can be paused.
    """

    ID = Attribute("The number that the queue gave it; it stays when the process behind it is replaced.")
    cQualified = Attribute("The list of series that all workers of this class serve.")
    iQualified = Attribute("The list of series that this one serves besides.")
    name = Attribute("What to call it where people read it.")
    pid = Attribute("Its process, or None when it is not a process of its own.")
    state = Attribute("A WorkerState.")
    task = Attribute("The task that it runs, or None.")
    suspended = Attribute("The list of its streams that gave way or wait for their consumers.")
    tasksDone = Attribute("How many tasks it has brought to an end.")

    def busySeconds() -> float:
        """For how long it has run tasks, up to now."""

    def setReporter(reporter: Reporter, clock: Any) -> None:
        """Take the queue's ear, and its clock (IReactorTime), and make the updates before any task."""

    def setResignator(resign: Callable[[], None]) -> None:
        """Take the function to call, once, when it can accept no more tasks ever."""

    def takes(task: Task) -> Taking:
        """Whether it would run this task now."""

    def run(task: Task) -> None:
        """Run a task, or have it sent ahead, as `takes` has just said."""

    def takeBack() -> None:
        """Give back, through the reporter, what was sent ahead and has not begun."""

    def abort(task: Task) -> None:
        """End a running task that nobody waits for any more, and nothing else; report nothing of it."""

    def update(call: Call) -> Deferred[Any]:
        """Make a call before any task that is given later. The Deferred fires with its result."""

    def stop() -> Deferred[None]:
        """Take no more, finish what runs, and end. The Deferred fires when it is gone."""

    def crash() -> list[Task]:
        """End at once. Returns the tasks that it had and has not ended, of which nothing is reported any more."""
