# SPDX-License-Identifier: GPL-3.0-or-later
import os
import time
from pathlib import Path
from typing import ClassVar

import pytest
from twisted.internet.task import deferLater

from aqgui.workloads.commands import CommandFailed, runCommand
from aqlib import CancelledError, Observer, ProcessQueue, WorkerLost


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


class TestOnAWorker:
    """A worker has a process group of its own, which the command shares."""

    @pytest.fixture
    def queue(self, reactor, wait):
        queue = ProcessQueue(1, reactor=reactor)
        yield queue
        wait(queue.shutdown(cancel=True))

    @pytest.fixture
    def begin(self, queue, reactor, tmp_path):
        """begin(command): its task, and the pid that it has written to the file `child`."""

        async def begin(command):
            task = queue.submit(runCommand, command, str(tmp_path))
            file = tmp_path / "child"
            while not (file.exists() and file.read_text().endswith("\n")):
                await deferLater(reactor, 0.01)
            return task, int(file.read_text())

        return begin

    @pytest.fixture
    def sees(self, reactor):
        """sees(condition): wait until it is fulfilled."""

        async def sees(condition):
            deadline = time.monotonic() + 10
            while not condition():
                assert time.monotonic() < deadline
                await deferLater(reactor, 0.01)

        return sees

    @pytest.mark.parametrize("stubborn", ["", "trap '' TERM; "])
    async def test_one_that_is_cancelled_ends_with_all_that_it_started(self, begin, sees, stubborn):
        task, child = await begin(f"{stubborn}sleep 1000 & echo $! > child; wait; sleep 1000")
        worker = task.worker.pid
        task.cancel()
        with pytest.raises(CancelledError):
            await task.deferred
        await sees(lambda: _state(child) == "")
        assert _state(worker) != ""

    async def test_what_a_command_before_it_has_left_behind_is_not_ended(self, begin, queue, sees, tmp_path):
        task, left = await begin("sleep 1000 & echo $! > child")
        await task.deferred
        (tmp_path / "child").unlink()
        task, child = await begin("sleep 1000 & echo $! > child; wait")
        task.cancel()
        with pytest.raises(CancelledError):
            await task.deferred
        await sees(lambda: _state(child) == "")
        assert _state(left) == "S"

    async def test_one_that_is_paused_stands_still_with_all_that_it_started(self, begin, sees):
        task, child = await begin("sleep 1000 & echo $! > child; wait")
        assert task.pause()
        await sees(lambda: _state(child) == "T")
        task.resume()
        await sees(lambda: _state(child) == "S")
        task.cancel()
        with pytest.raises(CancelledError):
            await task.deferred

    async def test_one_whose_worker_is_killed_ends_with_it(self, begin, queue, sees):
        task, child = await begin("sleep 1000 & echo $! > child; wait")
        queue.killWorker(task.worker)
        with pytest.raises(WorkerLost):
            await task.deferred
        await sees(lambda: _state(child) == "")


def _state(pid):
    """The kernel's letter for what a process does; none for one that has ended, whether anybody has asked or not."""
    try:
        letter = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return ""
    return letter.strip("Z")


def test_a_command_whose_child_goes_on_ends_when_it_does(tmp_path):
    assert runCommand("sleep 1000 & echo $! > child", str(tmp_path)) == "exit status 0"
    os.kill(int((tmp_path / "child").read_text()), 9)
