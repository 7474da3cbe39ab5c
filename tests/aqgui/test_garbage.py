# SPDX-License-Identifier: GPL-3.0-or-later
import sys

import pytest
from twisted.internet.task import Clock

from aqgui import garbage
from aqgui.garbage import FEW, OFTEN, QUIET, Garbage
from aqlib import TaskQueue
from aqlib.testing import MemoryWorker


class Collector:
    """gc, of which it is noted what is asked."""

    def __init__(self):
        self.asked = []

    def __getattr__(self, name):
        return lambda *args: self.asked.append((name, *args))

    @property
    def collections(self):
        return self.asked.count(("collect",))


@pytest.fixture
def collector(monkeypatch):
    collector = Collector()
    monkeypatch.setattr(garbage, "gc", collector)
    return collector


@pytest.fixture
def worker():
    return MemoryWorker()


@pytest.fixture
def queue(worker):
    return TaskQueue(worker, reactor=Clock())


def test_full_collections_come_when_the_queue_has_been_empty_for_a_while(collector, queue, worker):
    Garbage(queue, lambda: True)
    before = collector.collections
    queue.call(str, 1)
    queue.call(str, 2)
    worker.step()
    queue.reactor.advance(2 * QUIET)
    assert collector.collections == before
    worker.step()
    queue.reactor.advance(QUIET)
    assert collector.collections == before + 1


@pytest.mark.parametrize(("more", "isWatched", "full"), [(FEW, True, 1), (FEW + 1, True, 0), (FEW + 1, False, 1)])
def test_very_many_objects_are_looked_at_when_nobody_watches(
    collector, queue, worker, monkeypatch, more, isWatched, full
):
    blocks = 1_000_000
    monkeypatch.setattr(sys, "getallocatedblocks", lambda: blocks)
    Garbage(queue, lambda: isWatched)
    before = collector.collections
    blocks += more
    queue.call(str, 1)
    worker.step()
    queue.reactor.advance(QUIET)
    assert ("collect", 1) in collector.asked
    assert collector.collections == before + full


def test_while_tasks_end_what_is_new_is_looked_at_now_and_then(collector, queue, worker):
    Garbage(queue, lambda: True)
    for _ in range(4 * OFTEN):
        queue.call(str, 1)
        worker.step()
    assert collector.asked[-4:] == [("collect", 0), ("collect", 0), ("collect", 0), ("collect", 1)]


def test_new_work_comes_first(collector, queue, worker):
    Garbage(queue, lambda: True)
    before = collector.collections
    for _ in range(3):
        queue.call(str, 1)
        worker.step()
        queue.reactor.advance(QUIET / 2)
    assert collector.collections == before


def test_in_the_end_no_call_is_left(collector, queue, worker):
    keeper = Garbage(queue, lambda: True)
    queue.call(str, 1)
    worker.step()
    keeper.close()
    assert queue.reactor.getDelayedCalls() == []
