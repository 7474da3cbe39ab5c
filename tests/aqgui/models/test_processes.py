# SPDX-License-Identifier: GPL-3.0-or-later
import contextlib
import os
import subprocess
import sys
from typing import NamedTuple

import psutil
import pytest
from twisted.internet.task import Clock

from aqgui.models.processes import ProcessUsage, Usage


class Memory(NamedTuple):
    rss: int


class Times(NamedTuple):
    user: float
    system: float
    children_user: float
    children_system: float


class Process:
    """A process that has used so many seconds of CPU, as have its children that have ended."""

    def __init__(self, pid):
        if pid == 404:
            raise psutil.NoSuchProcess(pid)
        self.pid = pid
        self.seconds = 0.0
        self.childSeconds = 0.0
        self.isGone = False
        self.isStopped = False

    def oneshot(self):
        return contextlib.nullcontext()

    def cpu_times(self):
        if self.isGone:
            raise psutil.NoSuchProcess(self.pid)
        return Times(self.seconds / 2, self.seconds / 2, self.childSeconds, 0.0)

    def memory_info(self):
        return Memory(1000 * self.pid)

    def status(self):
        return psutil.STATUS_STOPPED if self.isStopped else psutil.STATUS_SLEEPING


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def processes():
    return {}


@pytest.fixture
def members():
    """The other members of each family."""
    return {}


@pytest.fixture
def usage(clock, processes, members):
    def open(pid):
        return processes.setdefault(pid, Process(pid))

    return ProcessUsage(open, clock.seconds, lambda pids: {pid: members.get(pid, ()) for pid in pids})


def test_usage_is_by_pid(usage):
    usage.look([1, 2])
    assert (usage.of(1), usage.of(2)) == (Usage(0.0, 1000), Usage(0.0, 2000))
    assert usage.of(3) is None
    assert usage.of(None) is None


def test_cpu_is_counted_between_two_samples(usage, processes, clock):
    usage.look([1])
    processes[1].seconds = 5.0
    clock.advance(10)
    usage.look([1])
    assert usage.of(1) == Usage(50.0, 1000, seconds=5.0)


def test_it_is_told_for_how_long_a_process_has_used_no_cpu(usage, processes, clock):
    for more, quietFor in ((0.0, 0), (0.0, 5), (2.0, 0), (0.0, 5), (0.0, 10)):
        if more:
            processes[1].seconds += more
        usage.look([1])
        assert usage.of(1).quietFor == quietFor
        clock.advance(5)


def test_a_process_that_a_signal_has_stopped_is_told(usage, processes):
    usage.look([1])
    before = usage.of(1)
    processes[1].isStopped = True
    usage.look([1])
    assert [before.isStopped, usage.of(1).isStopped] == [False, True]


def test_what_a_process_has_started_is_counted_with_it_from_its_first_moment(usage, processes, members, clock):
    usage.look([1])
    members[1] = [7, 404]
    processes[7] = Process(7)
    processes[7].seconds = 4.5
    clock.advance(5)
    usage.look([1])
    assert usage.of(1) == Usage(90.0, 8000, seconds=4.5)
    assert usage.of(7) is None


def test_one_that_has_ended_is_counted_as_well(usage, processes, members, clock):
    """A busy loop in short processes: no sample sees any of them twice."""
    usage.look([1])
    for pid in range(7, 10):
        members[1] = [pid]
        processes[1].childSeconds = 2.0 * (pid - 6)
        clock.advance(2)
        usage.look([1])
        assert usage.of(1).cpu == pytest.approx(100)


def test_a_guardian_does_not_count_itself(usage, processes, members, clock):
    members[1] = [7]
    usage.look([1], [1])
    processes[1].seconds, processes[1].childSeconds, processes[7].seconds = 3.0, 0.5, 0.5
    clock.advance(1)
    usage.look([1], [1])
    assert usage.of(1) == Usage(100.0, 7000, seconds=1.0)


def test_a_family_is_stopped_when_all_members_are_that_its_guardian_watches(usage, processes, members):
    members[1] = [7, 8]
    for stopped, isStopped in (((), False), ((7,), False), ((7, 8), True)):
        usage.look([1], [1])
        for pid in stopped:
            processes[pid].isStopped = True
        usage.look([1], [1])
        assert usage.of(1).isStopped is isStopped


def test_one_whose_time_is_lost_never_gives_less_than_nothing(usage, processes, members, clock):
    members[1] = [7]
    usage.look([1])
    processes[7].seconds = 3.0
    clock.advance(1)
    usage.look([1])
    members[1] = []
    clock.advance(1)
    usage.look([1])
    assert usage.of(1).cpu == 0


def test_one_that_has_ended_has_no_usage(usage, processes):
    usage.look([1, 2, 404])
    processes[1].isGone = True
    usage.look([1, 2])
    assert usage.of(1) is None
    assert usage.of(404) is None
    assert usage.of(2) is not None


def test_a_real_process_and_its_busy_descendants_are_seen():
    loop = (
        "import subprocess, sys; [subprocess.run([sys.executable, '-S', '-c', 'sum(range(10**6))']) for _ in range(9)]"
    )
    usage = ProcessUsage()
    with subprocess.Popen(
        [sys.executable, "-c", f"{loop}; print(flush=True); input()"], stdin=-1, stdout=-1
    ) as process:
        usage.look([process.pid, os.getpid()])
        assert process.stdout is not None
        process.stdout.readline()
        usage.look([process.pid, os.getpid()])
        seen, own = usage.of(process.pid), usage.of(os.getpid())
        process.communicate(b"\n")
    assert seen is not None
    assert own is not None
    assert seen.memory > 1_000_000
    assert seen.cpu > 0
    assert own.memory > 1_000_000
