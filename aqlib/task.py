# SPDX-License-Identifier: Apache-2.0
"""A Task: one call on its way through the queue. Its state is written by the Dispatcher alone."""

from __future__ import annotations

import enum
import math
import reprlib
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from twisted.internet.defer import Deferred, succeed

from .checks import checkConsumer, checkCount, checkPause, checkSeconds, checkText
from .context import Progress

if TYPE_CHECKING:
    from twisted.internet.interfaces import IConsumer
    from twisted.python.failure import Failure

    from .blocklist import Block
    from .following import Followers
    from .interfaces import Worker
    from .source import Source

NICENESS_RANGE = range(-20, 21)


# What the calls without keywords share, for a dict of its own would be a tenth of a waiting task. Nobody changes it.
NO_KEYWORDS: dict[str, Any] = {}


class TaskState(enum.Enum):
    """Where a task is on its way."""

    # Each is there once, so that its identity says it all; Enum's own hash costs a call of Python code.
    __hash__ = object.__hash__

    HELD = "held"  # waits for other tasks, for its time or for its next attempt, and has no place in the order yet
    WAITING = "waiting"
    RUNNING = "running"
    SUSPENDED = "suspended"  # a stream that gave way, or has no credit: its worker may do other work
    PAUSED = "paused"  # its process stands still until it is resumed
    STOPPING = "stopping"  # a stream whose consumer wants no more, until its iterator is closed
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_RUNNING = frozenset((TaskState.RUNNING, TaskState.SUSPENDED, TaskState.PAUSED, TaskState.STOPPING))
_FINISHED = frozenset((TaskState.DONE, TaskState.FAILED, TaskState.CANCELLED))


class Call:
    """A function and what it is called with. `payload` is what process workers are sent; their queue makes it."""

    __slots__ = ("args", "f", "kw", "payload")

    def __init__(self, f: Callable[..., Any], args: tuple[Any, ...], kw: dict[str, Any]) -> None:
        self.f = f
        self.args = args
        self.kw = kw
        self.payload: object = None

    @property
    def name(self) -> str:
        """The callable's own name, or its type's."""
        name: str = getattr(self.f, "__name__", "")
        return name or type(self.f).__name__

    def describe(self, limit: int = 2000) -> str:
        """The call as one would write it, each argument shortened, in `limit` characters at most."""
        shortener = reprlib.Repr()
        shortener.maxstring = shortener.maxother = 120
        function = getattr(self.f, "__qualname__", None) or type(self.f).__qualname__
        parts = [shortener.repr(argument) for argument in self.args]
        parts += [f"{key}={shortener.repr(argument)}" for key, argument in self.kw.items()]
        text = f"{function}({', '.join(parts)})"
        return text if len(text) <= limit else text[: limit - 1] + "…"


@dataclass(frozen=True, slots=True)
class Options:
    """How a call is queued. One object serves any number of tasks."""

    niceness: int = 0
    series: Hashable = None
    doNext: bool = False
    doLast: bool = False
    timeout: float | None = None
    consumer: IConsumer | None = None
    raw: bool = False
    name: str | None = None
    group: str | None = None
    after: Iterable[Task] = ()  # a single Task is taken, too
    afterAny: bool = False
    notBefore: float | timedelta | datetime | None = None
    retries: int = 0
    backoff: float = 1.0
    retryOn: type[BaseException] | tuple[type[BaseException], ...] | None = None
    softTimeout: float | None = None
    memoryLimit: int | None = None

    def __post_init__(self) -> None:
        checkNiceness(self.niceness)
        if self.doNext and self.doLast:
            raise ValueError("A task cannot be both doNext and doLast.")
        if self.timeout is not None:
            checkSeconds("timeout", self.timeout)
        if self.softTimeout is not None:
            _checkSoftTimeout(self.softTimeout, self.timeout)
        if self.consumer is not None:
            checkConsumer(self.consumer)
        checkText("name", self.name)
        checkText("group", self.group)
        checkCount("retries", self.retries, 0)
        checkPause("backoff", self.backoff)
        if self.retryOn is not None:
            _checkRetryOn(self.retryOn)
        if self.after != ():
            object.__setattr__(self, "after", _tasks(self.after))
        if self.notBefore is not None:
            _checkTime(self.notBefore)
        if self.memoryLimit is not None:
            checkCount("memoryLimit", self.memoryLimit, unit="bytes")


def _checkSoftTimeout(softTimeout: float, timeout: float | None) -> None:
    checkSeconds("softTimeout", softTimeout)
    if timeout is not None and softTimeout >= timeout:
        raise ValueError(f"'softTimeout' is below the timeout of {timeout:g} s, not {softTimeout!r}.")


def _checkRetryOn(retryOn: object) -> None:
    for kind in retryOn if isinstance(retryOn, tuple) else (retryOn,):
        if not (isinstance(kind, type) and issubclass(kind, BaseException)):
            raise TypeError(f"'retryOn' takes a class of exceptions or a tuple of them, and no {kind!r}.")


def _tasks(after: object) -> tuple[Task, ...]:
    if isinstance(after, Task):
        return (after,)
    if not isinstance(after, Iterable):
        raise TypeError(f"'after' takes a task or a list of them, such as submit() gives, not {after!r}.")
    tasks = tuple(after)
    for task in tasks:
        if not isinstance(task, Task):
            raise TypeError(f"'after' takes tasks, such as submit() gives, and no {type(task).__name__}.")
    return tasks


def _checkTime(time: object) -> None:
    if isinstance(time, datetime):
        if time.utcoffset() is None:
            raise ValueError(f"A time needs a time zone, as in datetime.now().astimezone(); {time!r} has none.")
        return
    seconds = time.total_seconds() if isinstance(time, timedelta) else time
    if not isinstance(seconds, (int, float)) or not 0 <= seconds < math.inf:
        raise ValueError(f"'notBefore' is a number of seconds from now, 0 or more, or a datetime, not {time!r}.")


def checkNiceness(niceness: object) -> None:
    """Raise ValueError for what is no niceness."""
    if not isinstance(niceness, int) or niceness not in NICENESS_RANGE:
        raise ValueError(f"Niceness is a whole number from -20 (first) to 20 (last), not {niceness!r}.")


class TaskOwner(Protocol):
    """What a task asks of the queue that it stands in."""

    @property
    def followers(self) -> Followers: ...
    def cancel(self, tasks: Iterable[Task]) -> None: ...
    def setNiceness(self, tasks: Iterable[Task], niceness: int) -> None: ...
    def pauseTask(self, task: Task) -> bool: ...
    def resumeTask(self, task: Task) -> None: ...


class Task(Call):
    """One call, from the moment it is queued until its Deferred has fired.

    Read what you like; change it by `cancel`, `setNiceness` and the methods of the queue. Times are seconds on the
    clock of the queue's reactor. `retries` counts how often it was to be run again after it had failed. `key`,
    `natural`, `turns`, `block` and `sentTo` belong to the Schedule.

    There may be a million of them, so each is few objects: it is its own Call, and its Deferred's canceller.
    """

    __slots__ = (
        "__weakref__", "block", "byHand", "cpuTime", "deferred", "failure", "finishedAt", "id", "isGiven", "items",
        "key", "natural", "niceness", "options", "owner", "progress", "queuedAt", "resultSize", "retries", "sentTo",
        "source", "startedAt", "state", "turns", "worker",
    )  # fmt: skip

    def __init__(
        self,
        id: int,
        f: Callable[..., Any],
        args: tuple[Any, ...],
        kw: dict[str, Any],
        options: Options,
        owner: TaskOwner,
        queuedAt: float,
    ) -> None:
        self.id = id
        self.f = f
        self.args = args
        self.kw = kw or NO_KEYWORDS
        self.payload = None
        self.options = options
        self.owner = owner
        self.isGiven = True
        self.niceness = options.niceness
        self.state = TaskState.WAITING
        self.byHand = False
        self.retries = 0
        self.worker: Worker | None = None
        self.progress: Progress | None = None
        self.items = 0
        self.failure: Failure | None = None
        self.resultSize: int | None = None
        self.cpuTime: float | None = None
        self.queuedAt = queuedAt
        self.startedAt: float | None = None
        self.finishedAt: float | None = None
        self.source: Source | None = None
        self.key = 0
        self.natural = 0
        self.block: Block | None = None
        self.sentTo: Worker | None = None
        self.turns: dict[int, int] | None = None
        # It lets go of its canceller when it fires, so that it and a finished task are no reference cycle.
        self.deferred: Deferred[Any] = Deferred(self)

    def giveDeferred(self) -> Deferred[Any]:
        """The Deferred, for a caller who does not get the Task.

        Its stream then goes with that Deferred: the queue, which has the Task, must not keep what nobody else can take.
        """
        self.isGiven = False
        return self.deferred if self.source is None or not self.deferred.called else self.releaseDeferred()

    def releaseDeferred(self) -> Deferred[Any]:
        """The Deferred, to which the Task refers no longer unless the caller has the Task."""
        deferred = self.deferred
        if not self.isGiven:
            self.deferred = succeed(None)
        return deferred

    def __call__(self, deferred: Deferred[Any]) -> None:
        """What its Deferred calls when that is cancelled."""
        self.cancel()

    def __repr__(self) -> str:
        return f"<Task {self.id} {self.name} {self.state.value}>"

    @property
    def call(self) -> Call:
        """The function and what it is called with."""
        return self

    @property
    def name(self) -> str:
        """What to call it where people read it."""
        return self.options.name or super().name

    @property
    def group(self) -> str | None:
        """What it is a piece of, for people."""
        return self.options.group

    @property
    def series(self) -> Hashable:
        """Which workers may run it, and with whose tasks it takes turns."""
        return self.options.series

    @property
    def doNext(self) -> bool:
        """Whether it goes before all that were not queued so."""
        return self.options.doNext

    @property
    def doLast(self) -> bool:
        """Whether it goes after all that were not queued so."""
        return self.options.doLast

    @property
    def attempts(self) -> int:
        """How often it has begun, as far as that was not undone by a worker that gave it back."""
        return self.retries + (self.startedAt is not None)

    @property
    def isWaiting(self) -> bool:
        """Whether it has not begun (it may have been sent to a worker already)."""
        return self.state is TaskState.WAITING

    @property
    def isHeld(self) -> bool:
        """Whether it waits for other tasks, for its time or for its next attempt."""
        return self.state is TaskState.HELD

    @property
    def isRunning(self) -> bool:
        """Whether it has begun and not ended."""
        return self.state in _RUNNING

    @property
    def isFinished(self) -> bool:
        """Whether its Deferred has been fired."""
        return self.state in _FINISHED

    def cancel(self) -> None:
        """End it, wherever it is: its Deferred errbacks CancelledError at once. A finished one stays as it is."""
        self.owner.cancel([self])

    def pause(self) -> bool:
        """Have its process, and what that has started, stand still until `resume`. Its time-outs do not run meanwhile.

        `startedAt` stays what it was: the time since then has the pauses in it.

        Returns: Whether it does: not when the task does not run (any more), and not on a thread or an async worker.
        """
        return self.owner.pauseTask(self)

    def resume(self) -> None:
        """Go on after `pause`. For a task that is not paused it does nothing."""
        self.owner.resumeTask(self)

    def setNiceness(self, niceness: int) -> None:
        """Re-order it at once. Raises ValueError outside -20 to 20."""
        self.owner.setNiceness([self], niceness)
