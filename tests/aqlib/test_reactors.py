# SPDX-License-Identifier: GPL-3.0-or-later
"""Which reactor a thing uses, and the notice of its end."""

import gc
import subprocess
import sys
import threading
import weakref

import pytest
from twisted.internet.task import Clock

from aqlib.reactors import ShutdownNotice, givenOrInstalled, isReactorThread

from .stoppingclock import StoppingClock


@pytest.fixture
def clock():
    return StoppingClock()


class Owner:
    """Has a notice, and counts how often it was told."""

    def __init__(self, reactor):
        self.told = 0
        self.notice = ShutdownNotice(reactor, self.stops)

    def stops(self):
        self.notice.drop()
        self.told += 1


@pytest.fixture
def owner(clock):
    return Owner(clock)


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


def test_who_wants_it_is_told_once(owner, clock):
    owner.notice.want()
    owner.notice.want()
    clock.stop()
    clock.stop()
    assert owner.told == 1


def test_it_may_be_wanted_again(owner, clock):
    for _ in range(2):
        owner.notice.want()
        clock.stop()
    assert owner.told == 2


def test_who_dropped_it_is_not_told_and_leaves_nothing(owner, clock):
    owner.notice.want()
    owner.notice.drop()
    owner.notice.drop()
    assert clock.triggers == []
    assert owner.told == 0


def test_it_keeps_nobody_alive_and_goes_with_its_owner(clock):
    owner = Owner(clock)
    owner.notice.want()
    gone = weakref.ref(owner)
    del owner
    gc.collect()
    assert gone() is None
    assert clock.triggers == []


def test_the_reactor_takes_its_trigger_back(reactor):
    owner = Owner(reactor)
    before = len(reactor._eventTriggers["shutdown"].before)
    owner.notice.want()
    assert len(reactor._eventTriggers["shutdown"].before) == before + 1
    owner.notice.drop()
    assert len(reactor._eventTriggers["shutdown"].before) == before


def test_a_clock_never_stops():
    owner = Owner(Clock())
    owner.notice.want()
    owner.notice.drop()
    assert owner.told == 0


BLOCKED = """
from twisted.internet import reactor
from aqlib import Consumerator, Delay, Filerator

def read(items):
    try:
        next(items)
    except BaseException as error:
        ends.append(type(error).__name__)

def write(file):
    try:
        while True:
            file.write(b"x")
    except BaseException as error:
        ends.append(type(error).__name__)

ends = []
items, file = Consumerator(), Filerator(10)
reactor.callInThread(read, items)
reactor.callInThread(write, file)
Delay()(1000).addCallback(lambda _: ends.append("delayed"))
reactor.callWhenRunning(reactor.stop)
reactor.run()
print(*sorted(ends))
"""


def test_a_program_ends_though_its_threads_wait_for_items_and_for_room():
    ended = subprocess.run([sys.executable, "-c", BLOCKED], check=True, capture_output=True, text=True, timeout=60)
    assert ended.stdout == "BrokenPipeError CancelledError delayed\n"
    assert ended.stderr == ""
