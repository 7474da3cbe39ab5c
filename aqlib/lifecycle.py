# SPDX-License-Identifier: Apache-2.0
"""The Lifecycle of tasks: from their beginning on a worker to their end. It alone writes a task's state."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from .context import Progress
from .echo import Echo
from .errors import DependencyFailed, TimeoutError, WorkerLost
from .following import Followers
from .holding import Holding
from .interfaces import Worker
from .iteration import ConsumerFeed, Deferator
from .observers import Observer, Observers
from .quarantine import Quarantine
from .reactors import soonCaller
from .retrying import backoffOf, wantsRetry
from .schedule import Schedule
from .source import Source
from .task import Task, TaskState
from .timelimit import TimeLimit


class Lifecycle(ABC):
    """The part of the Dispatcher that brings tasks from their beginning to their end, and streams to their takers.

    Attributes: `schedule`, the waiting tasks; `running`, the tasks that have begun and not ended, the oldest first;
    `holding`, those that are held; `followers`, who wants to know of the end of tasks; `quarantine`, those that have
    cost too many workers their processes; `onRelease` is called when one that was held has been queued; `mayRetry`:
    while it is False no task is run again.
    """

    def __init__(self, schedule: Schedule, clock: IReactorTime, observers: Observers) -> None:
        self.schedule = schedule
        self.running: dict[Task, None] = {}
        self.followers = Followers()
        self.quarantine = Quarantine(observers)
        self.mayRetry = True
        self.onRelease: Callable[[], None] | None = None
        self._clock = clock
        self.callSoon = soonCaller(clock)
        self.echo = Echo()
        # None: unless an observer takes it.
        self.isOutputShown: bool | None = None
        self._log = Logger(namespace="aqlib.queue")
        self.holding = Holding(clock, self._release, self.fail)
        self._observers = observers
        self._limits: dict[Task, TimeLimit] = {}
        # What is asked at each task's end, without a call.
        self._followed = self.followers.byTask

    @abstractmethod
    def put(self, task: Task) -> None:
        """Queue a task, and start it if a worker is free."""

    @abstractmethod
    def fail(self, task: Task, failure: Failure) -> None:
        """End a task, held, waiting or running, with an error."""

    @abstractmethod
    def pump(self) -> None:
        """Give waiting tasks to workers until no worker takes one."""

    @abstractmethod
    def settled(self) -> None:
        """A task has come to its end."""

    # Before the beginning, or between two attempts.

    def hold(self, task: Task) -> None:
        """Take a new task that is to wait first for what its options say."""
        try:
            isHeld = self.holding.add(task)
        except DependencyFailed:
            self.finish(task, TaskState.FAILED, Failure())
            return
        if not isHeld:
            self.put(task)
            return
        task.state = TaskState.HELD
        self._observers.tell(Observer.taskHeld, task)

    def _release(self, task: Task) -> None:
        """A task is held no more."""
        task.state = TaskState.WAITING
        self.put(task)
        if self.onRelease is not None:
            self.onRelease()

    def conclude(self, task: Task, failure: Failure, cpuTime: float | None = None) -> None:
        """An attempt at a task has failed on its worker: hold the task until its next one, or bring it to its end."""
        hasKilledMany = isinstance(failure.value, WorkerLost) and self.quarantine.died(task)
        if hasKilledMany or not self.mayRetry or not wantsRetry(task, failure):
            task.cpuTime = cpuTime
            self.finish(task, TaskState.FAILED, failure)
            return
        self._forgetAttempt(task)
        task.retries += 1
        task.state = TaskState.HELD
        self.holding.addFor(task, backoffOf(task.options, task.retries))
        self._observers.tell(Observer.taskRetried, task, failure)
        if task.isHeld:
            self._observers.tell(Observer.taskHeld, task)

    def _forgetAttempt(self, task: Task) -> None:
        """Make a task as it was before it began."""
        self.running.pop(task, None)
        self._stopLimit(task)
        if task.source is not None:
            task.source.listen(lambda: None)
        task.source = task.worker = task.startedAt = task.progress = task.turns = None
        task.byHand = False

    # From the beginning to the end.

    def begin(self, task: Task, worker: Worker, ago: float = 0.0) -> None:
        """A waiting task begins, or began so many seconds ago."""
        self.schedule.take(task)
        task.worker = worker
        task.state = TaskState.RUNNING
        task.startedAt = self._clock.seconds() - ago
        self.running[task] = None
        options = task.options
        if options.timeout is not None or options.softTimeout is not None:
            self._limits[task] = TimeLimit(
                self._clock,
                (options.softTimeout, lambda: self._askToEnd(task)),
                (options.timeout, lambda: self._expired(task)),
            )
        if self._observers.all:
            self._observers.tell(Observer.taskStarted, task)

    def putBack(self, task: Task) -> None:
        """A task that had begun waits again, where it stood."""
        del self.running[task]
        self._stopLimit(task)
        task.state, task.worker, task.startedAt = TaskState.WAITING, None, None
        self.schedule.putBack(task)
        self._observers.tell(Observer.tasksMoved, [task])

    def finish(self, task: Task, state: TaskState, outcome: Any) -> None:
        """Bring a task that has left the Schedule and Holding to its end, and fire its Deferred. The first end counts.

        There may be a second: an observer that is told of one task may cancel another whose result is at hand.
        """
        if task.finishedAt is not None:
            return
        task.state = state
        task.finishedAt = self._clock.seconds()
        self.running.pop(task, None)
        if self._limits:
            self._stopLimit(task)
        if self.quarantine.counts:
            self.quarantine.forget(task)
        if isinstance(outcome, Failure):
            task.failure = outcome
        task.payload = None  # only an unfinished task needs it
        if self.echo.waiting:
            self.echo.ended(task)
        if self._observers.all:
            self._observers.tell(Observer.taskFinished, task)
        if task.source is None:
            task.deferred.callback(outcome)
        elif state is TaskState.CANCELLED:
            task.source.abandon(outcome)
        else:
            task.source.finish(task.failure)
        if self._followed:
            self.followers.tell(task)
        self.settled()

    def _askToEnd(self, task: Task) -> None:
        ask = getattr(task.worker, "ask", None)
        if ask is not None:
            ask(task)

    def _expired(self, task: Task) -> None:
        failure = Failure(TimeoutError(f"{task.call.describe(200)} ran for longer than {task.options.timeout:g} s."))
        if task.worker is not None:
            task.worker.abort(task)
        self.conclude(task, failure)
        self.pump()

    def _stopLimit(self, task: Task) -> None:
        limit = self._limits.pop(task, None)
        if limit is not None:
            limit.stop()

    # What workers tell of tasks that run.

    def progressed(self, task: Task, progress: Progress) -> None:
        """A task has told how far it is."""
        task.progress = progress
        self._observers.tell(Observer.taskProgress, task)

    def wrote(self, worker: Worker, task: Task | None, stream: str, text: str) -> None:
        """Output of a task or a worker has come."""
        event = Observer.workerOutput if task is None else Observer.taskOutput
        isShown = self.isOutputShown
        if isShown is None:
            isShown = not self._observers.take(event)
        if isShown:
            self.echo.write(worker, task, stream, text)
        if task is None:
            self._observers.tell(event, worker, stream, text)
        else:
            self._observers.tell(event, task, worker, stream, text)

    def streaming(self, task: Task, source: Source) -> None:
        """A task's result is a stream: its Deferred fires with a Deferator soon, or with the consumer at the end."""
        if task.isFinished:  # an observer has cancelled it, and its worker closes the stream
            return
        task.source = source
        if task.options.consumer is None:
            source.listen(lambda: self._handOver(task, source))
        elif task.retries < task.options.retries:
            # A consumer must not hear of an attempt that gives no item.
            source.listen(lambda: self._feedOnceSure(task, source))
        else:
            self._feed(task, source)

    def _feedOnceSure(self, task: Task, source: Source) -> None:
        if len(source) or source.hasEnded:
            self._feed(task, source)

    def _feed(self, task: Task, source: Source) -> None:
        consumer = task.options.consumer
        assert consumer is not None
        ConsumerFeed(source, consumer, lambda failure: self._consumed(task, failure))

    def _handOver(self, task: Task, source: Source) -> None:
        """Give the Deferator when the first item or the end is here: a `for` loop must know whether to begin."""
        if task.state is TaskState.CANCELLED:
            task.deferred.callback(source.failure)
        elif len(source) or source.hasEnded:
            deferator: Deferator[Any] = Deferator(source)
            source.closeWith(deferator, self.callSoon)
            task.releaseDeferred().callback(deferator)

    def _consumed(self, task: Task, failure: Failure | None) -> None:
        if failure is not None and task.isRunning:
            self.fail(task, failure)
        if not task.deferred.called:
            task.deferred.callback(failure or task.options.consumer)

    def suspended(self, task: Task) -> None:
        """A stream gives way, or waits for its consumer."""
        if task.state is TaskState.RUNNING:
            task.state = TaskState.SUSPENDED
            if task in self._limits:
                self._limits[task].suspend()
            self._observers.tell(Observer.taskSuspended, task)

    def resumed(self, task: Task) -> None:
        """A stream goes on."""
        if task.state is TaskState.SUSPENDED:
            task.state = TaskState.RUNNING
            if task in self._limits:
                self._limits[task].resume()
            self._observers.tell(Observer.taskResumed, task)

    def pauseTask(self, task: Task) -> bool:
        """Have the process of a running task stand still. Whether it does."""
        pause = getattr(task.worker, "pause", None)
        if pause is None or task.state is not TaskState.RUNNING or not pause(task):
            return False
        task.state = TaskState.PAUSED
        if task in self._limits:
            self._limits[task].suspend()
        self._observers.tell(Observer.taskPaused, task)
        return True

    def resumeTask(self, task: Task) -> None:
        """Have it go on."""
        if task.state is TaskState.PAUSED:
            task.state = TaskState.RUNNING
            if task in self._limits:
                self._limits[task].resume()
            task.worker.resume(task)  # type: ignore[union-attr]  # it has paused it
            self._observers.tell(Observer.taskResumed, task)
            self.pump()

    def blocked(self, worker: Worker, held: int) -> None:
        """The streams of a worker hold all the bytes that they may, and none of them goes on."""
        self._log.warn(
            "The open streams of {worker} hold {held:,} bytes that nobody takes, so none of them goes on. Take their "
            "items, stop them, or raise the queue's streamMemory.",
            worker=worker.name,
            held=held,
        )
        self._observers.tell(Observer.streamsBlocked, worker)

    def stopping(self, task: Task) -> None:
        """A stream's consumer wants no more."""
        if task.isRunning:
            task.state = TaskState.STOPPING
            self._observers.tell(Observer.taskStopping, task)

    def streamed(self, task: Task, count: int) -> None:
        """So many more items of a stream have come."""
        task.items += count
        if self._observers.all:
            self._observers.tell(Observer.taskItems, task, count)
