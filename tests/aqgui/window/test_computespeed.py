# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from twisted.internet.task import Clock

from aqgui.window.computespeed import MIN_SECONDS, ComputeSpeed
from aqlib import TaskQueue
from aqlib.testing import MemoryWorker

GROUP = "View"


class Measured:
    """A queue of two workers, and samples that a test counts."""

    def __init__(self):
        self.clock = Clock()
        self.queue = TaskQueue(reactor=self.clock)
        self.workers = [MemoryWorker(), MemoryWorker()]
        for worker in self.workers:
            self.queue.attachWorker(worker)
        self.samples = 0.0
        self.speed = ComputeSpeed(self.queue, GROUP, lambda: self.samples)

    def compute(self, samples, cpuTime, group=GROUP, waits=0.0):
        """A task that runs, after it has waited."""
        self.queue.pause()
        task = self.queue.submit(abs, 1, group=group)
        self.clock.advance(waits)
        self.queue.resume()
        [worker] = [worker for worker in self.workers if worker.task is task]
        self.samples += samples
        worker.succeed(1, cpuTime=cpuTime)


@pytest.fixture
def measured():
    return Measured()


def test_nothing_is_known_at_first(measured):
    assert measured.speed.value() == 0.0
    measured.compute(10, MIN_SECONDS / 100)
    assert measured.speed.value() == 0.0


def test_it_is_the_samples_of_a_second_of_cpu_time_on_all_workers(measured):
    measured.compute(1000, 0.5)
    measured.compute(3000, 0.5)
    assert measured.speed.value() == pytest.approx(2 * 4000)


@pytest.mark.parametrize("waits", [0.0, 100.0])
def test_waiting_behind_other_work_does_not_count(measured, waits):
    measured.compute(1000, 0.5, waits=waits)
    assert measured.speed.value() == pytest.approx(2 * 2000)


def test_other_tasks_do_not_count(measured):
    measured.compute(1000, 0.5)
    measured.compute(0, 50.0, group="Commands")
    assert measured.speed.value() == pytest.approx(2 * 2000)


def test_a_new_picture_soon_outweighs_the_older_ones(measured):
    measured.compute(1_000_000, 1.0)
    measured.speed.beginPicture()
    assert measured.speed.value() == pytest.approx(2e6)
    measured.compute(1000, 1.0)
    assert measured.speed.value() < 2e6 / 10 + 2000


def test_a_picture_that_is_over_in_no_time_leaves_what_was_known(measured):
    measured.compute(1000, 0.5)
    for _ in range(50):
        measured.speed.beginPicture()
        measured.compute(2, 0.001)
    assert measured.speed.value() == pytest.approx(2 * 2000, rel=0.05)
