# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task costs while a million others wait."""

import operator
import random
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from twisted.internet.defer import CancelledError

from aqlib import Task, TaskQueue

from ...table import Row
from ..libraries.base import Deferring
from ..libraries.ours import Ours
from ..measure import Measure
from ..outcome import Figures, Outcome, ours

TASKS = 1_000_000
# Of each kind of step, so many are measured while all wait.
STEPS = 5_000
SERVED = {None, "process", "local"}


class Waiting(Measure):
    """A paused queue is filled, and then steered: the mean time of each step."""

    contestants = ("aqlib",)
    isOnePiece = True

    async def deferring(self, library: type[Deferring], scale: float) -> Figures:
        """See Measure."""
        ours = library()
        assert isinstance(ours, Ours)
        # It is left to the end of the process: to cancel a million tasks takes a while, and tells nothing more.
        return _steer(ours.queue, int(TASKS * scale), max(int(STEPS * scale), 50))

    def rows(self, found: Mapping[str, Outcome]) -> list[Row]:
        """See Measure."""
        note = "mean, while 1,000,000 tasks wait"
        return [
            *ours("submit one more task", "submit", "us", found, bar="<= 20", note=note),
            *ours("re-nice one", "re-nice", "us", found, bar="<= 20", note=note),
            *ours("move one", "move", "us", found, bar="<= 20", note=note),
            *ours("cancel one", "cancel", "us", found, bar="<= 20", note=note),
            *ours("take the best", "take", "us", found, bar="<= 20", note=note),
            *ours("submit each of 1,000,000 tasks", "fill", "us", found, note="mean"),
            *ours("memory of a waiting task", "bytes", "B", found, bar="<= 1,000", note="with its Deferred"),
        ]


def _steer(queue: TaskQueue, count: int, steps: int) -> Figures:
    chance = random.Random(1)
    queue.pause()
    queue.submit(operator.add, 1, 1)
    before = _resident()
    begin = time.perf_counter()
    tasks = [queue.submit(operator.add, i, 1, niceness=i % 5) for i in range(count)]
    figures = {"fill": 1e6 * (time.perf_counter() - begin) / count}
    figures["bytes"] = (_resident() - before) / count
    chosen = chance.sample(tasks, 3 * steps)
    neighbours = iter(chance.choices(chosen[2 * steps :], k=steps))
    nices = iter(chance.choices(range(-20, 21), k=steps))
    for task in chosen[:steps]:
        task.deferred.addErrback(lambda failure: failure.trap(CancelledError))

    def best(_: Task) -> None:
        task = queue.schedule.first(SERVED)
        assert task is not None
        queue.schedule.take(task)

    figures["submit"] = _mean(lambda _: queue.submit(operator.add, 1, 1, niceness=2), chosen[:steps])
    figures["re-nice"] = _mean(lambda task: task.setNiceness(next(nices)), chosen[:steps])
    figures["move"] = _mean(lambda task: queue.move([task], before=next(neighbours)), chosen[steps : 2 * steps])
    figures["cancel"] = _mean(Task.cancel, chosen[:steps])
    figures["take"] = _mean(best, chosen[:steps])
    return figures


def _mean(step: Callable[[Task], object], tasks: list[Task]) -> float:
    """The mean of a step with each of these tasks, in microseconds."""
    begin = time.perf_counter()
    for task in tasks:
        step(task)
    return 1e6 * (time.perf_counter() - begin) / len(tasks)


def _resident() -> int:
    """The memory of this process that is in use, in bytes. Linux tells."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))
