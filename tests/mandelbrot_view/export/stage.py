# SPDX-License-Identifier: GPL-3.0-or-later
"""A queue with workers in memory and a clock, for exports."""

from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from aqlib import TaskQueue
from aqlib.testing import MemoryWorker
from mandelbrot_view.colour.colouring import Colouring, Scale
from mandelbrot_view.export.scene import Scene
from mandelbrot_view.places.place import Place

PLACE = Place.make("-0.6", "0.1", "1.8", 120)


def scene(size=(60, 40), antialias=1, colouring=None, place=PLACE):
    return Scene(place, size, colouring or Colouring(scale=Scale.SMOOTH), antialias, place.limit)


class Stage:
    """Its workers do what they are given only when a test says so."""

    def __init__(self, workers=2):
        self.clock = Clock()
        self.queue = TaskQueue(reactor=self.clock)
        self.workers = [MemoryWorker() for _ in range(workers)]
        for worker in self.workers:
            self.queue.attachWorker(worker)

    def run(self, coroutine):
        """Begin; gives its Deferred, and puts what comes of it into `result` or `failure`."""
        self.result: Any = None
        self.failure: Any = None
        deferred = Deferred.fromCoroutine(coroutine)
        deferred.addCallbacks(lambda result: setattr(self, "result", [result]), lambda f: setattr(self, "failure", f))
        return deferred

    @property
    def names(self):
        """Of the tasks that run and wait."""
        return [task.name for task in [*self.queue.running(), *self.queue.schedule]]

    def finish(self, worker):
        """Let a worker do its task to its end; what that raises is its failure."""
        call, source = worker.taskNow.call, worker.stream()
        try:
            for item in call.f(*call.args, **call.kw):
                source.feed([item])
        except Exception as error:
            worker.fail(error)
        else:
            worker.succeed()

    def finishAll(self, backwards=False):
        """Let the workers do all there is; gives how many tasks that were."""
        count = 0
        while busy := [worker for worker in self.workers if worker.task is not None]:
            self.finish(busy[-1 if backwards else 0])
            count += 1
        return count
