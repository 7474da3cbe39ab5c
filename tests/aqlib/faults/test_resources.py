# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory, descriptors and processes run out. Each test is named after its row of the fault catalogue."""

import errno
import operator
import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from twisted.internet.defer import DeferredList, gatherResults
from twisted.internet.task import Clock

from aqlib import EncodingError, WorkerLost, WorkerState
from aqlib.processes import child
from aqlib.processes.memorykills import countMemoryKills
from aqlib.processes.patience import PAUSES, Patience
from aqlib.testing import Watcher

from .. import faultjobs, jobs
from .helpers import ended, outcome, queueSees


@pytest.fixture
def systemFiles(tmp_path):
    """The kernel's files that count what was ended for want of memory: of a control group, and of the machine."""
    group, machine = tmp_path / "sys/fs/cgroup/user/app/memory.events", tmp_path / "proc/vmstat"
    for path in (group, machine, tmp_path / "proc/self/cgroup"):
        path.parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "proc/self/cgroup").write_text("4:memory:/elsewhere\n0::/user/app\n")
    group.write_text("low 0\nhigh 5\nmax 0\noom 3\noom_kill 2\noom_group_kill 0\n")
    machine.write_text("nr_free_pages 3\noom_kill 7\n")
    return tmp_path, group, machine


def test_a9_what_the_kernel_ended_is_counted_in_the_control_group_or_else_on_the_machine(systemFiles):
    root, group, machine = systemFiles
    assert countMemoryKills(root) == 2
    group.unlink()
    assert countMemoryKills(root) == 7
    machine.unlink()
    assert countMemoryKills(root) is None


@pytest.mark.parametrize(("after", "isLikely"), [(3, True), (2, False), (None, False)])
async def test_a9_memory_is_named_as_the_likely_cause_when_the_kernel_has_ended_something_meanwhile(
    makeQueue, monkeypatch, tmp_path, after, isLikely
):
    monkeypatch.setattr(child, "countMemoryKills", lambda: 2)
    queue, begun = makeQueue(1), str(tmp_path / "begun")
    task = queue.submit(jobs.forEver, begun)
    await queueSees(queue, begun)
    monkeypatch.setattr(child, "countMemoryKills", lambda: after)
    os.kill(task.worker.pid, signal.SIGKILL)
    error = await outcome(task.deferred)
    assert (type(error), error.signal) == (WorkerLost, signal.SIGKILL)
    assert error.hint.startswith("Memory is the likely cause") is isLikely


async def test_a9_memory_is_not_named_when_the_cause_is_another(makeQueue, monkeypatch, tmp_path):
    counts = iter(range(100))
    monkeypatch.setattr(child, "countMemoryKills", lambda: next(counts))
    queue, begun = makeQueue(1), str(tmp_path / "begun")
    assert "Memory" not in (await outcome(queue.call(jobs.segfault))).hint
    task = queue.submit(jobs.forEver, begun)
    await queueSees(queue, begun)
    queue.killWorker(1)
    error = await outcome(task.deferred)
    assert error.hint == "It was ended because somebody had it ended at once."


async def test_a12_workers_that_are_replaced_with_a_backlog_stall_nothing(makeQueue):
    queue, watcher = makeQueue(2), Watcher()
    queue.addObserver(watcher)
    pids = set(await queue.update(os.getpid))
    calls = [queue.call(operator.add, i, 1) for i in range(2000)]
    for ID in (1, 2):
        queue.restartWorker(ID)
    assert await gatherResults(calls) == list(range(1, 2001))
    await watcher.untilHappened("workerReplaced", 2)
    assert pids.isdisjoint(await queue.update(os.getpid))
    assert watcher.happened("workerLost") == []


@pytest.mark.parametrize("size", [10_000_000, 100_000_000])
async def test_a13_a_death_with_a_large_argument_half_sent_hangs_nobody(queue, size):
    """The call had not begun, so that it is made in the next process."""
    pid = await queue.call(os.getpid)
    os.kill(pid, signal.SIGSTOP)  # it reads nothing: no more is sent than the kernel takes
    task = queue.submit(len, bytes(size))
    os.kill(pid, signal.SIGKILL)
    assert await task.deferred == size
    assert await queue.call(os.getpid) != pid


async def test_a13_a_death_with_a_large_argument_half_sent_behind_a_call_costs_that_call_alone(queue, tmp_path):
    gate = str(tmp_path / "gate")
    jobs.touch(gate)
    for _ in range(40):
        await queue.call(jobs.forEverUnless, gate)
        await queue.call(len, b"")
    os.unlink(gate)
    running = queue.submit(jobs.forEverUnless, gate, str(tmp_path / "begun"))
    large = queue.submit(len, bytes(100_000_000))
    await queueSees(queue, str(tmp_path / "begun"))
    os.kill(running.worker.pid, signal.SIGKILL)
    with pytest.raises(WorkerLost, match="while it ran forEverUnless"):
        await running.deferred
    assert await large.deferred == 100_000_000


@pytest.mark.parametrize("spare", range(10))  # a start takes 11
async def test_a24_running_out_of_descriptors_is_an_errback_and_leaves_none_open(queue, spare):
    await queue.call(operator.add, 1, 1)
    before = len(os.listdir("/proc/self/fd"))
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = max(map(int, os.listdir("/proc/self/fd")))
    fillers = [os.dup(0) for _ in range(highest - before + 1)]  # no gaps below the limit
    opened = len(os.listdir("/proc/self/fd"))
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 1 + spare, limits[1]))
    try:
        with pytest.raises(OSError, match="Too many open files"):
            await queue.addWorkers(1)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert len(os.listdir("/proc/self/fd")) == opened
    for filler in fillers:
        os.close(filler)
    assert len(queue) == 1
    assert await queue.call(operator.add, 1, 1) == 2


@contextmanager
def noDescriptors() -> Iterator[None]:
    """No file can be opened meanwhile."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


SIZES = [1_000, 10_000_000, 50_000_000]


def cameOrWasRefused(outcome, block):
    """Whether a block has come back, or, being large and passed by its descriptor, is an error that says why not."""
    isRefused = isinstance(outcome, EncodingError) and "too many open files" in str(outcome)
    return outcome == block or (isRefused and len(block) == 10_000_000)


@pytest.mark.parametrize("size", SIZES)
async def test_a24_a_program_without_descriptors_goes_on_with_what_it_has(queue, size):
    pid = await queue.call(os.getpid)
    with noDescriptors():
        assert cameOrWasRefused(await outcome(queue.call(jobs.giveBack, bytes(size))), bytes(size))
        assert await queue.call(os.getpid) == pid
    blocks = [bytes([i]) * size for i in range(1, 4)]
    assert await gatherResults([queue.call(jobs.giveBack, block) for block in blocks]) == blocks


@pytest.mark.parametrize("size", SIZES)
async def test_a24_a_worker_without_descriptors_goes_on_with_what_it_has(queue, size):
    pid = await queue.call(os.getpid)
    number = await queue.call(faultjobs.setDescriptors, 3)
    assert cameOrWasRefused(await outcome(queue.call(jobs.giveBack, bytes(size))), bytes(size))
    assert await queue.call(faultjobs.setDescriptors, number) == 3
    blocks = [bytes([i]) * size for i in range(1, 4)]
    assert await gatherResults([queue.call(jobs.giveBack, block) for block in blocks]) == blocks
    assert await queue.call(os.getpid) == pid


async def test_a24_a_process_that_cannot_be_watched_is_not_left_alone(queue, monkeypatch):
    await queue.call(operator.add, 1, 1)
    before = len(os.listdir("/proc/self/fd"))
    started: list[int] = []

    def refuse(pid: int) -> int:
        started.append(pid)
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as patch:
        patch.setattr(os, "pidfd_open", refuse)
        with pytest.raises(OSError, match="Too many open files"):
            await queue.addWorkers(1)
    assert len(os.listdir("/proc/self/fd")) == before
    [pid] = started
    assert await ended(queue.reactor, pid)


def held(reactor):
    """How many descriptors, readers and delayed calls there are."""
    return len(os.listdir("/proc/self/fd")), len(reactor.getReaders()), len(reactor.getDelayedCalls())


@pytest.mark.parametrize("rounds", [5, pytest.param(251, marks=[pytest.mark.slow, pytest.mark.timeout(110)])])
async def test_a24_no_descriptor_is_left_by_processes_that_were_replaced(makeQueue, rounds):
    """Each round ends four processes."""
    queue, watcher = makeQueue(4), Watcher()
    queue.addObserver(watcher)
    await queue.update(os.getpid)
    before = held(queue.reactor)
    for _ in range(rounds):
        deaths = await DeferredList([queue.call(jobs.killSelf) for _ in range(4)], consumeErrors=True)
        assert [failure.type for _, failure in deaths] == [WorkerLost] * 4
        await queue.update(os.getpid, ephemeral=True)
    assert len(watcher.happened("workerReplaced")) == 4 * rounds
    assert held(queue.reactor) == before


async def test_a25_a_worker_that_cannot_be_started_is_an_errback_and_the_queue_goes_on(queue, monkeypatch):
    def refuse(*_, **__):
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with pytest.raises(BlockingIOError, match="no more processes"):
        await queue.addWorkers(1)
    assert len(queue) == 1
    assert await queue.call(operator.add, 1, 1) == 2


async def test_a25_a_process_that_the_system_refuses_for_now_is_started_later(queue, watcher):
    pid = await queue.call(os.getpid)
    with noDescriptors():
        os.kill(pid, signal.SIGKILL)
        await watcher.untilHappened("workerReplaced")
        waiting, update = queue.call(jobs.get, "key"), queue.update(jobs.put, "key", 5)
        assert (queue.workers(1).state, queue.workers(1).pid) == (WorkerState.STARTING, None)
    assert await waiting == 5  # an update comes before all calls
    [new] = await update
    assert queue.workers(1).pid == new != pid
    assert not queue.isDegraded


async def test_a25_a_queue_whose_worker_waits_for_a_process_can_be_shut_down(queue, watcher):
    pid = await queue.call(os.getpid)
    with noDescriptors():
        os.kill(pid, signal.SIGKILL)
        await watcher.untilHappened("workerReplaced")
        update = queue.update(jobs.put, "key", 5)
        await queue.shutdown()
        with pytest.raises(WorkerLost, match="told to end before the system let it start"):
            await update


async def test_a25_a_worker_that_waits_for_a_process_and_is_killed_tries_again(queue, watcher):
    pid = await queue.call(os.getpid)
    with noDescriptors():
        os.kill(pid, signal.SIGKILL)
        await watcher.untilHappened("workerReplaced")
        queue.killWorker(1)
        await watcher.untilHappened("workerReplaced", 2)
    assert await queue.call(operator.add, 1, 1) == 2


async def test_a25_when_the_system_refuses_for_too_long_the_queue_is_degraded_and_says_why(
    queue, watcher, monkeypatch, loggedErrors
):
    monkeypatch.setattr(child, "PAUSES", (0.0, 0.0))
    pid = await queue.call(os.getpid)
    waiting = queue.submit(operator.add, 1, 1, series="nobody yet")
    with noDescriptors():
        os.kill(pid, signal.SIGKILL)
        await watcher.until(lambda: queue.isDegraded)
    assert queue.degradedReason.startswith("A worker process could not be started: ")
    assert "Too many open files" in queue.degradedReason
    assert str(await outcome(waiting.deferred)) == queue.degradedReason
    assert queue.workers() == []
    loggedErrors.flush()
    await queue.addWorkers(1)
    assert await queue.call(operator.add, 1, 1) == 2


class Attempts:
    """Fail with one error after the other, then succeed."""

    def __init__(self, *errors: int) -> None:
        self.errors = list(errors)
        self.times: list[float] = []
        self.gaveUp: list[OSError] = []
        self.clock = Clock()

    def __call__(self) -> None:
        self.times.append(round(self.clock.seconds(), 3))
        if self.errors:
            raise OSError(self.errors.pop(0), "no more of these")

    def run(self) -> None:
        Patience(self.clock, self, self.gaveUp.append)
        while self.clock.getDelayedCalls():
            self.clock.advance(self.clock.getDelayedCalls()[0].getTime() - self.clock.seconds())


def test_a25_what_is_refused_is_tried_again_after_pauses_that_double():
    attempts = Attempts(errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE)
    attempts.run()
    assert attempts.times == [0, 0.1, 0.3, 0.7, 1.5]
    assert attempts.gaveUp == []


def test_a25_after_half_a_minute_it_is_given_up():
    attempts = Attempts(*[errno.EAGAIN] * 1000)
    attempts.run()
    assert len(attempts.times) == 1 + len(PAUSES)
    assert 25 < attempts.times[-1] < 35
    assert [error.errno for error in attempts.gaveUp] == [errno.EAGAIN]


def test_a25_what_will_not_pass_is_given_up_at_once():
    attempts = Attempts(errno.EAGAIN, errno.ENOENT)
    attempts.run()
    assert attempts.times == [0, 0.1]
    assert [error.errno for error in attempts.gaveUp] == [errno.ENOENT]
    with pytest.raises(FileNotFoundError):
        Attempts(errno.ENOENT).run()
