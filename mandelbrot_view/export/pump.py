# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps of an export, each a task: queued a few at a time, in their order, behind all that is more urgent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IConsumer
from twisted.python.failure import Failure
from zope.interface import implementer

from aqlib.errors import WorkerLost

if TYPE_CHECKING:
    from aqlib import Task, TaskQueue

# The group of all tasks of exports.
GROUP = "Export"
# The view's tiles have 0, and what a user adds mostly, too.
NICENESS = 19
# So many steps wait beyond those that run: none of the workers is ever idle, and a cancel touches few tasks.
_AHEAD = 2
# From the first step that has not ended on, so many times as many may be begun as there are workers.
_SPREAD = 2
# A step is tried again when its worker died.
MOST_TRIES = 3


@dataclass(eq=False)
class Step:
    """A task to be.

    name: for people; f: a generator function whose items are ints, what was done since the last one in the unit of
    cost, and anything else, which is its results; args: gives its arguments when it is queued; cost: what it takes in
    all; done: called with its results; needs: steps that must have ended before.
    """

    name: str
    f: Callable[..., Generator[Any, None, None]]
    args: Callable[[], tuple[Any, ...]]
    cost: float
    done: Callable[[list[Any]], None] = lambda results: None
    needs: Sequence[Step] = ()
    isDone: bool = field(default=False, init=False)
    isBegun: bool = field(default=False, init=False)
    reached: float = field(default=0.0, init=False)
    tries: int = field(default=0, init=False)


class Pump:
    """Has steps done.

    Args:
        queue: By whose workers.
        group: Of the tasks.
        steps: In the order in which they are to be done; each stands behind those it needs.
        progressed: Called with what is done, in the unit of their costs.

    Attributes: `shares`, what each worker has done, by its name.
    """

    def __init__(
        self, queue: TaskQueue, group: str, steps: Sequence[Step], progressed: Callable[[float], None]
    ) -> None:
        self._queue = queue
        self._group = group
        self._steps = steps
        self._progressed = progressed
        self._first = 0  # all before this one have ended
        self._tasks: dict[Step, Task] = {}
        self._done = 0.0
        self._end: Deferred[None] | None = None
        self.shares: Counter[str] = Counter()

    def run(self) -> Deferred[None]:
        """Begin. Fires when all is done; errbacks with the first error, after which nothing is queued or runs.

        Cancel it to end.
        """
        end: Deferred[None] = Deferred(lambda _: self._stop())
        self._end = end
        self._go()
        return end

    def _go(self) -> None:
        while self._end is not None and len(self._tasks) < self._workers + _AHEAD:
            step = self._next()
            if step is None:
                break
            self._submit(step)
        if self._first == len(self._steps) and self._end is not None:
            end, self._end = self._end, None
            end.callback(None)

    @property
    def _workers(self) -> int:
        return max(self._queue.countWorkers(), 1)

    def _next(self) -> Step | None:
        """The first step that can begin. None waits for long: what is done is to be put together in its order."""
        last = self._first + _SPREAD * (self._workers + _AHEAD)
        for step in self._steps[self._first : last]:
            if not step.isBegun and all(needed.isDone for needed in step.needs):
                return step
        return None

    def _submit(self, step: Step) -> None:
        step.isBegun = True
        step.tries += 1
        collect = _Collect(lambda done: self._reached(step, done))
        calling = self._queue.using(niceness=NICENESS, name=step.name, group=self._group, consumer=collect)
        task = calling.submit(step.f, *step.args())
        self._tasks[step] = task
        # A task that is refused has failed by now.
        task.deferred.addCallbacks(
            lambda _: self._ended(step, task, collect.results), lambda failure: self._failed(step, failure)
        )

    def _reached(self, step: Step, done: float) -> None:
        if self._end is None:
            return
        done = min(done, step.cost)
        self._done += done - step.reached
        step.reached = done
        self._progressed(self._done)

    def _ended(self, step: Step, task: Task, results: list[Any]) -> None:
        self._tasks.pop(step, None)
        if self._end is None:
            return
        try:
            step.done(results)
        except Exception:
            self._fail(Failure())
            return
        step.isDone = True
        if task.worker is not None:
            self.shares[task.worker.name] += round(step.cost)
        self._reached(step, step.cost)
        while self._first < len(self._steps) and self._steps[self._first].isDone:
            self._first += 1
        self._go()

    def _failed(self, step: Step, failure: Failure) -> None:
        self._tasks.pop(step, None)
        if self._end is None:
            return
        if failure.check(WorkerLost) and step.tries < MOST_TRIES:
            self._reached(step, 0.0)
            step.isBegun = False
            self._go()
        else:
            self._fail(failure)

    def _fail(self, failure: Failure) -> None:
        end = self._end
        self._stop()
        if end is not None:
            end.errback(failure)

    def _stop(self) -> None:
        self._end = None
        # Those that wait go first, lest they begin on a worker that the end of a running one sets free.
        self._queue.cancel(sorted(self._tasks.values(), key=lambda task: task.isRunning))


@implementer(IConsumer)
class _Collect:
    """Adds up what a step says that it has done, and keeps its results."""

    def __init__(self, reached: Callable[[float], None]) -> None:
        self.results: list[Any] = []
        self._done = 0.0
        self._reached = reached

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """IConsumer: items will come; they never need to be held up."""

    def unregisterProducer(self) -> None:
        """IConsumer: no more will come."""

    def write(self, item: Any) -> None:
        """IConsumer: an item has come."""
        if isinstance(item, int):
            self._done += item
            self._reached(self._done)
        else:
            self.results.append(item)
