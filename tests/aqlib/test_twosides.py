# SPDX-License-Identifier: GPL-3.0-or-later
"""The queue knows what a worker's process is at, whatever has crossed: whoever hangs is ended by its own time-out.

Random calls, updates and streams on one worker, whose both sides are stepped in random order. Now and then its process
hangs where it stands; when all has been read that it said before, what it hangs in is what the queue says that it runs.
"""

from random import Random
from typing import Any

import pytest
from twisted.internet.interfaces import IConsumer
from zope.interface import implementer

from aqlib import CancelledError, Observer, ProcessWorker, TaskQueue, TaskState, WorkerState
from aqlib.processes.present import STOP_GRACE
from aqlib.processes.shared import Shared
from aqlib.processes.stream import RemoteStream
from aqlib.testing import SteppedClock

from .twosides import SteppedChild, Steps, point

SEEDS = range(200)
STEPS = 400


def call(n):
    point("call")
    return n


def stream(n):
    try:
        for i in range(n):
            point("item")
            yield i
        point("item")
    finally:
        point("close")


@implementer(IConsumer)
class Taker:
    """Pauses after every so many items; the items are to come in order."""

    def __init__(self, every: int) -> None:
        self.every = every
        self.items = 0
        self.producer: Any = None
        self.isPaused = False

    def registerProducer(self, producer, streaming):
        self.producer = producer

    def unregisterProducer(self):
        self.producer = None

    def write(self, item):
        assert item == self.items
        self.items += 1
        if self.items % self.every == 0:
            self.isPaused = True
            self.producer.pauseProducing()

    def resume(self):
        self.isPaused = False
        if self.producer is not None:
            self.producer.resumeProducing()


class Play:
    """One worker, and what happens to it."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.clock = SteppedClock()
        self.worker = ProcessWorker(shared=Shared())
        self.queue = TaskQueue(self.worker, reactor=self.clock)
        self.takers: list[Taker] = []
        self.tasks: list[Any] = []
        self.updates: list[Any] = []
        often = [self.go, self.go, self.go, self.read, self.flush, self.flushOut, self.submit, self.more, self.check]
        seldom = [self.stream, self.update, self.stop, self.cancel, self.renice, self.pause]
        self.deeds: list[Any] = [*often, *seldom]
        # The weight of a deed differs from one play to the next.
        self.weights = [self.chance.choice((1, 2, 5)) for _ in often] + [self.chance.choice((0, 1, 2)) for _ in seldom]

    @property
    def child(self) -> Any:
        return self.worker.child

    @property
    def steps(self) -> Steps:
        return self.child.steps

    def play(self, count: int) -> None:
        for deed in self.chance.choices(self.deeds, self.weights, k=count):
            deed()

    # The process.

    def go(self) -> None:
        if self.child.canGo:
            self.child.box.count = self.chance.choice((1, 1, 2, 100))
            self.steps.go()

    def flushOut(self) -> None:
        self.child.out.flush()

    # The queue.

    def read(self) -> None:
        self.child.read(self.chance.choice((1, 2, 100)))

    def flush(self) -> None:
        self.child.flush()

    def submit(self) -> None:
        for _ in range(self.chance.choice((1, 1, 3))):
            self._keep(self.queue.submit(call, len(self.tasks), **self._options()))

    def stream(self) -> None:
        if len(self.worker.streams) < 4:
            taker = Taker(self.chance.choice((1, 3, 1000)))
            self.takers.append(taker)
            self._keep(self.queue.submit(stream, self.chance.randint(0, 12), consumer=taker, **self._options()))

    def update(self) -> None:
        self.updates.append(self.queue.update(call, -1))

    def more(self) -> None:
        for taker in self.takers:
            if taker.isPaused and self.chance.random() < 0.5:
                taker.resume()

    def stop(self) -> None:
        for taker in self.takers:
            if taker.producer is not None and self.chance.random() < 0.3:
                taker.producer.stopProducing()

    def cancel(self) -> None:
        if self.tasks:
            self.chance.choice(self.tasks).cancel()

    def renice(self) -> None:
        if self.tasks:
            self.queue.setNiceness([self.chance.choice(self.tasks)], self.chance.randint(-3, 3))

    def pause(self) -> None:
        if self.queue.isPaused:
            self.queue.resume()
        else:
            self.queue.pause()

    def _options(self) -> dict[str, Any]:
        return {"niceness": self.chance.randint(-3, 3), "doNext": self.chance.random() < 0.2}

    def _keep(self, task: Any) -> None:
        task.deferred.addErrback(lambda failure: failure.trap(CancelledError))
        self.tasks.append(task)

    # What must hold.

    def check(self) -> None:
        """The process hangs here, or waits for mail and there is none: the queue comes to know it."""
        place, child = self.steps.place, self.child
        if place == "page" or (child.canGo and place == "mailbox"):
            return
        while child.out.frames:
            child.read(self.chance.choice((1, 2, 100)))
        if place == "mailbox":
            child.flush()  # what it has said may have brought mail
        if not self.worker.succession.isUp or (child.canGo and place == "mailbox"):
            return
        runs = self.worker.present.runs
        if place == "mailbox":
            assert runs is None
            return
        assert runs is not None
        assert (runs.seq, isinstance(runs, RemoteStream)) == (child.page.running, place != "call")
        self._checkStates(runs)
        if place == "item" and self.worker.inFlight.head is not None and self.chance.random() < 0.3:
            self._giveWay(self.worker.inFlight.head.seq)

    def _checkStates(self, runs: Any) -> None:
        """What runs is told as running, and the other streams are not."""
        if runs.task is not None and not runs.isDropped:
            assert runs.task.state in (TaskState.RUNNING, TaskState.STOPPING)
        for stream in self.worker.streams:
            if stream is not runs and not stream.isDropped:
                assert stream.task.state in (TaskState.SUSPENDED, TaskState.STOPPING)

    def _giveWay(self, seq: int) -> None:
        """What has been sent begins after the item that is being made, or the end of the stream."""
        child = self.child
        child.flush()
        child.box.count = 100
        self.steps.go()
        while self.steps.place in ("page", "mailbox", "close"):
            self.steps.go()
        assert child.page.begun >= seq

    def end(self) -> None:
        """Everything comes to an end."""
        self.steps.isFree = True
        if self.queue.isPaused:
            self.queue.resume()
        done: list[Any] = []
        self.queue.shutdown().addCallback(done.append)
        for _ in range(10_000):
            if self.steps.place == "over" or self.child.wasKilled:  # so is one that is still starting
                break
            for taker in self.takers:
                taker.every = 1000
                if taker.isPaused:
                    taker.resume()
            child = self.child
            child.flush()
            if child.canGo:
                self.steps.go()
            child.out.flush()
            child.read(100)
        self.child.exit()
        assert done == [None]
        assert [task for task in self.tasks if not task.isFinished] == []
        assert [update for update in self.updates if not update.called] == []


@pytest.fixture(autouse=True)
def oneProcess(monkeypatch):
    """The worker's process is in this one, its streams have little credit, and what was measured is short."""
    monkeypatch.setattr("aqlib.processes.succession.Child", lambda reactor, niceness, events, *_: SteppedChild(events))
    monkeypatch.setattr("aqlib.processes.worker.AHEAD", 60.0)
    monkeypatch.setattr("aqlib.child.residents._current", None)
    for module in ("aqlib.child.stream", "aqlib.processes.stream"):
        monkeypatch.setattr(f"{module}.FIRST_CREDIT", (2, 8 << 20))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_runs_is_known_when_all_has_been_read(monkeypatch, seed):
    # Items are gathered, or each leaves at once.
    monkeypatch.setattr("aqlib.child.stream._SLOW", (-1.0, 3600.0)[seed % 2])
    monkeypatch.setattr("aqlib.child.stream._LINGER", 3600.0)
    play = Play(seed)
    play.play(STEPS)
    play.end()


class Stops(Observer):
    """Wants no more of a stream when its process has ended, which others have not heard yet."""

    def __init__(self, taker: Taker) -> None:
        self.taker = taker

    def workerLost(self, worker, error):
        self.taker.producer.stopProducing()


@pytest.mark.parametrize("isLeaving", [False, True])
def test_a_stream_may_be_stopped_when_its_process_has_ended(isLeaving):
    play, taker = Play(0), Taker(1000)
    task = play.queue.submit(stream, 5, consumer=taker)
    while taker.producer is None:
        play.child.drain()
        play.steps.go()
    if isLeaving:
        play.queue.detachWorker(play.worker)
    play.queue.addObserver(Stops(taker))
    play.child.exit()
    assert task.state is TaskState.DONE
    if isLeaving:
        assert play.worker.state is WorkerState.GONE
    else:
        assert not play.child.box.frames  # the next one never had that stream
        play.end()


def toldToStop(play):
    """A worker that is to go on in a new process, and an update that came behind the word of that."""
    play.child.read(1)
    play.worker.restart()
    play.update()
    return play.child


def test_a_process_that_was_told_to_stop_and_does_not_is_ended_whatever_was_sent_afterwards():
    play = Play(0)
    child = toldToStop(play)
    play.clock.advance(STOP_GRACE)
    assert child.wasKilled
    child.exit()  # another process takes its place
    assert play.child is not child
    while not play.updates[0].called:
        play.child.drain()
        play.steps.go()
    play.end()


def test_one_that_makes_an_update_meanwhile_has_time_for_that():
    play = Play(0)
    child = toldToStop(play)
    child.box.count = 2
    while child.steps.place != "call":
        child.steps.go()
    play.clock.advance(STOP_GRACE)
    play.clock.advance(10 * STOP_GRACE)
    assert not child.wasKilled
    child.drain()
    while child.steps.place != "over":
        child.steps.go()
    child.drain()
    assert [update.called for update in play.updates] == [True]
    play.clock.advance(STOP_GRACE)
    assert child.wasKilled
    child.exit()
    play.end()
