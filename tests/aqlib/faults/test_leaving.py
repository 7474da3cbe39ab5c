# SPDX-License-Identifier: GPL-3.0-or-later
"""A program ends, and work is pending. Each test is named after its row of the fault catalogue."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .. import jobs
from .helpers import ended, queueSees

REPOSITORY = Path(__file__).parents[3]

PROGRAM = """
import os, sys
from twisted.internet import reactor
from aqlib import ProcessQueue
from tests.aqlib import faultjobs, jobs

folder, way = sys.argv[1:]

def leave(_):
    if way == "stops its reactor":
        reactor.stop()
    else:
        os._exit(0)

def main():
    queue = ProcessQueue(3)
    for i in range(2):
        queue.call(faultjobs.tellPIDAndRun, f"{folder}/pid{i}")
    queue.call(jobs.untilThere, f"{folder}/leave").addCallback(leave)
    for _ in range(10):
        queue.using(niceness=1).call(jobs.untilThere, f"{folder}/never")
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
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    for i in range(2):
        await queueSees(queue, str(tmp_path / f"pid{i}"))
    pids = [int((tmp_path / f"pid{i}").read_text()) for i in range(2)]
    jobs.touch(str(tmp_path / "leave"))
    out, err = program.communicate(timeout=60)
    assert (program.returncode, out, err) == (0, "", "")
    for pid in pids:
        assert await ended(queue.reactor, pid, seconds=1)
