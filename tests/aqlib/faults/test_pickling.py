# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot travel between processes, and what can. Each test is named after its row of the fault catalogue."""

import operator
import os
import pickle
import subprocess
import sys
import threading

import pytest
from twisted.internet.defer import gatherResults

from aqlib import EncodingError, ListConsumer, TaskError, TaskState, WorkerLost
from aqlib.pickling import SMALLEST_BUFFER

from .. import faultjobs, jobs


async def test_b27_an_argument_that_will_not_pickle_fails_at_once_and_no_worker_sees_it(queue, watcher):
    task = queue.submit(jobs.giveBack, threading.Lock())
    assert task.state is TaskState.FAILED
    assert len(queue.schedule) == 0
    with pytest.raises(EncodingError, match=r"giveBack\(.*lock.*cannot be pickled.*use a thread worker"):
        await task.deferred
    assert watcher.happened("taskStarted") == []


async def test_b28_an_argument_that_will_not_unpickle_fails_that_call_only(queue):
    pid = await queue.call(os.getpid)
    with pytest.raises(ValueError, match="this cannot be unpickled"):
        await queue.call(jobs.giveBack, jobs.BreaksWhenUnpickled())
    assert await queue.call(os.getpid) == pid


@pytest.mark.parametrize("way", ["SIGKILL", "os._exit(0)"])
@pytest.mark.parametrize("what", ["argument", "result"])
async def test_b29_a_crash_while_something_is_pickled_or_unpickled_costs_that_call_alone(queue, what, way):
    if what == "argument":
        doomed = queue.call(len, [faultjobs.PerishesWhenUnpickled(way)])
    else:
        doomed = queue.call(faultjobs.givePerishing, way)
    others = [queue.call(operator.add, i, 1) for i in range(20)]
    with pytest.raises(WorkerLost, match="while it ran len" if what == "argument" else "while it ran givePerishing"):
        await doomed
    assert await gatherResults(others) == list(range(1, 21))


async def test_b30_a_result_that_will_not_pickle_is_the_tasks_error_and_says_so(queue):
    pid = await queue.call(os.getpid)
    with pytest.raises(EncodingError, match="type lock that a task gave could not be pickled"):
        await queue.call(jobs.giveLock)
    assert await queue.call(os.getpid) == pid


UNPICKLED_WITH = {
    jobs.BreaksWhenUnpickled: r"could not be unpickled here \(ValueError: this cannot be unpickled\)",
    faultjobs.QuitsElsewhere: r"could not be unpickled here \(SystemExit: 3\)",
}


@pytest.mark.parametrize("what", UNPICKLED_WITH)
async def test_b31_a_result_that_will_not_unpickle_here_is_the_tasks_error_and_the_worker_lives(queue, what):
    pid = await queue.call(os.getpid)
    with pytest.raises(EncodingError, match=UNPICKLED_WITH[what]):
        await queue.call(what)
    assert await queue.call(os.getpid) == pid


@pytest.mark.parametrize("what", UNPICKLED_WITH)
async def test_b31_an_item_that_will_not_unpickle_here_ends_its_stream_with_an_error(queue, what):
    pid, consumer = await queue.call(os.getpid), ListConsumer()
    with pytest.raises(EncodingError, match=UNPICKLED_WITH[what]):
        await queue.call(faultjobs.breakingItems, what, consumer=consumer)
    assert await consumer() == [0, 1, 2]
    assert await queue.call(os.getpid) == pid


async def test_b32_an_exception_with_an_odd_init_arrives_as_its_repr_and_traceback(queue):
    with pytest.raises(TaskError) as caught:
        await queue.call(jobs.raiseOdd)
    text = str(caught.value)
    assert "OddError('1 and 2')" in text
    assert "raise OddError(1, 2)" in text
    assert "In raiseOdd() on process 1" in text
    assert await queue.call(operator.add, 1, 1) == 2


async def test_b33_nesting_too_deep_to_pickle_is_the_tasks_error(queue):
    pid = await queue.call(os.getpid)
    with pytest.raises(EncodingError, match=r"cannot be pickled, and so cannot go to a worker process .*ecursion"):
        await queue.call(len, faultjobs.nested(100_000))
    with pytest.raises(EncodingError, match=r"type list that a task gave could not be pickled .*ecursion"):
        await queue.call(faultjobs.nested, 100_000)
    assert await queue.call(os.getpid) == pid


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_b34_more_than_two_gigabytes_travel_there_and_back(queue):
    size = (1 << 31) + 5
    assert await queue.call(len, bytes(size)) == size
    assert len(await queue.call(bytes, size)) == size


async def test_b34_more_buffers_than_a_frame_has_room_for_travel_all_the_same(queue):
    buffers = [pickle.PickleBuffer(bytes(SMALLEST_BUFFER)) for _ in range(70_000)]
    assert await queue.call(len, buffers) == 70_000
    assert await queue.call(operator.add, 1, 1) == 2


@pytest.mark.parametrize("way", ["SIGKILL", "os._exit(0)"])
async def test_b35_a_del_that_crashes_costs_its_call_alone(queue, way):
    others = [queue.call(operator.add, i, 1) for i in range(20)]
    with pytest.raises(WorkerLost, match="while it ran len"):
        await queue.call(len, [faultjobs.PerishesWhenDeleted(way)])
    assert await gatherResults(others) == list(range(1, 21))
    assert await queue.call(operator.add, 1, 1) == 2


async def test_b36_lambdas_and_closures_travel(queue):
    n = 5
    assert await queue.call(lambda x: x + n, 1) == 6


SCRIPT = """
from dataclasses import dataclass
from twisted.internet.task import react
from aqlib import ProcessQueue

print("imported as", __name__)

@dataclass
class Point:
    x: int

    def mirrored(self):
        return Point(-self.x)

def double(point):
    return Point(2 * point.x)

def points():
    yield Point(1)
    yield Point(2)

def weigh(ballast, point):
    return len(ballast) * point.x

async def main(reactor):
    queue = ProcessQueue(1)
    assert await queue.call(weigh, bytes(300_000), Point(1)) == 300_000
    result = await queue.call(double, Point(4))
    assert type(result) is Point and result == Point(8), result
    assert await queue.call(Point(3).mirrored) == Point(-3)
    assert [point async for point in await queue.call(points)] == [Point(1), Point(2)]
    try:
        await queue.call(explode)
    except Boom as error:
        print("caught", error.args)
    await queue.shutdown()

class Boom(Exception):
    pass

def explode():
    raise Boom(7)

if __name__ == "__main__":
    react(main)
"""


@pytest.mark.parametrize("how", ["file", "module", "stdin", "command"])
def test_b36_functions_and_classes_of_main_travel_however_it_was_started(tmp_path, how):
    (tmp_path / "program.py").write_text(SCRIPT)
    arguments = {"file": ["program.py"], "module": ["-m", "program"], "stdin": ["-"], "command": ["-c", SCRIPT]}[how]
    done = subprocess.run(
        [sys.executable, *arguments],
        input=SCRIPT if how == "stdin" else None,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "imported as __main__" in done.stdout
    assert "caught (7,)" in done.stdout


@pytest.mark.parametrize("argument", [float("nan"), jobs.Unlike(), [jobs.Unlike()]], ids=["nan", "array", "arrays"])
async def test_b32_an_exception_whose_arguments_cannot_be_compared_arrives_as_itself(queue, argument):
    pid = await queue.call(jobs.pid)
    with pytest.raises(KeyError) as caught:
        await queue.call(jobs.failWith, argument, "text")
    assert caught.value.args[1] == "text"
    assert await queue.call(jobs.pid) == pid


async def test_b32_one_that_would_change_when_it_is_rebuilt_arrives_as_its_text(queue):
    with pytest.raises(TaskError, match=r"Prefixed\('prefixed once'\)"):
        await queue.call(jobs.failPrefixed)


async def test_b32_one_that_would_end_the_process_wherever_it_is_looked_at_is_a_task_error_like_others(queue):
    pid = await queue.call(os.getpid)
    with pytest.raises(TaskError, match="Quitter, whose repr raises"):
        await queue.call(faultjobs.raiseQuitter)
    assert await queue.call(os.getpid) == pid
