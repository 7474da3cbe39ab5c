# SPDX-License-Identifier: GPL-3.0-or-later
"""Odd places to start worker processes from. Each test is named after its row of the fault catalogue."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aqlib import WorkerError
from aqlib.processes.spawn import DEEPEST

from .. import faultjobs
from .helpers import outcome

REPOSITORY = Path(__file__).parents[3]

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


METHODS = """
import multiprocessing, sys
from twisted.internet.task import react
from aqlib import ProcessQueue
from tests.aqlib import jobs

async def main(reactor):
    jobs.put("key", "of the parent")
    queue = ProcessQueue(2)
    print(await queue.call(jobs.get, "key"), multiprocessing.active_children(), queue.workers(1).pid is not None)
    await queue.shutdown()

if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    react(main)
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_b38_workers_are_fresh_interpreters_whatever_start_method_multiprocessing_has(tmp_path, method):
    script = tmp_path / "program.py"
    script.write_text(METHODS)
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, script, method], capture_output=True, text=True, check=False, timeout=60, env=environment
    )
    assert (done.stdout, done.stderr) == ("None [] True\n", "")


async def test_b40_a_task_may_have_a_queue_of_its_own_to_a_set_depth(makeQueue):
    assert await makeQueue(1).call(faultjobs.nest, DEEPEST - 1) == DEEPEST - 1
    error = await outcome(makeQueue(1).call(faultjobs.nest, DEEPEST))
    assert type(error) is WorkerError
    assert str(error) == f"Queues in tasks of queues are nested {DEEPEST} deep already; no more are started."
