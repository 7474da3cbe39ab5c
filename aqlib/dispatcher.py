# SPDX-License-Identifier: Apache-2.0
"""The Dispatcher: brings waiting tasks and free workers together.

Workers tell it, as their Reporter, what becomes of the tasks that they were given. What follows from that for a task
stands in its base, the Lifecycle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from twisted.internet.defer import CancelledError
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.python.failure import Failure

from .blocklist import Key
from .errors import WorkerError, WorkerLost
from .interfaces import Taking, Worker, WorkerState
from .lifecycle import Lifecycle
from .observers import Observer, Observers
from .schedule import Schedule
from .task import Call, Task, TaskState

# A call that was sent ahead, and has not begun after so many seconds while another worker is idle, goes to that one.
REBALANCE_AFTER = 0.002


class Dispatcher(Lifecycle):
    """Gives the tasks of `schedule` to the attached workers, in order.

    Attributes: `workers`, by ID; `paused`: while it is True no task begins; `onIdle` is called when no task is left.
    """

    def __init__(
        self, schedule: Schedule, clock: IReactorTime, observers: Observers, updates: Iterable[Call] = ()
    ) -> None:
        super().__init__(schedule, clock, observers)
        self.workers: dict[int, Worker] = {}
        self.paused = False
        self.onIdle: Callable[[], None] | None = None
        self._updates = updates
        self._pumping = False
        self._again = False
        self._rebalancing: IDelayedCall | None = None
        # No worker takes a task of this key or a higher one before the next pump. None: that is not known.
        self._barrier: Key | None = None

    @property
    def isIdle(self) -> bool:
        """Whether no task is left: none that runs, waits or is held."""
        return not (self.running or len(self.schedule) or len(self.holding))

    # Tasks come in, and are steered.

    def put(self, task: Task) -> None:
        """Queue a new task, and start it if a worker is free."""
        self.schedule.put(task)
        if self._observers.all:
            self._observers.tell(Observer.taskQueued, task)
        if not self.paused and (self._barrier is None or task.key < self._barrier):
            self.pump()

    def cancel(self, task: Task) -> None:
        """End a task, held, waiting or running: its Deferred errbacks CancelledError at once."""
        self._end(task, TaskState.CANCELLED, Failure(CancelledError()))

    def fail(self, task: Task, failure: Failure) -> None:
        """End a task, held, waiting or running, with an error."""
        self._end(task, TaskState.FAILED, failure)

    def refuse(self, task: Task, failure: Failure) -> None:
        """End a task that was never queued with an error."""
        self.finish(task, TaskState.FAILED, failure)

    def reassign(self, tasks: Iterable[Task]) -> None:
        """Queue tasks again that a worker had begun and will never end; a stream, whose items have come, fails."""
        for task in tasks:
            if task.source is not None:
                self.finish(task, TaskState.FAILED, Failure(WorkerError("Its worker was ended in mid-stream.")))
            else:
                # It may have begun a moment ago, and wait as far as is known here.
                self.takenBack([task])
        self.pump()

    def takeBack(self, tasks: Iterable[Task]) -> None:
        """Have these waiting tasks given back if they were sent ahead. One that has begun meanwhile is running then."""
        tasks = list(tasks)
        for worker in {task.sentTo for task in tasks}:
            if worker is not None:
                worker.takeBack()
        for task in tasks:
            if task.sentTo is not None:
                self.begin(task, task.sentTo)

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
            while self._again and not self.paused and self.schedule.unsentCount:
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
            if not self.schedule.unsentCount:
                return
        # What is left is sent ahead in fair shares, so that one worker does not sit idle behind the plenty of another.
        share = -(-len(self.schedule) // max(len(busy), 1))
        refused += [self._offer(worker, share) for worker in busy]
        keys = [key for key in refused if key is not None]
        self._barrier = max(keys, default=0) if len(keys) == len(refused) else None

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
                    self.begin(task, worker)
                    if task.isFinished:  # an observer has cancelled it
                        break
                    if worker.ID not in self.workers:  # one has sent its worker away
                        self.putBack(task)
                        return None
                else:
                    self.schedule.markSent(task, worker)
                worker.run(task)
                if not most or task.sentTo is None:
                    break
            else:
                return None
        return None

    # Tasks end.

    def _end(self, task: Task, state: TaskState, failure: Failure) -> None:
        """End a task from this side, whatever its worker is at."""
        if task.isFinished:
            if task.source is not None and not task.deferred.called:
                task.source.abandon(failure)  # its consumer has paused, and wants no more
            return
        if task.isHeld:
            self.holding.discard(task)
            self.finish(task, state, failure)
            return
        if task.isWaiting:
            self.takeBack([task])
        if task.isWaiting:
            self.schedule.remove(task)
            self._barrier = None
            self.finish(task, state, failure)
            return
        worker = task.worker
        assert worker is not None
        worker.abort(task)
        self.finish(task, state, failure)
        self.pump()

    def settled(self) -> None:
        """A task has come to its end."""
        if self._rebalancing is not None:
            self._lookIdle()
        if self.onIdle is not None and self.isIdle:
            self.onIdle()

    # Reporter: what workers tell.

    def began(self, task: Task, ago: float = 0.0) -> None:
        """A task that was sent ahead has begun, or began so many seconds ago."""
        if task.sentTo is not None:
            self.begin(task, task.sentTo, ago)

    def succeeded(
        self, task: Task, result: Any, size: int | None, cpuTime: float | None, wallTime: float = 0.0
    ) -> None:
        """A task has ended with a result, so many seconds after it began."""
        if task.sentTo is not None:
            self.begin(task, task.sentTo, wallTime)
        if isinstance(result, Failure):
            self.conclude(task, result, cpuTime)
            return
        task.resultSize = size
        task.cpuTime = cpuTime
        self.finish(task, TaskState.DONE, result)

    def failed(self, task: Task, failure: Failure, cpuTime: float | None = None) -> None:
        """A task has ended with an error, or could not be sent to a worker at all."""
        if task.sentTo is not None:
            self.begin(task, task.sentTo)
        elif task in self.schedule:
            self.schedule.remove(task)
        self.conclude(task, failure, cpuTime)

    def takenBack(self, tasks: list[Task], suspect: WorkerLost | None = None) -> None:
        """Calls that had been sent have not begun and never will there.

        Args:
            suspect: The end of the process, when it was the first of them that may have caused it.
        """
        self._barrier = None
        for task in tasks:
            if task.isWaiting:
                self.schedule.markSent(task, None)
            elif task.isRunning:
                self.putBack(task)
        if suspect is not None and self.quarantine.died(tasks[0]):
            self.fail(tasks[0], Failure(suspect))

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
