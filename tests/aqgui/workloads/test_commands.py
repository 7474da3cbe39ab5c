# SPDX-License-Identifier: GPL-3.0-or-later
import os
import time
from pathlib import Path
from typing import ClassVar

import pytest

from aqgui.workloads.commands import CommandFailed, runCommand
from aqlib import Observer, ProcessQueue, context
from aqlib.context import Context


@pytest.fixture
def wanted():
    """A running task that is wanted until the list has an element."""
    reasons: list[str] = []
    with context.running(Context(lambda progress: None, lambda: bool(reasons))):
        yield reasons


def test_a_command_runs_in_its_folder_and_writes_to_the_workers_output(tmp_path, capfd):
    assert runCommand("pwd; echo wrong >&2", str(tmp_path)) == "exit status 0"
    assert capfd.readouterr() == (f"{tmp_path}\n", "wrong\n")


async def test_in_a_queue_its_output_is_the_tasks(tmp_path, reactor):
    class Listener(Observer):
        texts: ClassVar[list[str]] = []

        def taskOutput(self, task, worker, stream, text):
            self.texts.append(f"{task.name} {stream}: {text.strip()}")

    queue = ProcessQueue(1, reactor=reactor)
    queue.addObserver(Listener())
    assert await queue.using(name="my task").call(runCommand, "echo said", str(tmp_path)) == "exit status 0"
    await queue.shutdown()
    assert Listener.texts == ["my task stdout: said"]


@pytest.mark.parametrize(
    ("command", "how"), [("exit 3", "with exit status 3"), ("kill -KILL $$", "by SIGKILL"), ("no-such-thing", "127")]
)
def test_one_that_fails_is_a_failure_that_says_how(tmp_path, command, how):
    with pytest.raises(CommandFailed, match=how):
        runCommand(command, str(tmp_path))


def test_it_reads_nothing(tmp_path):
    assert runCommand("cat", str(tmp_path)) == "exit status 0"


@pytest.mark.parametrize("stubborn", ["", "trap '' TERM; "])
def test_one_that_is_cancelled_ends_with_all_that_it_started(tmp_path, wanted, stubborn):
    wanted.append("cancelled")
    with pytest.raises(CommandFailed):
        runCommand(f"{stubborn}sleep 1000 & echo $! > child; wait; sleep 1000", str(tmp_path))
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 10
    while _runs(child):
        assert time.monotonic() < deadline
        os.sched_yield()


def _runs(pid):
    """Whether a process runs; one that has ended may wait for whoever should ask for its status."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_command_whose_child_goes_on_ends_when_it_does(tmp_path):
    assert runCommand("sleep 1000 & echo $! > child", str(tmp_path)) == "exit status 0"
    os.kill(int((tmp_path / "child").read_text()), 9)
