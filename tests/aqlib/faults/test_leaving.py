# SPDX-License-Identifier: GPL-3.0-or-later
"""A program ends, and work is pending. Each test is named after its row of the fault catalogue."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .helpers import ended, queueSees

REPOSITORY = Path(__file__).parents[3]

PROGRAM = """
import os, sys
from twisted.internet import reactor
from aqlib import ProcessQueue
from tests.aqlib import jobs

folder, way = sys.argv[1:]

def leave():
    if way == "stops its reactor":
        reactor.stop()
    else:
        os._exit(0)

def main():
    queue = ProcessQueue(2)
    running = [queue.submit(jobs.forEver, f"{folder}/begun{i}") for i in range(2)]
    waiting = [queue.call(jobs.pid) for i in range(10)]
    queue.using(doNext=True).call(jobs.touch, f"{folder}/never")
    def told():
        print(*(task.worker.pid for task in running), flush=True)
        sys.stdin.readline()
        leave()
    queue.update(jobs.pid).addCallback(lambda _: reactor.callLater(0, told))
    reactor.run()

if __name__ == "__main__":
    main()
"""


@pytest.mark.parametrize("way", ["stops its reactor", "is gone at once"])
async def test_d54_when_a_program_ends_with_work_pending_its_workers_end(queue, tmp_path, way):
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    program = subprocess.Popen(
        [sys.executable, script, tmp_path, way],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    for i in range(2):
        await queueSees(queue, str(tmp_path / f"begun{i}"))
    assert program.stdout is not None
    pids = [int(word) for word in program.stdout.readline().split()]
    assert len(pids) == 2
    out, err = program.communicate("go\n", timeout=60)
    assert (program.returncode, out, err) == (0, "", "")
    for pid in pids:
        assert await ended(queue.reactor, pid, seconds=1)
