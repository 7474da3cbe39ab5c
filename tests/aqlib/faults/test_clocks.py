# SPDX-License-Identifier: GPL-3.0-or-later
"""Clocks that jump, and machines that sleep. Each test is named after its row of the fault catalogue.

For the wall clock a sleep is a jump forward, and the monotonic clock does not know of it: what holds for the one jump
holds for the other.
"""

import ast
import math
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock, deferLater
from twisted.python.failure import Failure

import aqlib
from aqlib.clock import MonotonicReactor, monotonic
from aqlib.ringing import ReactorAlarm
from aqlib.testing import outcomeOf

REPOSITORY = Path(__file__).parents[3]

WALL_CLOCKS = {
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime"},
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
}


def wallClocks(source: str) -> list[str]:
    """The readings of the wall clock in a module."""
    return [
        f"{node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, (ast.Name, ast.Attribute))
        and node.attr in WALL_CLOCKS.get(ast.unparse(node.value).rpartition(".")[2], ())
        and isinstance(node.ctx, ast.Load)
    ]


def test_d56_nothing_is_timed_by_the_wall_clock():
    assert wallClocks("import time\nnow = time.time()") == ["2: time.time"]
    package = Path(aqlib.__file__).parent
    found = {str(path.relative_to(package)): wallClocks(path.read_text()) for path in package.rglob("*.py")}
    # It has to know the wall clock to keep it out.
    assert [reading.split(": ")[1] for reading in found.pop("clock.py")] == ["time.time"]
    # `notBefore` may be a time of day: how far off that is, is asked once.
    assert [reading.split(": ")[1] for reading in found.pop("holding.py")] == ["time.time"]
    assert {name: readings for name, readings in found.items() if readings} == {}


@pytest.fixture
def steady(reactor):
    """The reactor with a monotonic clock."""
    return MonotonicReactor(reactor)


def calledAfter(clock, seconds):
    """A Deferred that fires with the time it took."""
    begin = time.monotonic()
    deferred: Deferred[float] = Deferred()
    clock.callLater(seconds, lambda: deferred.callback(time.monotonic() - begin))
    return deferred


async def test_d56_a_call_is_made_when_its_time_has_come_and_not_before(steady):
    assert await calledAfter(steady, 0.03) >= 0.03
    late, soon = calledAfter(steady, 0.04), calledAfter(steady, 0.02)
    assert 0.02 <= await soon <= await late


@pytest.mark.parametrize("jump", [-3600, 3600])
async def test_d56_a_wall_clock_that_is_set_makes_no_call_come_early_or_late(steady, reactor, monkeypatch, jump):
    call = calledAfter(steady, 0.05)
    wall = reactor.seconds
    with monkeypatch.context() as patch:
        patch.setattr(reactor, "seconds", lambda: wall() + jump)
        reactor.doIteration(0)
        assert not call.called
    assert 0.05 <= await call < 10


def test_d56_where_the_system_has_no_timer_a_call_that_would_come_early_waits(monkeypatch):
    clock = Clock()
    rings: list[float] = []
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    fallback = ReactorAlarm(clock, lambda: rings.append(now))
    fallback.set(110.0)
    now = 101.0  # the machine slept: for the wall clock nine seconds more have passed
    clock.advance(10)
    assert rings == []
    now = 110.0
    clock.advance(9)
    assert rings == [110.0]


async def test_d56_calls_can_be_cancelled_and_moved(steady, reactor):
    readers = len(reactor.getReaders())
    made: list[str] = []
    calls = {name: steady.callLater(3600, made.append, name) for name in "abc"}
    calls["a"].reset(0.01)
    calls["b"].cancel()
    calls["c"].delay(3600)
    assert calls["c"] in steady.getDelayedCalls()
    assert calls["b"] not in steady.getDelayedCalls()
    await deferLater(steady, 0.02)
    await deferLater(reactor, 0)
    assert made == ["a"]
    calls["c"].cancel()
    assert len(reactor.getReaders()) == readers


async def test_d56_many_calls_that_are_cancelled_leave_nothing(steady, reactor):
    readers = len(reactor.getReaders())
    calls = [steady.callLater(3600 + i, time.monotonic) for i in range(1000)]
    for call in calls[::-1]:
        call.cancel()
    assert [call for call in steady.getDelayedCalls() if call in calls] == []
    assert len(reactor.getReaders()) == readers


@pytest.mark.parametrize("seconds", [math.inf, 1e300])
async def test_d56_a_call_may_wait_for_ever(steady, seconds):
    ages = steady.callLater(seconds, time.monotonic)
    assert await calledAfter(steady, 0.01) >= 0.01
    assert ages.active()
    ages.cancel()


async def test_d56_a_reactor_that_stops_lets_go_of_the_alarm_and_calls_can_be_cancelled_still(steady, reactor):
    before = set(reactor.getReaders())
    calls = [steady.callLater(seconds, time.monotonic) for seconds in (3600, 7200)]
    [alarm] = set(reactor.getReaders()) - before
    alarm.connectionLost(Failure(ConnectionDone()))
    calls.append(steady.callLater(60, time.monotonic))
    for call in calls:
        call.cancel()
    assert set(reactor.getReaders()) == before


async def test_d56_a_call_that_raises_is_logged_and_the_next_one_is_made(steady, loggedErrors):
    steady.callLater(0.001, lambda: 1 / 0)
    await deferLater(steady, 0.002)
    [event] = loggedErrors.flush(ZeroDivisionError)
    assert event["log_namespace"] == "aqlib.clock"


def test_d56_a_reactor_that_has_another_clock_keeps_it(reactor):
    clock = Clock()
    assert monotonic(clock) is clock
    steady = monotonic(reactor)
    assert steady.seconds is time.monotonic
    assert monotonic(steady) is steady
    assert outcomeOf(deferLater(clock, 0)) == []


PROGRAM = """
import sys, time
from twisted.internet import reactor
from aqlib import ProcessQueue
from tests.aqlib import jobs

gate, begun = sys.argv[1:3]
jump = float(sys.argv[3])
ahead = 0.0

async def main():
    global ahead
    queue = ProcessQueue(3)
    await queue.update(jobs.pid)
    reactor.seconds = lambda: time.time() + ahead
    patient = queue.using(timeout=600).call(jobs.untilThere, gate)
    hasty = queue.using(timeout=0.5).call(jobs.forEver, begun)
    await queue.call(jobs.untilThere, begun)
    ahead = jump
    try:
        await hasty
    except TimeoutError as error:
        print(type(error).__name__, flush=True)
    jobs.touch(gate)
    print(await patient == gate)
    await queue.shutdown()
    reactor.stop()

if __name__ == "__main__":
    from twisted.internet.defer import ensureDeferred
    reactor.callWhenRunning(lambda: ensureDeferred(main()).addErrback(lambda f: (f.printTraceback(), reactor.stop())))
    reactor.run()
"""


@pytest.mark.parametrize("jump", [-3600, 3600])
def test_d56_d57_a_clock_that_is_set_or_a_night_asleep_ends_no_task_early_and_none_late(tmp_path, jump):
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    arguments = [sys.executable, script, tmp_path / "gate", tmp_path / "begun", str(jump)]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=30, env=environment)
    assert (done.stdout, done.stderr) == ("TimeoutError\nTrue\n", "")
