# SPDX-License-Identifier: GPL-3.0-or-later
"""Which reactor a thing uses, and the notice of its end."""

import threading

import pytest
from twisted.internet.task import Clock

from aqlib.reactors import ShutdownNotice, givenOrInstalled, isReactorThread

from .stoppingclock import StoppingClock


@pytest.fixture
def clock():
    return StoppingClock()


@pytest.fixture
def told():
    return []


@pytest.fixture
def notice(clock, told):
    return ShutdownNotice(clock, lambda: told.append("stops"))


def test_the_installed_reactor_is_taken_when_none_is_given(reactor):
    clock = Clock()
    assert givenOrInstalled(None) is reactor
    assert givenOrInstalled(clock) is clock


def test_only_one_thread_is_the_reactors(reactor):
    seen = []
    thread = threading.Thread(target=lambda: seen.append(isReactorThread()))
    thread.start()
    thread.join()
    assert isReactorThread()
    assert seen == [False]


def test_before_the_reactor_runs_it_is_the_main_thread_that_will_run_it(monkeypatch):
    monkeypatch.setattr("twisted.python.threadable.ioThread", None)
    assert isReactorThread()


def test_who_wants_it_is_told_once(notice, clock, told):
    notice.want()
    notice.want()
    clock.stop()
    clock.stop()
    assert told == ["stops"]


def test_who_dropped_it_is_not_told_and_leaves_nothing(notice, clock, told):
    notice.want()
    notice.drop()
    notice.drop()
    assert clock.triggers == []
    assert told == []


def test_it_may_be_dropped_while_it_is_told_and_wanted_again(clock, told):
    def stops():
        itself.drop()
        told.append("stops")

    itself = ShutdownNotice(clock, stops)
    itself.want()
    clock.stop()
    itself.want()
    clock.stop()
    assert told == ["stops", "stops"]


def test_the_reactor_takes_its_trigger_back(reactor, told):
    notice = ShutdownNotice(reactor, told.append)
    before = len(reactor._eventTriggers["shutdown"].before)
    notice.want()
    assert len(reactor._eventTriggers["shutdown"].before) == before + 1
    notice.drop()
    assert len(reactor._eventTriggers["shutdown"].before) == before


def test_a_clock_never_stops(told):
    notice = ShutdownNotice(Clock(), told.append)
    notice.want()
    notice.drop()
    assert told == []
