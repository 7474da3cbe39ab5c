# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from twisted.internet.task import Clock

from mandelbrot_view.qt.steadyzoom import SPEED, SteadyZoom


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def zoom(clock):
    return SteadyZoom(clock.seconds)


def test_it_goes_with_the_time_however_often_it_is_asked(clock, zoom):
    zoom.begin(1)
    product = 1.0
    for seconds in (0.01, 0.04, 0.2, 0.15, 0.1):
        clock.advance(seconds)
        product *= zoom.factor()
    assert product == pytest.approx(2 ** (SPEED * 0.5))


def test_away_is_the_inverse(clock, zoom):
    zoom.begin(-1)
    clock.advance(0.1)
    assert zoom.factor() == pytest.approx(2 ** (-SPEED * 0.1))


def test_it_ends_at_once_and_does_not_run_on(clock, zoom):
    zoom.begin(1)
    assert zoom.isOn
    zoom.end()
    assert not zoom.isOn
    clock.advance(0.1)
    assert zoom.factor() == 1


def test_a_time_without_frames_is_not_made_up_for_by_a_leap(clock, zoom):
    zoom.begin(1)
    clock.advance(60)
    assert zoom.factor() < 2
