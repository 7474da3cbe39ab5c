# SPDX-License-Identifier: GPL-3.0-or-later
"""What `endBySignal` promises, on every reactor."""

import os
import signal
import subprocess
import sys

import pytest
from twisted.internet.task import deferLater

from aqlib import CancelledError, TaskQueue, WorkerError, WorkerState, endBySignal
from aqlib.testing import MemoryWorker

# Waits until a process sleeps, and sends it a signal.
SIGNALLER = """
import os, sys
pid, number = map(int, sys.argv[1:])
def sleeps():
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()[0] == "S"
while not all(sleeps() for _ in range(100)):
    pass
os.kill(pid, number)
"""


@pytest.fixture
def worker():
    return MemoryWorker()


@pytest.fixture
def queue(reactor, worker, wait):
    theQueue = TaskQueue(worker, reactor=reactor)
    yield theQueue
    wait(theQueue.shutdown(crash=True))


@pytest.fixture
def interrupt(reactor):
    """interrupt(signal): send this process a signal, and let the reactor have a turn."""

    async def send(number=signal.SIGINT):
        signal.raise_signal(number)
        await deferLater(reactor, 0, lambda: None)

    return send


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_first_signal_cancels_what_waits_and_lets_finish_what_runs(queue, worker, interrupt, number):
    ended = endBySignal(queue)
    running, waiting = queue.submit(len, "ab"), queue.submit(len, "")
    await interrupt(number)
    with pytest.raises(CancelledError):
        await waiting.deferred
    worker.step()
    assert await running.deferred == 2
    await ended


async def test_the_second_cancels_what_runs(queue, worker, interrupt):
    ended = endBySignal(queue)
    running = queue.submit(len, "ab")
    await interrupt()
    assert running.isRunning
    await interrupt()
    with pytest.raises(CancelledError):
        await running.deferred
    assert worker.aborted == [running]
    await ended


async def test_the_third_ends_the_workers(reactor, interrupt):
    class Stubborn(MemoryWorker):
        def abort(self, task):
            """It does not listen."""

    worker = Stubborn()
    queue = TaskQueue(worker, reactor=reactor)
    ended = endBySignal(queue)
    queue.submit(len, "").deferred.addErrback(lambda failure: failure.trap(CancelledError, WorkerError))
    for _ in range(2):
        await interrupt()
    assert not ended.called
    await interrupt()
    await ended
    assert worker.state is WorkerState.GONE


async def test_the_program_is_told_the_count_before_each_step(queue, worker, interrupt):
    counts = []

    def told(count):
        counts.append((count, running.isFinished))

    ended = endBySignal(queue, onInterrupt=told)
    running = queue.submit(len, "")
    running.deferred.addErrback(lambda failure: failure.trap(CancelledError))
    await interrupt()
    await interrupt()
    await ended
    assert counts == [(1, False), (2, False)]


async def test_the_handlers_of_before_are_back_when_the_queue_has_ended(queue):
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    wakeup = signal.set_wakeup_fd(-1)
    signal.set_wakeup_fd(wakeup)
    ended = endBySignal(queue)
    assert signal.getsignal(signal.SIGINT) is not before[0]
    queue.shutdown()
    await ended
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    assert signal.set_wakeup_fd(wakeup) == wakeup


async def test_a_queue_that_has_ended_takes_no_signals(queue):
    before = signal.getsignal(signal.SIGINT)
    await queue.shutdown()
    await endBySignal(queue)
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells by /proc that a process sleeps")
async def test_a_signal_wakes_an_idle_event_loop(queue):
    ended = endBySignal(queue)
    with subprocess.Popen([sys.executable, "-c", SIGNALLER, str(os.getpid()), str(signal.SIGINT.value)]):
        await ended
