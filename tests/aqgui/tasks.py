# SPDX-License-Identifier: GPL-3.0-or-later
"""A queue in memory, for tests of what shows it: nothing runs until the test says so."""

from typing import Any

from twisted.internet.task import Clock

from aqlib import Task, TaskQueue
from aqlib.testing import MemoryWorker


class SteppedClock(Clock):
    """A call that is due at once comes at the next `advance`, one turn later, as in a reactor."""

    def callLater(self, delay, callable, *args, **kw):
        return super().callLater(max(delay, 1e-6), callable, *args, **kw)

    def turn(self, times: int = 1) -> None:
        for _ in range(times):
            self.advance(1e-5)

    def settle(self) -> None:
        """Let all come that is due soon."""
        for _ in range(20):
            self.advance(0.05)


class PausableWorker(MemoryWorker):
    """Lets its task be paused, as a worker with a process does."""

    isPaused = False

    def pause(self, task: Task) -> bool:
        self.isPaused = True
        return True

    def resume(self, task: Task) -> None:
        self.isPaused = False


class StiffWorker(MemoryWorker):
    """Cannot have its task stand still, as a worker with a thread cannot."""

    def __getattribute__(self, name: str) -> Any:
        if name in ("pause", "resume"):
            raise AttributeError(name)
        return super().__getattribute__(name)


class Tasks:
    """A queue with workers in memory.

    Args:
        workers: How many.
        kind: Of which class.
    """

    def __init__(self, workers: int = 0, kind: type[MemoryWorker] = MemoryWorker) -> None:
        self.clock = SteppedClock()
        self.queue = TaskQueue(reactor=self.clock)
        self.workers = [kind() for _ in range(workers)]
        for worker in self.workers:
            self.queue.attachWorker(worker)

    def add(self, *names: str, f=len, args=((),), **options) -> list[Task]:
        """Queue a task of each name; nobody minds when it fails."""
        tasks = [self.queue.submit(f, *args, name=name, **options) for name in names]
        for task in tasks:
            task.deferred.addErrback(lambda _: None)
        return tasks

    def many(self, number: int, **options) -> list[Task]:
        return self.add(*(f"task {n}" for n in range(number)), **options)

    def end(self, *names: str, f=len, args=((),), **options) -> list[Task]:
        """Queue a task of each name and have the first worker run it to its end."""
        ended = []
        for name in names:
            ended += self.add(name, f=f, args=args, doNext=True, **options)
            while not ended[-1].isFinished:
                self.workers[0].step()
        return ended

    def waiting(self) -> list[str]:
        """The names of those that wait, in running order."""
        return [task.name for task in self.queue.schedule]
