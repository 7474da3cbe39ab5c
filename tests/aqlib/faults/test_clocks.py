# SPDX-License-Identifier: GPL-3.0-or-later
"""Clocks that jump, and machines that sleep. Each test is named after its row of the fault catalogue.

For the wall clock a sleep is a jump forward, and the monotonic clock does not know of it: what holds for the one jump
holds for the other.
"""

import ast
import os
import subprocess
import sys
from pathlib import Path

import aqlib

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
    # `notBefore` may be a time of day: how far off that is, is asked once.
    assert [reading.split(": ")[1] for reading in found.pop("holding.py")] == ["time.time"]
    assert {name: readings for name, readings in found.items() if readings} == {}


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


def test_d56_d57_a_clock_that_is_set_forward_or_a_night_asleep_ends_no_task_early(tmp_path):
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    arguments = [sys.executable, script, tmp_path / "gate", tmp_path / "begun", "3600"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=30, env=environment)
    assert (done.stdout, done.stderr) == ("TimeoutError\nTrue\n", "")
