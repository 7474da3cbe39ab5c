# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that are none are refused at the call, each by a message that names it."""

import math

import pytest

from aqlib import ListConsumer, ProcessQueue, TaskQueue, ThreadQueue
from aqlib.checks import checkCount, checkPause, checkSeconds
from aqlib.testing import SteppedClock


@pytest.mark.parametrize("count", [1, 2, 10**30])
def test_a_count(count):
    checkCount("N", count)


@pytest.mark.parametrize("wrong", [0, -1, 1.0, "2", None, True, [1]])
def test_no_count(wrong):
    with pytest.raises(ValueError, match=r"'N' is a whole number of bytes, 1 or more, not"):
        checkCount("N", wrong, unit="bytes")


@pytest.mark.parametrize("seconds", [1, 0.001, 10**9])
def test_a_time(seconds):
    checkSeconds("timeout", seconds)
    checkPause("backoff", seconds)


@pytest.mark.parametrize("wrong", [-1, math.inf, math.nan, "2", None, True])
def test_no_time(wrong):
    with pytest.raises(ValueError, match=r"'timeout' is a number of seconds above 0, not"):
        checkSeconds("timeout", wrong)
    with pytest.raises(ValueError, match=r"'backoff' is a number of seconds, 0 or more, not"):
        checkPause("backoff", wrong)


def test_nothing_is_a_pause_and_no_time():
    checkPause("backoff", 0)
    with pytest.raises(ValueError, match="not 0"):
        checkSeconds("timeout", 0)


WRONG = [
    ("timeout", "3", ValueError),
    ("timeout", [], ValueError),
    ("softTimeout", "3", ValueError),
    ("backoff", -1, ValueError),
    ("backoff", "1", ValueError),
    ("retries", "1", ValueError),
    ("retries", True, ValueError),
    ("memoryLimit", "1 GB", ValueError),
    ("memoryLimit", 0.5, ValueError),
    ("niceness", "5", ValueError),
    ("notBefore", "noon", ValueError),
    ("name", 5, TypeError),
    ("group", 5, TypeError),
    ("consumer", 5, TypeError),
    ("consumer", ListConsumer, TypeError),
    ("after", 5, TypeError),
    ("retryOn", 5, TypeError),
]


@pytest.mark.parametrize(("option", "wrong", "kind"), WRONG, ids=lambda value: repr(value)[:30])
def test_of_a_call(option, wrong, kind):
    queue = TaskQueue(reactor=SteppedClock())
    for ask in (queue.call, queue.submit):
        with pytest.raises(kind, match=f"(?i){option}"):
            ask(len, "", **{option: wrong})
    with pytest.raises(kind, match=f"(?i){option}"):
        queue.using(**{option: wrong})
    assert queue.countWaiting() == 0


@pytest.mark.parametrize("chunksize", ["2", 0, -1, 1.5, True])
def test_of_a_map(chunksize):
    with pytest.raises(ValueError, match="'chunksize' is a whole number, 1 or more"):
        TaskQueue(reactor=SteppedClock()).map(abs, [1], chunksize=chunksize)


@pytest.mark.parametrize("timeout", ["3", -1, 0])
def test_of_a_queue(timeout):
    with pytest.raises(ValueError, match="'timeout'"):
        TaskQueue(reactor=SteppedClock(), timeout=timeout)


@pytest.mark.parametrize("number", ["2", 0, -1, 1.5, True])
def test_numbers_of_workers(number):
    with pytest.raises(ValueError, match="'N' is a whole number, 1 or more"):
        ProcessQueue(number, reactor=SteppedClock())
    with pytest.raises(ValueError, match="'n' is a whole number, 1 or more"):
        ThreadQueue(number, reactor=SteppedClock())


@pytest.mark.parametrize("option", ["maxTasksPerWorker", "maxWorkerMemory", "memoryLimit", "streamMemory"])
@pytest.mark.parametrize("wrong", ["2", 0, 1.5])
def test_bounds_of_worker_processes(option, wrong):
    with pytest.raises(ValueError, match=f"'{option}' is a whole number"):
        ProcessQueue(1, reactor=SteppedClock(), **{option: wrong})


@pytest.mark.parametrize("wrong", ["2", -1, 20, 1.5])
def test_niceness_of_worker_processes(wrong):
    with pytest.raises(ValueError, match="niceness can be raised by 0 to 19"):
        ProcessQueue(1, reactor=SteppedClock(), osNiceness=wrong)
