# SPDX-License-Identifier: Apache-2.0
"""The Dispatcher: brings waiting tasks and free workers together, and tasks to their end.

It alone writes a task's state. Workers tell it, as their Reporter, what becomes of the tasks that they were given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from twisted.internet.defer import CancelledError
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.python.failure import Failure

from .blocklist import Key
from .context import Progress
from .errors import TimeoutError, WorkerError, WorkerLost
from .interfaces import Taking, Worker, WorkerState
from .iteration import ConsumerFeed, Deferator
from .observers import Observer, Observers
from .schedule import Schedule
from .source import Source
from .task import Call, Task, TaskState
from .timelimit import TimeLimit

# A call that was sent ahead, and has not begun after so many seconds while another worker is idle, goes to that one.
REBALANCE_AFTER = 0.002


class Dispatcher:
    """Gives the tasks of `schedule` to the attached workers, in order.

    Attributes: `workers`, by ID; `running`, the tasks that have begun and not ended, the oldest first; `paused`: while
    it is True no task begins.
    """

    def __init__(
        self, schedule: Schedule, clock: IReactorTime, observers: Observers, updates: Iterable[Call] = ()
    ) -> None:
        self.schedule = schedule
        self.workers: dict[int, Worker] = {}
        self.running: dict[Task, None] = {}
        self.paused = False
        self.onIdle: Callable[[], None] | None = None
        self._clock = clock
        self._observers = observers
        self._updates = updates
        self._limits: dict[Task, TimeLimit] = {}
        self._pumping = False
        self._again = False
        self._rebalancing: IDelayedCall | None = None
        # No worker takes a task of this key or a higher one before the next pump. None: that is not known.
        self._barrier: Key | None = None

    # Tasks come in, and are steered.

    def put(self, task: Task) -> None:
        """Queue a new task, and start it if a worker is free."""
        self.schedule.put(task)
        if self._observers:
            self._observers.tell(Observer.taskQueued, task)
        if self._barrier is None or task.key < self._barrier:
            self.pump()

    def cancel(self, task: Task) -> None:
        """End a task, waiting or running: its Deferred errbacks CancelledError at once."""
        self._end(task, TaskState.CANCELLED, Failure(CancelledError()))

    def fail(self, task: Task, failure: Failure) -> None:
        """End a task, waiting or running, with an error."""
        self._end(task, TaskState.FAILED, failure)

    def refuse(self, task: Task, failure: Failure) -> None:
        """End a task that was never queued with an error."""
        self._finish(task, TaskState.FAILED, failure)

    def reassign(self, tasks: Iterable[Task]) -> None:
        """Queue tasks again that a worker had begun and will never end; a stream, whose items have come, fails."""
        for task in tasks:
            if task.source is not None:
                self._finish(task, TaskState.FAILED, Failure(WorkerError("Its worker was ended in mid-stream.")))
                continue
            self._putBack(task)
        self.pump()

    def _putBack(self, task: Task) -> None:
        del self.running[task]
        self._stopLimit(task)
        task.state, task.worker, task.startedAt = TaskState.WAITING, None, None
        self.schedule.putBack(task)
        self._observers.tell(Observer.tasksMoved, [task])

    def takeBack(self, tasks: Iterable[Task]) -> None:
        """Have these waiting tasks given back if they were sent ahead. One that has begun meanwhile is running then."""
        tasks = list(tasks)
        for worker in {task.sentTo for task in tasks}:
            if worker is not None:
                worker.takeBack()
        for task in tasks:
            if task.sentTo is not None:
                self._begin(task, task.sentTo)

    def takeAllBack(self) -> None:
        """Have all given back that was sent ahead and has not begun."""
        for worker in self.workers.values():
            worker.takeBack()

    def pause(self) -> None:
        """Begin no task from now on."""
        self.paused = True
        self.takeAllBack()

    def resume(self) -> None:
        """Begin tasks again."""
        self.paused = False
        self.pump()

    def pump(self) -> None:
        """Give waiting tasks to workers until no worker takes one."""
        if self._pumping:
            self._again = True
            return
        self._pumping = True
        self._barrier = None
        try:
            self._again = True
            while self._again and not self.paused and len(self.schedule):
                self._again = False
                self._round()
        finally:
            self._pumping = False
        self._lookIdle()

    def _lookIdle(self) -> None:
        """While a worker is idle, nothing that it may run should wait for long behind what another one runs."""
        if not len(self.schedule) or not self._countIdle():
            if self._rebalancing is not None and self._rebalancing.active():
                self._rebalancing.cancel()
                self._rebalancing = None
        elif self._rebalancing is None:
            self._rebalancing = self._clock.callLater(REBALANCE_AFTER, self._rebalance)

    def _countIdle(self) -> int:
        if self.paused or len(self.workers) < 2:
            return 0
        return sum(worker.state is WorkerState.IDLE for worker in self.workers.values())

    def _rebalance(self) -> None:
        idle = self._countIdle()
        self.takeAllBack()
        self.pump()
        self._rebalancing = None
        if self._countIdle() < idle:
            self._lookIdle()

    def _round(self) -> None:
        busy: list[Worker] = []
        refused: list[Key | None] = []
        for worker in tuple(self.workers.values()):
            key = self._offer(worker, 1) if worker.task is None else None
            if worker.task is None:
                refused.append(key)
            else:
                busy.append(worker)
        # What is left is sent ahead in fair shares, so that one worker does not sit idle behind the plenty of another.
        share = -(-len(self.schedule) // max(len(busy), 1))
        refused += [self._offer(worker, share) for worker in busy]
        keys = [key for key in refused if key is not None]
        self._barrier = max(keys, default=()) if len(keys) == len(refused) else None

    def _offer(self, worker: Worker, most: int) -> Key | None:
        """Give a worker what it takes, `most` tasks at most. Returns the key of the task that it did not take."""
        serves = {*worker.cQualified, *worker.iQualified}
        while most and not self.paused:
            for task in self.schedule.unsent(serves):
                taking = worker.takes(task)
                if taking is Taking.NO:
                    return task.key
                most -= 1
                if taking is Taking.NOW:
                    self._begin(task, worker)
                    if task.isFinished:  # an observer has cancelled it
                        break
                    if worker.ID not in self.workers:  # one has sent its worker away
                        self._putBack(task)
                        return None
                else:
                    self.schedule.markSent(task, worker)
                worker.run(task)
                if not most or task.sentTo is None:
                    break
            else:
                return None
        return None

    def _begin(self, task: Task, worker: Worker) -> None:
        self.schedule.take(task)
        task.worker = worker
        task.state = TaskState.RUNNING
        task.startedAt = self._clock.seconds()
        self.running[task] = None
        if task.options.timeout is not None:
            self._limits[task] = TimeLimit(self._clock, task.options.timeout, lambda: self._expired(task))
        if self._observers:
            self._observers.tell(Observer.taskStarted, task)

    # Tasks end.

    def _expired(self, task: Task) -> None:
        text = f"{task.call.describe(200)} ran for longer than {task.options.timeout:g} s."
        self._end(task, TaskState.FAILED, Failure(TimeoutError(text)))

    def _end(self, task: Task, state: TaskState, failure: Failure) -> None:
        """End a task from this side, whatever its worker is at."""
        if task.isFinished:
            return
        if task.isWaiting:
            self.takeBack([task])
        if task.isWaiting:
            self.schedule.remove(task)
            self._barrier = None
            self._finish(task, state, failure)
            return
        worker = task.worker
        assert worker is not None
        worker.abort(task)
        self._finish(task, state, failure)
        self.pump()

    def _finish(self, task: Task, state: TaskState, outcome: Any) -> None:
        """Bring a task that has left the Schedule to its end, and fire its Deferred. The first end counts.

        There may be a second: an observer that is told of one task may cancel another whose result is at hand.
        """
        if task.isFinished:
            return
        task.state = state
        task.finishedAt = self._clock.seconds()
        self.running.pop(task, None)
        self._stopLimit(task)
        if isinstance(outcome, Failure):
            task.failure = outcome
        task.release()
        if self._observers:
            self._observers.tell(Observer.taskFinished, task)
        if task.source is None:
            task.deferred.callback(outcome)
        elif state is TaskState.CANCELLED:
            task.source.abandon(outcome)
        else:
            task.source.finish(task.failure)
        if self.onIdle is not None and not self.running and not len(self.schedule):
            self.onIdle()

    def _stopLimit(self, task: Task) -> None:
        limit = self._limits.pop(task, None)
        if limit is not None:
            limit.stop()

    # Reporter: what workers tell.

    def began(self, task: Task) -> None:
        """A task that was sent ahead has begun."""
        if task.sentTo is not None:
            self._begin(task, task.sentTo)

    def succeeded(self, task: Task, result: Any, size: int | None, cpuTime: float | None) -> None:
        """A task has ended with a result."""
        task.resultSize = size
        task.cpuTime = cpuTime
        self._finish(task, TaskState.FAILED if isinstance(result, Failure) else TaskState.DONE, result)

    def failed(self, task: Task, failure: Failure, cpuTime: float | None = None) -> None:
        """A task has ended with an error, or could not be sent to a worker at all."""
        if task in self.schedule:
            self.schedule.remove(task)
        task.cpuTime = cpuTime
        self._finish(task, TaskState.FAILED, failure)

    def streaming(self, task: Task, source: Source) -> None:
        """A task's result is a stream: its Deferred fires with a Deferator soon, or with the consumer at the end."""
        if task.isFinished:  # an observer has cancelled it, and its worker closes the stream
            return
        task.source = source
        consumer = task.options.consumer
        if consumer is None:
            source.listen(lambda: self._handOver(task, source))
        else:
            ConsumerFeed(source, consumer, lambda failure: self._consumed(task, failure))

    def _handOver(self, task: Task, source: Source) -> None:
        """Give the Deferator when the first item or the end is here: a `for` loop must know whether to begin."""
        if task.state is TaskState.CANCELLED:
            task.deferred.callback(source.failure)
        elif len(source) or source.hasEnded:
            task.deferred.callback(Deferator(source))

    def _consumed(self, task: Task, failure: Failure | None) -> None:
        if failure is not None and task.isRunning:
            self._end(task, TaskState.FAILED, failure)
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

    def stopping(self, task: Task) -> None:
        """A stream's consumer wants no more."""
        if task.isRunning:
            task.state = TaskState.STOPPING
            self._observers.tell(Observer.taskStopping, task)

    def streamed(self, task: Task, count: int) -> None:
        """So many more items of a stream have come."""
        task.items += count
        if self._observers:
            self._observers.tell(Observer.taskItems, task, count)

    def progressed(self, task: Task, progress: Progress) -> None:
        """A task has told how far it is."""
        task.progress = progress
        self._observers.tell(Observer.taskProgress, task)

    def wrote(self, worker: Worker, task: Task | None, stream: str, text: str) -> None:
        """Output of a task or a worker has come."""
        self._observers.tell(Observer.taskOutput, task, worker, stream, text)

    def takenBack(self, tasks: list[Task]) -> None:
        """Calls that had been sent have not begun and never will there."""
        self._barrier = None
        for task in tasks:
            if task.isWaiting:
                self.schedule.markSent(task, None)
            elif task.isRunning:
                self._putBack(task)

    def ready(self, worker: Worker) -> None:
        """A worker may take more."""
        self.pump()

    def freed(self, worker: Worker) -> None:
        """A worker that was stopping is free again."""
        self._observers.tell(Observer.workerFreed, worker)

    def started(self, worker: Worker) -> None:
        """A worker's process is ready for its first task."""
        self._observers.tell(Observer.workerStarted, worker)
        self.pump()

    def lost(self, worker: Worker, error: WorkerLost) -> None:
        """A worker's process has ended unasked."""
        self._observers.tell(Observer.workerLost, worker, error)

    def replaced(self, worker: Worker) -> None:
        """A new process has taken the place of the one that ended."""
        self._observers.tell(Observer.workerReplaced, worker)

    def updates(self) -> Iterable[Call]:
        """The updates so far, which a worker that comes, and each new process, must make before its first task."""
        return self._updates
