# SPDX-License-Identifier: GPL-3.0-or-later
"""A Renderer on a stage: two workers in memory and a clock, both stepped by hand."""

from twisted.internet.task import Clock

from aqlib import Observer, TaskQueue
from aqlib.testing import MemoryWorker
from mandelbrot_view.pictures.render import stream_tile
from mandelbrot_view.places.place import HOME
from mandelbrot_view.qt.framing import Framing
from mandelbrot_view.qt.picture import Picture
from mandelbrot_view.qt.renderer import Renderer

SIZE = (600, 300)
FOCUS = (300.0, 150.0)
TILES = 6


class Listening:
    """The view, in short: it puts rows into the picture."""

    def __init__(self, picture):
        self.picture = picture
        self.hints = []
        self.orbits = []
        self.idle = 0
        self.cancellations = 0
        self.passes = []
        self.coarsePasses = 0

    def rowsCame(self, framing, tile, rows):
        self.picture.take(framing, tile, *rows)

    def passCame(self, framing, bands):
        self.passes.append([band.step for band in bands])
        self.picture.takePass(framing, bands, self.picture.framing)

    def orbitReturns(self, framing, steps):
        self.orbits.append(steps)

    def goNow(self):
        pass

    def follow(self):
        pass

    def coarsePassEnded(self):
        self.coarsePasses += 1

    def becameIdle(self):
        self.idle += 1

    def cancellationChanged(self):
        self.cancellations += 1

    def hint(self, text):
        self.hints.append(text)


class Tasks(Observer):
    """All tasks of the queue, in the order in which they were queued."""

    def __init__(self):
        self.all = []

    def taskQueued(self, task):
        self.all.append(task)

    def named(self, start):
        return [task for task in self.all if task.name.startswith(start)]

    def inState(self, state):
        return [task.name for task in self.all if task.state is state]


class Stage:
    """A Renderer with two workers, and a view that shows what it is told to."""

    def __init__(self):
        self.clock = Clock()
        self.queue = TaskQueue(reactor=self.clock)
        self.workers = [MemoryWorker(), MemoryWorker()]
        for worker in self.workers:
            self.queue.attachWorker(worker)
        self.tasks = Tasks()
        self.queue.addObserver(self.tasks)
        self.picture = Picture(framing(), 0)
        self.listener = Listening(self.picture)
        self.renderer = Renderer(self.queue, self.picture, self.listener)

    def show(self, wanted, focus=FOCUS):
        self.picture.moveTo(wanted)
        self.renderer.show(wanted, focus)

    def finish(self, worker):
        """Let a worker do its task to its end."""
        call = worker.taskNow.call
        if call.f is stream_tile:
            worker.stream().feed(list(call.f(*call.args, **call.kw)))
            worker.succeed()
        else:
            worker.step()

    def finishAll(self, most=1000):
        """Let the workers do all there is; gives how many tasks that were."""
        for count in range(most):
            busy = [worker for worker in self.workers if worker.task is not None]
            if not busy:
                return count
            self.finish(busy[0])
        raise AssertionError("it never ends")

    def finishUntil(self, name):
        """Go on until a task of this name runs; gives its worker."""
        while True:
            for worker in self.workers:
                if worker.taskNow.name == name:
                    return worker
            self.finish(self.workers[0])

    def finishCoarsePass(self):
        for worker in self.workers:
            if worker.task is not None and worker.task.name.startswith("coarse"):
                self.finish(worker)


def framing(place=HOME, size=SIZE, limit=60):
    return Framing(place, size, limit)


def zoomed(clicks):
    place = HOME
    for _ in range(clicks):
        place = place.zoomedBy(1.3, 300, 150, SIZE)
    return framing(place)
