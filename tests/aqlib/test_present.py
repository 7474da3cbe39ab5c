# SPDX-License-Identifier: GPL-3.0-or-later
"""What a worker's process is at, as far as its queue can know: what was granted, and what the process has named."""

from types import SimpleNamespace
from typing import Any

import pytest

from aqlib.interfaces import WorkerState
from aqlib.processes.death import Ending
from aqlib.processes.inflight import InFlight, Sent
from aqlib.processes.present import Present
from aqlib.processes.stream import RemoteStream
from aqlib.streammemory import StreamMemory
from aqlib.task import Call


class Stream(RemoteStream):
    """Has credit when the test says so."""

    canRun = True

    def __init__(self, seq: int) -> None:
        task: Any = SimpleNamespace(isWaiting=False)
        super().__init__(task, seq, lambda *_: None, lambda _: None, lambda: None, StreamMemory())


class Worker:
    """The little of a ProcessWorker that a Present looks at; it notes what its queue is told."""

    def __init__(self):
        self.inFlight = InFlight()
        self.streams: list[Stream] = []
        self.memory = StreamMemory()
        self.suspended: list[Any] = []
        self.isPaused = False
        self.state = WorkerState.IDLE
        self.succession = SimpleNamespace(isUp=True, wish=Ending.UNASKED)
        self.child = SimpleNamespace(page=SimpleNamespace(begun=0), taskBegins=lambda: None)
        self.care = SimpleNamespace(begins=lambda runs: None)
        self.told: list[tuple[str, Any]] = []
        self.reporter = SimpleNamespace(
            suspended=lambda task: self.told.append(("suspended", task)),
            resumed=lambda task: self.told.append(("resumed", task)),
        )

    def setBusy(self, task):
        self.state = WorkerState.BUSY

    def setIdle(self):
        self.state = WorkerState.IDLE


@pytest.fixture
def worker():
    return Worker()


@pytest.fixture
def present(worker):
    return Present(worker)


@pytest.fixture
def streams(worker):
    worker.streams = [Stream(1), Stream(2)]
    return worker.streams


def test_the_stream_that_began_last_is_due(present, streams):
    present.refresh()
    assert present.runs is streams[1]


def test_one_that_gets_credit_does_not_take_the_place_of_one_that_runs(present, streams):
    streams[1].canRun = False
    present.refresh()
    assert present.runs is streams[0]
    streams[1].canRun = True
    present.refresh()
    assert present.runs is streams[0]


def test_what_the_process_names_runs_whatever_was_granted_meanwhile(present, streams, worker):
    present.announce(2)
    for stream in streams:
        stream.canRun = False
    present.refresh()
    for stream in streams:
        stream.canRun = True
        present.refresh()
    # The process has read the grant of the older one only, and went on with that.
    present.announce(1)
    assert present.runs is streams[0]
    assert not streams[0].isSuspended
    assert streams[1].isSuspended
    # More credit for the other one changes nothing while this one is in the middle of an item.
    present.refresh()
    assert present.runs is streams[0]


def test_a_call_runs_when_it_has_begun_and_not_when_it_was_sent(present, streams, worker):
    present.announce(1)
    sent = Sent(3, Call(len, ("",), {}), 0.001)
    worker.inFlight.add(sent)
    present.refresh()
    assert present.runs is streams[0]
    present.announce(2)  # it came to the other stream first
    assert present.runs is streams[1]
    worker.child.page.begun = 3
    present.refresh()
    assert present.runs is sent
    assert [stream.isSuspended for stream in streams] == [True, True]
    worker.inFlight.pop(3)
    present.refresh()
    assert present.runs is streams[1]


def test_a_stream_may_run_between_two_calls_when_it_got_credit_after_the_first(present, streams, worker):
    """The process goes on with it when it has not read the second one yet, and the first one's answer is on its way."""
    [stream] = worker.streams = streams[:1]
    stream.canRun = False
    first, second = Sent(3, Call(len, ("",), {}), 0.001), Sent(4, Call(len, ("",), {}), 0.001)
    worker.inFlight.add(first)
    present.refresh()
    worker.child.page.begun = 3
    stream.canRun = True
    worker.inFlight.add(second)
    present.refresh()
    assert present.runs is first
    worker.inFlight.pop(3)
    present.refresh()
    assert present.runs is stream
    assert [what for what, _ in worker.told] == ["suspended", "resumed"]
    worker.child.page.begun = 4
    present.refresh()
    assert present.runs is second


def test_a_stream_runs_before_the_update_that_was_sent_behind_its_call(present, worker):
    call, update = Sent(1, Call(iter, ("",), {}), 0.001), Sent(2, Call(len, ("",), {}), 0.001)
    worker.inFlight.add(call)
    present.refresh()
    worker.inFlight.add(update)
    worker.inFlight.pop(1)
    worker.streams = [Stream(1)]
    worker.child.page.begun = 1
    present.refresh()
    assert present.runs is worker.streams[0]
    worker.child.page.begun = 2
    present.refresh()
    assert present.runs is update


def test_a_call_that_was_sent_while_no_stream_could_run_comes_before_what_is_granted_later(present, streams, worker):
    for stream in streams:
        stream.canRun = False
    sent = Sent(3, Call(len, ("",), {}), 0.001)
    worker.inFlight.add(sent)
    present.refresh()
    streams[0].canRun = True
    present.refresh()
    assert present.runs is sent
    assert streams[0].isSuspended


def test_nothing_runs_when_no_stream_has_credit(present, streams, worker):
    present.refresh()
    for stream in streams:
        stream.canRun = False
    present.refresh()
    assert present.runs is None
    assert worker.state is WorkerState.IDLE
