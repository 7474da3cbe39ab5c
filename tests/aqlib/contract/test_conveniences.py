# SPDX-License-Identifier: GPL-3.0-or-later
"""What a program expects of a queue beyond its calls: `async with`, threads, and an import path that grows."""

import importlib
import sys
import threading
from typing import Any

import pytest
from twisted.internet.threads import blockingCallFromThread, deferToThread

from aqlib import AsyncWorker, CancelledError, ProcessQueue, QueueRunError, TaskQueue, ThreadError

from .. import jobs
from ..faults.helpers import outcome

# --- async with


async def test_a_block_ends_when_all_its_calls_have(reactor):
    async with ProcessQueue(1, reactor=reactor) as queue:
        results = [queue.call(jobs.add, n, n) for n in range(3)]
    assert [await result for result in results] == [0, 2, 4]
    assert type(await outcome(queue.call(jobs.add, 1, 1))) is QueueRunError


async def test_a_block_that_raises_cancels_its_calls(reactor):
    async def block():
        async with ProcessQueue(1, reactor=reactor) as queue:
            left.extend([queue.call(jobs.sleepFor, 1000), queue.call(jobs.add, 1, 1)])
            raise ZeroDivisionError

    left: list[Any] = []
    with pytest.raises(ZeroDivisionError):
        await block()
    assert [type(await outcome(result)) for result in left] == [CancelledError, CancelledError]


# --- after one task


async def test_a_call_may_wait_for_one_task(queue):
    first = queue.submit(jobs.add, 1, 2)
    assert await queue.call(jobs.add, 3, 4, after=first) == 7
    assert first.isFinished
    assert await first.deferred == 3


# --- other threads

METHODS = {
    "call": lambda queue: queue.call(jobs.add, 1, 1),
    "submit": lambda queue: queue.submit(jobs.add, 1, 1),
    "using": lambda queue: queue.using(niceness=1).call(jobs.add, 1, 1),
    "map": lambda queue: queue.map(abs, [1]),
    "update": lambda queue: queue.update(jobs.add, 1, 1),
    "shutdown": lambda queue: queue.shutdown(),
    "pause": lambda queue: queue.pause(),
    "resume": lambda queue: queue.resume(),
    "cancelAll": lambda queue: queue.cancelAll(),
    "cancelSeries": lambda queue: queue.cancelSeries("a"),
    "move": lambda queue: queue.move([]),
    "setNiceness": lambda queue: queue.setNiceness([], 3),
    "whenBelow": lambda queue: queue.whenBelow(3),
    "attachWorker": lambda queue: queue.attachWorker(AsyncWorker()),
    "detachWorker": lambda queue: queue.detachWorker(1),
}


@pytest.mark.parametrize("method", METHODS)
async def test_a_queue_that_is_used_in_another_thread_says_how_to_do_it(queue, method):
    error = await outcome(deferToThread(METHODS[method], queue))
    assert type(error) is ThreadError
    assert "reactor.callFromThread(queue.call, ...)" in str(error)
    assert await queue.call(jobs.add, 1, 1) == 2


async def test_the_way_that_it_names_works(queue, reactor):
    assert await deferToThread(blockingCallFromThread, reactor, queue.call, jobs.add, 1, 2) == 3


def test_a_queue_on_a_clock_belongs_to_no_thread():
    from twisted.internet.task import Clock

    queue = TaskQueue(reactor=Clock())
    thread = threading.Thread(target=queue.pause)
    thread.start()
    thread.join()
    assert queue.isPaused


# --- the import path


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A module in a folder that is added to sys.path after the workers have started."""
    (tmp_path / "late_module.py").write_text("def answer():\n    return 42\n\nclass Thing:\n    value = 43\n")
    monkeypatch.setattr(sys, "path", [*sys.path])

    def add():
        sys.path.insert(0, str(tmp_path))
        return importlib.import_module("late_module")

    yield add
    sys.modules.pop("late_module", None)


async def test_a_folder_that_was_added_to_the_import_path_reaches_workers_that_run(queue, module):
    await queue.call(jobs.add, 1, 1)
    late = module()
    assert await queue.call(late.answer) == 42
    assert (await queue.call(late.Thing)).value == 43


async def test_it_reaches_them_before_an_update_and_a_map(queue, module):
    await queue.call(jobs.add, 1, 1)
    late = module()
    assert await queue.update(late.answer) == [42]
    assert await queue.map(getattr, [late.Thing()], ["value"]).toList() == [43]


async def test_what_a_task_has_added_stays(queue, module):
    await queue.call(eval, "__import__('sys').path.append('of a task')")
    module()
    assert await queue.call(eval, "__import__('sys').path") == [*sys.path, "of a task"]
