# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot travel between processes, and odd places to start from. Named after the rows of the fault catalogue."""

import operator
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from aqlib import EncodingError, TaskError, TaskState

from .. import jobs

REPOSITORY = Path(__file__).parents[3]


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


async def test_b30_a_result_that_will_not_pickle_is_the_tasks_error_and_says_so(queue):
    pid = await queue.call(os.getpid)
    with pytest.raises(EncodingError, match="type lock that a task gave could not be pickled"):
        await queue.call(jobs.giveLock)
    assert await queue.call(os.getpid) == pid


async def test_b32_an_exception_with_an_odd_init_arrives_as_its_repr_and_traceback(queue):
    with pytest.raises(TaskError) as caught:
        await queue.call(jobs.raiseOdd)
    text = str(caught.value)
    assert "OddError('1 and 2')" in text
    assert "raise OddError(1, 2)" in text
    assert "In raiseOdd() on process 1" in text
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


FORKS = """
import sys, threading
from twisted.internet.task import react
import os

def forked():
    raise AssertionError("the program was forked")

os.register_at_fork(before=forked, after_in_child=forked)
from aqlib import ProcessQueue
import operator

async def main(reactor):
    held = threading.Lock()
    threading.Thread(target=held.acquire, daemon=True).start()
    queue = ProcessQueue(2)
    assert await queue.call(operator.add, 1, 1) == 2
    await queue.shutdown()

if __name__ == "__main__":
    react(main)
"""


def test_b37_the_program_is_never_forked(tmp_path):
    script = tmp_path / "program.py"
    script.write_text(FORKS)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


STREAMS = """
import os, sys
for descriptor in {closed}:
    os.close(descriptor)
if {noFiles}:
    sys.stdin = sys.stdout = sys.stderr = None
from twisted.internet.task import react
from aqlib import ProcessQueue
from tests.aqlib import jobs

async def main(reactor):
    queue = ProcessQueue(2)
    results = [await queue.call(jobs.add, 1, 2), await queue.call(jobs.stdinIsEmpty), await queue.call(jobs.speak, "x")]
    await queue.shutdown()
    with open({path!r}, "w") as file:
        file.write(repr(results))

if __name__ == "__main__":
    react(main)
"""


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1, 2)])
@pytest.mark.parametrize("noFiles", [True, False])
def test_b39_standard_streams_that_are_closed_or_missing_do_no_harm(tmp_path, closed, noFiles):
    script, result = tmp_path / "program.py", tmp_path / "result"
    script.write_text(STREAMS.format(closed=closed, noFiles=noFiles, path=str(result)))
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    subprocess.run([sys.executable, script], check=False, timeout=60, env=environment, stdin=subprocess.DEVNULL)
    assert result.read_text() == "[3, True, None]"


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
