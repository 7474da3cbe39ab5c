# SPDX-License-Identifier: Apache-2.0
"""TaskQueue: calls are queued here and run by the workers that are attached."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, Self

from twisted.internet.defer import Deferred, DeferredList, fail, succeed
from twisted.logger import Logger
from twisted.python.failure import Failure

from .bounds import Bounds
from .calling import warnLegacy
from .calls import Calls
from .checks import checkSeconds
from .clock import monotonic
from .dispatcher import Dispatcher
from .errors import QueueRunError
from .interfaces import Worker
from .load import LoadInfoProducer
from .mapping.interface import Mapping
from .observers import Observer, Observers
from .reactors import givenOrInstalled, requireReactorThread
from .roster import Roster
from .schedule import Schedule
from .steering import Steering
from .takers import TAKER_TIMEOUT, Offer, Takers, Unfinished, listUnfinished, streamOffers
from .task import Call, Options, Task
from .timelimit import TimeLimit
from .updates import Updates
from .weak import weakly

if TYPE_CHECKING:
    from twisted.internet.interfaces import IConsumer

_SHUT_DOWN = "The queue has been shut down; make a new one."


class TaskQueue(Calls, Steering, Mapping):
    """A priority queue of calls, run by the workers attached to it.

        async with TaskQueue(AsyncWorker()) as queue:
            ...

    A queue is used in the reactor's thread. In another one its methods raise ThreadError.

    Args:
        workers: Workers to attach at once.
        reactor: The reactor (or a clock, for workers that need no more). The installed one when not given.
        timeout: Seconds after which each task is ended that is given no time-out of its own.
        maxWaiting: So many tasks may wait or be held; a call beyond that errbacks QueueFull at once. What `map` reads
            has a bound of its own.
        warn, verbose, spew: Accepted as AsynQueue had them, and without effect: aqlib logs by twisted.logger.
        returnFailure: Likewise. An error of a task is always an errback.

    Raises: ValueError for a timeout or a maxWaiting that is none.

    Attributes: `schedule`, the waiting tasks in running order; `isPaused`; `isDegraded` and `degradedReason`.
    """

    def __init__(
        self,
        *workers: Worker,
        reactor: Any = None,
        timeout: float | None = None,
        maxWaiting: int | None = None,
        **legacy: Any,
    ) -> None:
        warnLegacy(legacy)
        self.reactor = reactor = monotonic(givenOrInstalled(reactor))
        self.degradedReason: str | None = None
        self._updates = Updates()
        schedule, observers = Schedule(), Observers()
        Steering.__init__(self, schedule, Dispatcher(schedule, reactor, observers, self._updates), observers)
        Calls.__init__(self, Options(timeout=timeout))
        Mapping.__init__(self)
        self._roster = Roster(self.dispatcher, observers, reactor, weakly(self._workerLeft))
        self._log = Logger(namespace="aqlib.queue")
        self._lastTaskID = 0
        self._bounds = Bounds(self.countWaiting, observers, maxWaiting)
        # What is asked at each call: whether there may be a reason to refuse it.
        self._mayRefuse = maxWaiting is not None
        self._isShutDown = False
        self._hasEnded = False
        self._waitingForEnd: list[Deferred[None]] = []
        self._takers = Takers(reactor, self._offers)
        self._hurry = TimeLimit(reactor)
        for worker in workers:
            self.attachWorker(worker)

    # What it is.

    def __len__(self) -> int:
        return len(self.dispatcher.workers)

    def __bool__(self) -> bool:
        return self.isRunning()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, traceback: object) -> None:
        """Shut it down: after all that it has, or after an exception by cancelling that."""
        await self.shutdown(cancel=kind is not None)

    def isRunning(self) -> bool:
        """Whether it takes calls and has a worker."""
        return not self._isShutDown and bool(self.dispatcher.workers)

    @property
    def isDegraded(self) -> bool:
        """Whether its workers have failed so often that it gave up on them; `degradedReason` says why."""
        return self.degradedReason is not None

    def running(self) -> list[Task]:
        """The tasks that have begun and not ended, the oldest first."""
        return list(self.dispatcher.running)

    def countWaiting(self) -> int:
        """How many tasks have not begun: those that wait and those that are held."""
        return len(self.schedule) + len(self.dispatcher.holding)

    def whenBelow(self, n: int) -> Deferred[None]:
        """Wait for room: fires when fewer than `n` tasks wait or are held, at once when that is so already.

        Several that wait are told one after the other, so that each finds the room that the ones before it have left.
        Errbacks QueueRunError when the queue is shut down. It may be cancelled. Raises ValueError for n below 1.
        """
        requireReactorThread(self.reactor)
        if self._isShutDown:
            return fail(QueueRunError(_SHUT_DOWN))
        return self._bounds.whenBelow(n)

    def workers(self, ID: int | None = None) -> Any:
        """The workers, or the one of this ID (None if there is none)."""
        if ID is not None:
            return self.dispatcher.workers.get(ID)
        return list(self.dispatcher.workers.values())

    def countWorkers(self, series: Hashable = None) -> int:
        """How many workers serve a series."""
        return sum(series in (*w.cQualified, *w.iQualified) for w in self.dispatcher.workers.values())

    # Updates.

    def update(
        self, f: Callable[..., Any], *args: Any, ephemeral: bool = False, replaces: Hashable = None, **kw: Any
    ) -> Deferred[list[Any]]:
        """Call `f` on every worker there is and on every one that comes later, before any task, in order.

        Args:
            ephemeral: Only on the workers there are.
            replaces: A key; the update given before with the same key is forgotten for later workers.

        Returns: A Deferred that fires with the list of the present workers' results. Raises ValueError for a
        `consumer`, since an update gives one result a worker.
        """
        requireReactorThread(self.reactor)
        if "consumer" in kw:
            raise ValueError("An update gives one result a worker, and so takes no consumer.")
        call = Call(f, args, kw)
        try:
            self.prepareUpdate(call)
        except Exception:
            return fail(Failure())
        if not ephemeral:
            self._updates.add(call, replaces)
        results = [worker.update(call) for worker in self.workers()]
        gathered = DeferredList(results, fireOnOneErrback=True, consumeErrors=True)
        # A queue that nobody has any more must not let its workers go before they have made the update: that keeps it.
        return gathered.addCallbacks(self._updated, lambda failure: failure.value.subFailure)

    def _updated(self, outcomes: list[tuple[bool, Any]]) -> list[Any]:
        return [result for _, result in outcomes]

    # Observers.

    def addObserver(self, observer: Observer) -> None:
        """Tell `observer` what happens from now on. One that raises is dropped."""
        requireReactorThread(self.reactor)
        self.observers.add(observer)

    def removeObserver(self, observer: Observer) -> None:
        """Tell `observer` no more."""
        requireReactorThread(self.reactor)
        self.observers.remove(observer)

    def subscribe(self, consumer: IConsumer) -> None:
        """Have the number of calls held, queued or running, an int, written to a consumer whenever it changes."""
        requireReactorThread(self.reactor)
        LoadInfoProducer(self, consumer)

    # Workers.

    def attachWorker(self, worker: Worker) -> Deferred[int]:
        """Have a worker take tasks. Fires with its ID.

        Errbacks ImplementationError for what is no IWorker, and QueueRunError after a shutdown.
        """
        requireReactorThread(self.reactor)
        if self._isShutDown:
            return fail(QueueRunError(_SHUT_DOWN))
        return self._roster.attach(worker)

    def detachWorker(
        self, workerOrID: Worker | int, reassign: bool = False, crash: bool = False
    ) -> Deferred[list[Task]]:
        """Let a worker go.

        Args:
            reassign: Queue again, where they were, what it had begun and not ended (with `crash`).
            crash: End it at once, and do not let it finish what it runs.

        Returns: A Deferred that fires, when it is gone, with the list of the tasks that it did not finish.
        """
        requireReactorThread(self.reactor)
        return self._roster.detach(workerOrID, reassign, crash)

    def qualifyWorker(self, workerOrID: Worker | int, series: Hashable) -> None:
        """Have a worker serve one more series from now on. Raises ValueError for one that is not attached."""
        requireReactorThread(self.reactor)
        self._roster.qualify(workerOrID, series)

    # Its end.

    def shutdown(
        self,
        cancel: bool = False,
        *,
        cancelWaiting: bool = False,
        crash: bool = False,
        takerTimeout: float | None = TAKER_TIMEOUT,
        timeout: float | None = None,
    ) -> Deferred[None]:
        """Take no more calls, and let the workers go when all is done.

        What waits for a series that no worker serves fails with QueueRunError. It may be said again, to hurry up.
        `unfinished` lists what it waits for.

        Args:
            cancel: Cancel what waits or is held, and what runs.
            cancelWaiting: Cancel what waits or is held.
            crash: End the workers at once; what they run fails with WorkerError, the rest is cancelled.
            takerTimeout: Seconds after which a stream or a map fails with QueueRunError whose items are here and are
                not taken. None: wait for their taker.
            timeout: Seconds after which the rest is ended as by `crash`. None: wait until all calls are done.

        Returns: A Deferred that fires when all workers are gone. Raises ValueError for a time that is none.
        """
        requireReactorThread(self.reactor)
        for name, seconds in (("takerTimeout", takerTimeout), ("timeout", timeout)):
            if seconds is not None:
                checkSeconds(name, seconds)
        isFirst, self._isShutDown, self._mayRefuse = not self._isShutDown, True, True
        if cancel or cancelWaiting or crash:
            self.dispatcher.mayRetry = False
            self._cancelMaps()
            self.cancelAll()
        if cancel:
            self.cancel(self.running())
        if crash:
            self._roster.crashAll()
        self._failUnserved()
        self._bounds.close(QueueRunError(_SHUT_DOWN))
        if isFirst:
            self.dispatcher.onIdle = self.letGo
            for task in self.running():
                self.resumeTask(task)
            self.resume()
            self.observers.tell(Observer.queueChanged, self)
        if not self._hasEnded:
            self._takers.watch(takerTimeout)
            if timeout is not None:
                self._hurry.stop()
                self._hurry = TimeLimit(self.reactor, (timeout, self._endAtOnce))
        self.letGo()
        done = self.whenShutDown()
        self._workerLeft()
        return done

    def _endAtOnce(self) -> None:
        for one in self.unfinished():
            self._log.warn("The shutdown ends {what}", what=one.text)
        self.shutdown(crash=True)

    def unfinished(self) -> list[Unfinished]:
        """What a shutdown would wait for, or waits for: tasks, maps, and, once they are to go, workers."""
        going = self._roster.leaving() + (self.workers() if self._isShutDown else [])
        return listUnfinished((*self.running(), *self._allWaiting()), self._mapOffers(), going)

    def _offers(self) -> list[Offer]:
        return [*streamOffers(self.dispatcher), *self._mapOffers()]

    def letGo(self) -> None:
        """Let the workers go, if the queue has been shut down and nothing is left to do."""
        if self._isShutDown and not self._runs and self.dispatcher.isIdle:
            self._roster.detachAll()

    def whenShutDown(self) -> Deferred[None]:
        """A Deferred that fires when the queue has been shut down and all workers are gone."""
        if self._hasEnded:
            return succeed(None)
        done: Deferred[None] = Deferred()
        self._waitingForEnd.append(done)
        return done

    def degrade(self, reason: str) -> None:
        """Give up on the workers: all that waits fails with `reason`, as does every call until `recover`."""
        self.degradedReason, self._mayRefuse = reason, True
        self.dispatcher.mayRetry = False
        self._log.error("The queue is degraded: {reason}", reason=reason)
        for task in self._allWaiting():
            self.dispatcher.fail(task, Failure(QueueRunError(reason)))
        self.observers.tell(Observer.queueChanged, self)

    def recover(self) -> None:
        """Take calls again after `degrade`."""
        if self.isDegraded:
            self.degradedReason = None
            self.dispatcher.mayRetry = not self._isShutDown
            self._mayRefuse = self._isShutDown or self._bounds.most is not None
            self.observers.tell(Observer.queueChanged, self)

    def _failUnserved(self) -> None:
        """The queue is shut down: what waits for a worker that will never come must not keep it."""
        served: dict[Hashable, bool] = {}
        for task in self._allWaiting():
            if task.series not in served:
                served[task.series] = self._roster.serves(task.series)
            if not served[task.series]:
                text = f"The queue was shut down, and no worker serves the series {task.series!r}."
                self.dispatcher.fail(task, Failure(QueueRunError(text)))

    def _workerLeft(self) -> None:
        if self._isShutDown and not self._hasEnded:
            self._failUnserved()
        if self._isShutDown and self._roster.isEmpty and not self._hasEnded:
            self._hasEnded = True
            self.dispatcher.echo.close()
            self._takers.watch(None)
            self._hurry.stop()
            waiting, self._waitingForEnd = self._waitingForEnd, []
            for done in waiting:
                done.callback(None)

    # For subclasses, and for Calling.

    def prepare(self, task: Task) -> None:
        """Make a task ready before it is queued. What this raises is the task's failure."""

    def prepareUpdate(self, call: Call) -> None:
        """Make an update ready before it is kept for later workers. What this raises is its failure."""

    def refusal(self, isAccepted: bool = False) -> Exception | None:
        """Why it takes no call, if it takes none. For `isAccepted` see `submitWith`."""
        if self._isShutDown and not (isAccepted and not self._hasEnded):
            return QueueRunError(_SHUT_DOWN)
        if self.degradedReason is not None:
            return QueueRunError(self.degradedReason)
        return None if isAccepted else self._bounds.refusal()

    def submitWith(
        self,
        options: Options,
        f: Callable[..., Any],
        args: tuple[Any, ...],
        kw: dict[str, Any],
        isAccepted: bool = False,
    ) -> Task:
        """See Calls."""
        requireReactorThread(self.reactor)
        self._lastTaskID += 1
        task = Task(self._lastTaskID, f, args, kw, options, self, self.reactor.seconds())
        try:
            if self._mayRefuse:
                refusal = self.refusal(isAccepted)
                if refusal is not None:
                    raise refusal
            self.prepare(task)
        except Exception:
            self.dispatcher.refuse(task, Failure())
            return task
        if options.series is not None:
            self._roster.lookServed(options.series)
        if options.after or options.notBefore is not None:
            self.dispatcher.hold(task)
        else:
            self.dispatcher.put(task)
        return task
