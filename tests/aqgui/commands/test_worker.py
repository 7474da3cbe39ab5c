# SPDX-License-Identifier: GPL-3.0-or-later
import os
import signal
import time
from pathlib import Path

import pytest
from twisted.internet.task import deferLater

from aqgui.commands.command import SERIES, Command, CommandFailed
from aqgui.commands.slots import CommandSlots
from aqlib import CancelledError, Observer, ProcessQueue, TaskQueue, WorkerError, WorkerState


class Listener(Observer):
    def __init__(self) -> None:
        self.output: dict[str, str] = {}

    def taskOutput(self, task, worker, stream, text):
        self.output[task.name] = self.output.get(task.name, "") + text


@pytest.fixture
def queue(reactor, wait):
    queue = TaskQueue(reactor=reactor)
    yield queue
    wait(queue.shutdown(cancel=True))


@pytest.fixture
def slots(queue):
    slots = CommandSlots(queue, 1)
    yield slots
    slots.endAll()


@pytest.fixture
def listener(queue):
    listener = Listener()
    queue.addObserver(listener)
    return listener


@pytest.fixture
def submit(queue, slots, tmp_path):
    def submit(text, folder=tmp_path):
        return queue.using(series=SERIES, name=text).submit(Command(text, str(folder)))

    return submit


@pytest.fixture
def sees(reactor):
    """sees(condition): wait until it is fulfilled."""

    async def sees(condition):
        deadline = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < deadline
            await deferLater(reactor, 0.01)

    return sees


@pytest.fixture
def begin(submit, sees, tmp_path):
    """begin(command): its task, and the pid that it has written to the file `child`."""

    async def begin(text):
        file = tmp_path / "child"
        file.unlink(missing_ok=True)
        task = submit(text)
        await sees(lambda: file.exists() and file.read_text().endswith("\n"))
        return task, int(file.read_text())

    return begin


def state(pid):
    """The kernel's letter for what a process does; none for one that has ended, whether anybody has asked or not."""
    try:
        letter = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return ""
    return letter.strip("Z")


# Ways in which a process leaves the one that has started it. Each writes its pid.
LEAVING = {
    "stays": "sleep 1000 & echo $! > child; wait",
    "has another session": "setsid sh -c 'echo $$ > child; exec sleep 1000' & wait",
    "is a daemon": "(setsid sh -c 'echo $$ > child; exec sleep 1000' &) ; sleep 1000",
    "ignores signals": "trap '' TERM HUP INT; sleep 1000 & echo $! > child; wait; sleep 1000",
}
leaving = pytest.mark.parametrize("text", LEAVING.values(), ids=LEAVING.keys())


async def test_it_runs_in_its_folder_and_its_output_is_the_tasks(submit, listener, tmp_path):
    task = submit("pwd; echo wrong >&2; printf 'ä'")
    assert await task.deferred == "exit status 0"
    assert listener.output == {task.name: f"{tmp_path}\nwrong\nä"}


async def test_all_output_has_arrived_when_the_task_is_done(submit, listener):
    task = submit("seq 100000")
    await task.deferred
    assert listener.output[task.name].splitlines() == [str(n) for n in range(1, 100001)]


@pytest.mark.parametrize(
    ("text", "status", "how"),
    [
        ("exit 3", 3, "with exit status 3"),
        ("kill -KILL $$", -signal.SIGKILL, "by SIGKILL"),
        ("no-such-thing", 127, "127"),
    ],
)
async def test_one_that_fails_is_a_failure_that_says_how(submit, text, status, how):
    with pytest.raises(CommandFailed, match=how) as caught:
        await submit(text).deferred
    assert caught.value.status == status


async def test_a_folder_that_has_gone_is_named_in_the_output(submit, listener):
    task = submit("true", folder="/no/such/folder")
    with pytest.raises(CommandFailed):
        await task.deferred
    assert "/no/such/folder" in listener.output[task.name]


@pytest.mark.parametrize("text", ["a\0b", "true #" + "x" * 300_000])
async def test_one_that_cannot_be_started_fails_and_the_next_one_runs(submit, text):
    with pytest.raises((ValueError, OSError)):
        await submit(text).deferred
    assert await submit("true").deferred == "exit status 0"


async def test_what_is_no_command_fails(queue, slots):
    with pytest.raises(TypeError, match="takes Commands"):
        await queue.using(series=SERIES).call(len, ())


async def test_a_worker_that_computes_does_not_take_one(slots, tmp_path):
    with pytest.raises(TypeError, match="series"):
        Command("true", str(tmp_path))()


async def test_it_reads_nothing_and_is_not_stopped_by_its_signals(submit):
    assert await submit("cat; kill -0 0").deferred == "exit status 0"


async def test_cpu_time_counts_all_that_it_has_waited_for(submit):
    loop = "i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done"
    task = submit(f"sh -c '{loop}'; sh -c '{loop}'; true")
    await task.deferred
    assert task.cpuTime > 0.001


@leaving
async def test_one_that_is_cancelled_ends_with_all_that_it_started(begin, sees, slots, text):
    task, child = await begin(text)
    [slot] = slots.workers()
    guardian = slot.pid
    task.cancel()
    assert slot.state.value == "stopping"
    with pytest.raises(CancelledError):
        await task.deferred
    await sees(lambda: slot.state is WorkerState.IDLE)
    assert (state(child), state(guardian)) == ("", "")


@leaving
async def test_one_that_is_paused_stands_still_with_all_that_it_started(begin, sees, slots, text):
    task, child = await begin(text)
    assert task.pause()
    assert slots.workers()[0].isPaused
    await sees(lambda: state(child) == "T")
    task.resume()
    await sees(lambda: state(child) == "S")
    assert task.pause()
    task.cancel()
    with pytest.raises(CancelledError):
        await task.deferred
    await sees(lambda: state(child) == "")


async def test_what_a_command_has_left_behind_goes_on_until_the_application_ends(begin, submit, slots):
    task, left = await begin("sleep 1000 & echo $! > child")
    assert await task.deferred == "exit status 0"
    task, _ = await begin("sleep 1000 & echo $! > child; wait")
    task.cancel()
    with pytest.raises(CancelledError):
        await task.deferred
    assert state(left) == "S"
    slots.endAll()
    assert state(left) == ""


async def test_its_slot_can_be_killed(begin, sees, slots, submit):
    task, child = await begin("trap '' TERM; sleep 1000 & echo $! > child; wait")
    slots.workers()[0].kill()
    with pytest.raises((CommandFailed, WorkerError)):
        await task.deferred
    await sees(lambda: state(child) == "")
    assert await submit("true").deferred == "exit status 0"


async def test_when_its_guardian_is_killed_the_command_ends_and_fails(begin, sees, slots, submit):
    task, child = await begin("sleep 1000 & echo $! > child; wait")
    os.kill(slots.workers()[0].pid, signal.SIGKILL)
    with pytest.raises(WorkerError, match="guarded"):
        await task.deferred
    await sees(lambda: state(child) == "")
    assert await submit("true").deferred == "exit status 0"


async def test_as_many_run_at_once_as_there_are_slots(queue, slots, submit, sees):
    tasks = [submit("sleep 1000") for _ in range(4)]
    await sees(lambda: [task.isRunning for task in tasks] == [True, False, False, False])
    slots.setNumber(3)
    await sees(lambda: [task.isRunning for task in tasks] == [True, True, True, False])
    slots.setNumber(1)
    assert slots.number == 1
    assert len(queue.running()) == 3  # those that run are not ended
    for task in tasks:
        task.cancel()
        with pytest.raises(CancelledError):
            await task.deferred


async def test_workers_that_compute_are_free_while_commands_run(reactor, tmp_path, sees):
    queue = ProcessQueue(1, reactor=reactor)
    slots = CommandSlots(queue, 1)
    commands = queue.using(series=SERIES)
    sleeping = [commands.submit(Command("sleep 1000", str(tmp_path))) for _ in range(30)]
    await sees(lambda: sleeping[0].isRunning)
    assert await queue.call(len, (1, 2)) == 2
    assert (queue.countWorkers(), queue.countWorkers(SERIES), slots.number) == (1, 1, 1)
    for task in sleeping:
        task.deferred.addErrback(lambda failure: failure.trap(CancelledError))
    await queue.shutdown(cancel=True)


async def test_a_percentage_in_its_output_is_its_progress(submit, sees):
    task = submit("printf '10%%\\r'; sleep 0.05; printf ' 45%%\\r'; sleep 1000")
    await sees(lambda: task.progress == (45, 100, ""))
    task.cancel()
    with pytest.raises(CancelledError):
        await task.deferred
