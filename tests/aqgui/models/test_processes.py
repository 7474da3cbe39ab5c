# SPDX-License-Identifier: GPL-3.0-or-later
import os
from typing import NamedTuple

import psutil
from twisted.internet.task import Clock

from aqgui.models.processes import ProcessUsage, Usage


class Memory(NamedTuple):
    rss: int


class Process:
    """A process that has used so much CPU since the last look."""

    def __init__(self, pid):
        if pid == 404:
            raise psutil.NoSuchProcess(pid)
        self.pid = pid
        self.cpu = 0.0
        self.isGone = False
        self.isStopped = False

    def cpu_percent(self, interval):
        assert interval is None, "the window must not wait"
        if self.isGone:
            raise psutil.NoSuchProcess(self.pid)
        return self.cpu

    def memory_info(self):
        return Memory(1000 * self.pid)

    def status(self):
        return psutil.STATUS_STOPPED if self.isStopped else psutil.STATUS_SLEEPING


def alone(pids):
    """Nothing was started by them."""
    return dict.fromkeys(pids, ())


def test_usage_is_by_pid():
    usage = ProcessUsage(Process, followers=alone)
    usage.look([1, 2])
    assert (usage.of(1), usage.of(2)) == (Usage(0.0, 1000), Usage(0.0, 2000))
    assert usage.of(3) is None
    assert usage.of(None) is None


def test_a_process_is_opened_once_so_that_its_cpu_is_counted_between_looks():
    opened = []

    def open(pid):
        opened.append(Process(pid))
        return opened[-1]

    usage = ProcessUsage(open, followers=alone)
    usage.look([1])
    opened[0].cpu = 50.0
    usage.look([1])
    assert len(opened) == 1
    assert usage.of(1) == Usage(50.0, 1000)


def test_it_is_told_for_how_long_a_process_has_used_no_cpu():
    process, clock = Process(1), Clock()
    usage = ProcessUsage(lambda pid: process, clock.seconds, alone)
    for cpu, quietFor in ((0.0, 0), (0.0, 5), (20.0, 0), (0.0, 5), (0.0, 10)):
        process.cpu = cpu
        usage.look([1])
        seen = usage.of(1)
        assert seen is not None
        assert seen.quietFor == quietFor
        clock.advance(5)


def test_a_process_that_a_signal_has_stopped_is_told():
    process = Process(1)
    usage = ProcessUsage(lambda pid: process, followers=alone)
    usage.look([1])
    process.isStopped = True
    before = usage.of(1)
    usage.look([1])
    assert [seen is not None and seen.isStopped for seen in (before, usage.of(1))] == [False, True]


def test_what_a_process_has_started_is_counted_with_it():
    processes = {pid: Process(pid) for pid in (1, 7, 8)}
    clock = Clock()
    groups = {1: {7, 404}}
    usage = ProcessUsage(lambda pid: processes.get(pid) or Process(pid), clock.seconds, lambda pids: groups)
    usage.look([1])
    processes[7].cpu = 90.0
    clock.advance(5)
    usage.look([1])
    assert usage.of(1) == Usage(90.0, 8000)
    assert usage.of(7) is None
    groups[1] = {8}
    clock.advance(5)
    usage.look([1])
    assert usage.of(1) == Usage(0.0, 9000, quietFor=5)


def test_one_that_has_ended_has_no_usage():
    processes: dict[int, Process] = {}
    usage = ProcessUsage(lambda pid: processes.setdefault(pid, Process(pid)), followers=alone)
    usage.look([1, 2, 404])
    processes[1].isGone = True
    usage.look([1, 2])
    assert usage.of(1) is None
    assert usage.of(404) is None
    assert usage.of(2) is not None


def test_a_real_process_is_seen():
    usage = ProcessUsage()
    usage.look([os.getpid()])
    seen = usage.of(os.getpid())
    assert seen is not None
    assert seen.memory > 1_000_000
