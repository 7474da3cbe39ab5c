# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms go by a clock that nobody sets, whatever the reactor goes by."""

import time

import pytest
from twisted.internet.interfaces import IReactorCore
from twisted.internet.task import Clock
from zope.interface import directlyProvides

from aqlib.alarm import Alarms


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def alarms(clock):
    return Alarms(clock)


@pytest.fixture
def rung():
    return []


def test_one_rings_once_after_its_time(alarms, clock, rung):
    alarm = alarms.set(5, lambda: rung.append(clock.seconds()))
    clock.advance(4)
    assert (alarm.left, rung) == (1, [])
    clock.advance(1)
    clock.advance(100)
    assert (rung, alarm.left) == ([5], 0)


def test_one_that_was_stopped_does_not(alarms, clock, rung):
    alarms.set(5, lambda: rung.append(1)).stop()
    clock.advance(10)
    assert (rung, clock.getDelayedCalls()) == ([], [])


def test_stopping_it_when_it_has_rung_does_nothing(alarms, clock, rung):
    alarm = alarms.set(5, lambda: rung.append(1))
    clock.advance(5)
    alarm.stop()
    assert rung == [1]


class TestASetClock:
    """The reactor's clock is set forward, or the machine has slept, which is the same to it."""

    @pytest.fixture
    def steady(self, clock, alarms):
        """The clock that nobody sets."""
        theSteady = Clock()
        alarms.now = theSteady.seconds
        return theSteady

    def test_an_alarm_that_is_called_early_waits_for_what_is_left(self, alarms, clock, steady, rung):
        alarm = alarms.set(10, lambda: rung.append(1))
        steady.advance(4)
        clock.advance(3600)
        assert (rung, alarm.left) == ([], 6)
        steady.advance(6)
        clock.advance(6)
        assert rung == [1]

    def test_it_can_still_be_stopped(self, alarms, clock, steady, rung):
        alarm = alarms.set(10, lambda: rung.append(1))
        clock.advance(3600)
        alarm.stop()
        assert clock.getDelayedCalls() == []

    def test_a_moment_too_early_is_in_time(self, alarms, clock, steady, rung):
        alarms.set(10, lambda: rung.append(1))
        steady.advance(9.9995)
        clock.advance(10)
        assert rung == [1]


def test_with_a_real_reactor_the_time_is_monotonic(clock):
    directlyProvides(clock, IReactorCore)
    assert Alarms(clock).now is time.monotonic
