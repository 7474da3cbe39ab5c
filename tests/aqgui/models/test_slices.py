# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from aqgui.models.slices import SlicedWork

from ..tasks import SteppedClock


@pytest.fixture
def clock():
    return SteppedClock()


class Steps:
    """Ten steps, each of which takes a second of its own timer."""

    def __init__(self):
        self.done = 0

    def timer(self):
        return float(self.done)

    def __iter__(self):
        for _ in range(10):
            self.done += 1
            yield


@pytest.fixture
def steps():
    return Steps()


def test_the_first_slice_is_done_at_once(clock, steps):
    SlicedWork(clock, iter(steps), seconds=3, timer=steps.timer)
    assert steps.done == 3


def test_each_turn_does_one_slice(clock, steps):
    ended = []
    work = SlicedWork(clock, iter(steps), lambda: ended.append(True), seconds=3, timer=steps.timer)
    clock.turn()
    assert (steps.done, ended) == (6, [])
    clock.turn(3)
    assert (steps.done, ended) == (10, [True])
    assert not work.isRunning
    assert clock.getDelayedCalls() == []


def test_it_can_be_stopped(clock, steps):
    ended = []
    work = SlicedWork(clock, iter(steps), lambda: ended.append(True), seconds=3, timer=steps.timer)
    work.stop()
    clock.turn(5)
    assert (steps.done, ended) == (3, [])
    assert clock.getDelayedCalls() == []


def test_it_can_stop_itself(clock, steps):
    def work():
        for _ in steps:
            if steps.done == 5:
                sliced.stop()
            yield

    sliced = SlicedWork(clock, work(), seconds=3, timer=steps.timer)
    clock.turn(5)
    assert steps.done == 5


def test_the_rest_can_be_done_now(clock, steps):
    ended = []
    SlicedWork(clock, iter(steps), lambda: ended.append(True), seconds=3, timer=steps.timer).finish()
    assert (steps.done, ended) == (10, [True])
    assert clock.getDelayedCalls() == []
