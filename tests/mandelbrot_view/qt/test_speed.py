# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from twisted.internet.task import Clock

from mandelbrot_view.qt.speed import WINDOW, Speed


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def speed(clock):
    return Speed(clock.seconds)


def test_nothing_is_0(speed):
    assert speed.value() == 0


def test_steady_work_has_its_speed(speed, clock):
    for _ in range(40):
        speed.add(50)
        clock.advance(0.125)
    assert speed.value() == pytest.approx(400)


def test_the_first_bunch_is_no_speed_of_light(speed):
    speed.add(1000)
    assert speed.value() == 1000 / (WINDOW / 5)


def test_after_a_second_without_work_it_is_0(speed, clock):
    speed.add(1000)
    clock.advance(WINDOW + 0.1)
    assert speed.value() == 0


def test_after_a_reset_the_work_before_does_not_count(speed, clock):
    speed.add(1000)
    clock.advance(0.5)
    speed.reset()
    speed.add(10)
    assert speed.value() == 10 / (WINDOW / 5)
