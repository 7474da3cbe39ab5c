# SPDX-License-Identifier: GPL-3.0-or-later
"""Deaths of worker processes, and of their parent. Each test is named after its row of the fault catalogue."""

import operator
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from twisted.internet.defer import gatherResults
from twisted.internet.task import deferLater

from aqlib import CancelledError, QueueRunError, TaskError, TimeoutError, WorkerLost
from aqlib.processes.channel import Channel
from aqlib.processes.pipe import OutputPipe
from aqlib.testing import Watcher

from .. import faultjobs, jobs
from .helpers import ended, queueSees

REPOSITORY = Path(__file__).parents[3]


async def test_a1_sigkill_of_a_busy_worker_costs_its_call_alone(makeQueue, tmp_path):
    queue = makeQueue(2)
    watcher = Watcher()
    queue.addObserver(watcher)
    begun = str(tmp_path / "begun")
    task = queue.submit(jobs.forEver, begun)
    others = [queue.submit(operator.add, i, 1) for i in range(200)]
    await queueSees(queue, begun)
    pid = task.worker.pid
    killed = queue.reactor.seconds()
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(WorkerLost, match="by SIGKILL while it ran forEver") as caught:
        await task.deferred
    assert queue.reactor.seconds() - killed < 5  # 2 ms or so; on a busy machine more
    assert (caught.value.pid, caught.value.signal) == (pid, signal.SIGKILL)
    assert await gatherResults([other.deferred for other in others]) == list(range(1, 201))
    assert await queue.call(operator.add, 1, 1) == 2
    assert len(watcher.happened("workerReplaced")) == 1
    assert {worker.ID for worker in queue.workers()} == {1, 2}


async def test_a2_sigkill_of_an_idle_worker_is_silent(queue, watcher):
    pid = await queue.call(os.getpid)
    os.kill(pid, signal.SIGKILL)
    await watcher.untilHappened("workerStarted", 2)
    assert await queue.call(os.getpid) != pid
    assert all(task.failure is None for (task,) in watcher.happened("taskFinished"))


async def test_a2_a_call_that_was_sent_and_had_not_begun_runs_elsewhere(queue, watcher):
    pid = await queue.call(os.getpid)
    os.kill(pid, signal.SIGSTOP)  # it can begin nothing
    tasks = [queue.submit(operator.add, i, 1) for i in range(3)]
    os.kill(pid, signal.SIGKILL)
    assert await gatherResults([task.deferred for task in tasks]) == [1, 2, 3]


async def test_a3_a_segfault_tells_where_it_was(queue):
    with pytest.raises(WorkerLost) as caught:
        await queue.call(jobs.segfault)
    assert caught.value.signal == signal.SIGSEGV
    assert "Segmentation fault" in caught.value.hint
    assert "in segfault" in caught.value.hint


async def test_a4_a_process_that_ends_well_in_a_task_is_no_success(queue):
    with pytest.raises(WorkerLost, match="with exit code 0 while it ran exitAtOnce"):
        await queue.call(jobs.exitAtOnce, 0)
    assert await queue.call(operator.add, 1, 1) == 2


async def test_a5_the_exit_code_is_in_the_error(queue):
    with pytest.raises(WorkerLost, match="with exit code 41") as caught:
        await queue.call(jobs.exitAtOnce, 41)
    assert caught.value.exitCode == 41


async def test_a5_what_other_code_has_waited_for_is_not_taken_for_a_good_end(queue, tmp_path):
    task = queue.submit(jobs.forEver, str(tmp_path / "begun"))
    await queueSees(queue, str(tmp_path / "begun"))
    pid = task.worker.pid
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)  # before the queue, whose turn it is not
    with pytest.raises(WorkerLost, match="other code of this program has waited for it") as caught:
        await task.deferred
    assert (caught.value.signal, caught.value.exitCode) == (None, None)
    assert await queue.call(operator.add, 1, 1) == 2


async def test_a6_sys_exit_is_the_tasks_error_and_the_worker_lives(queue):
    pid = await queue.call(os.getpid)
    with pytest.raises(TaskError, match="SystemExit"):
        await queue.call(jobs.exitPolitely, 3)
    assert await queue.call(os.getpid) == pid


async def test_a7_a_keyboard_interrupt_is_the_tasks_error_and_the_worker_lives(queue):
    pid = await queue.call(os.getpid)
    with pytest.raises(TaskError, match="KeyboardInterrupt"):
        await queue.call(jobs.interrupt)
    assert await queue.call(os.getpid) == pid


async def test_a8_more_memory_than_there_is_is_the_tasks_error_and_the_worker_lives(queue):
    pid = await queue.call(os.getpid)
    with pytest.raises(MemoryError):
        await queue.call(bytearray, 1 << 62)
    assert await queue.call(os.getpid) == pid


async def test_a14_a_process_that_dies_in_the_middle_of_its_result_holds_up_no_other(makeQueue):
    """Its result is too large for the kernel, so that it dies while it holds whatever it locks to send."""
    queue = makeQueue(2)
    await queue.update(os.getpid)  # both have started
    task = queue.submit(bytes, 100_000_000)
    await deferLater(queue.reactor, 0)  # the call is on its way, and nothing is read any more
    channels = [reader for reader in queue.reactor.getReaders() if isinstance(reader, Channel)]
    assert select.select(channels, [], [], 10)[0]
    os.kill(task.worker.pid, signal.SIGKILL)
    with pytest.raises(WorkerLost, match="by SIGKILL while it ran bytes"):
        await task.deferred
    blocks = [queue.call(jobs.giveBack, bytes(1_000_000)) for _ in range(8)]
    assert await gatherResults(blocks) == [bytes(1_000_000)] * 8


async def test_a15_a_worker_that_dies_at_its_start_again_and_again_degrades_the_queue(
    queue, watcher, tmp_path, loggedErrors
):
    log = str(tmp_path / "log")
    await queue.update(jobs.countedFailure, log, 2)
    waiting = [queue.submit(operator.add, 1, 1, series="nobody yet") for _ in range(3)]
    queue.killWorker(1)
    await watcher.until(lambda: queue.isDegraded)
    assert "the kernel cannot be imported here" in queue.degradedReason
    for task in waiting:
        with pytest.raises(QueueRunError, match="the kernel cannot be imported here"):
            await task.deferred
    with pytest.raises(QueueRunError):
        await queue.call(operator.add, 1, 1)
    attempts = len(Path(log).read_text())
    assert attempts == 1 + 1 + 5  # the update, the first replacement, five restarts: and then nothing spins
    assert queue.workers() == []
    loggedErrors.flush()


async def test_a15_a_degraded_queue_recovers_with_new_workers(queue, watcher, tmp_path, loggedErrors):
    log = str(tmp_path / "log")
    await queue.update(jobs.countedFailure, log, 2, replaces="kernel")
    queue.killWorker(1)
    await watcher.until(lambda: queue.isDegraded)
    queue.update(jobs.touch, log, replaces="kernel")
    await queue.addWorkers(1)
    assert await queue.call(operator.add, 1, 1) == 2
    loggedErrors.flush()


async def test_a2_many_idle_workers_that_are_killed_at_once_are_all_replaced(makeQueue):
    queue, watcher = makeQueue(8), Watcher()
    queue.addObserver(watcher)
    await queue.update(os.getpid)
    pids = {worker.pid for worker in queue.workers()}
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    await watcher.until(lambda: queue.isDegraded or len(watcher.happened("workerStarted")) == 16)
    assert not queue.isDegraded
    assert pids.isdisjoint(await queue.update(os.getpid))


async def test_a17_when_all_workers_die_at_once_each_task_is_told_once(makeQueue, tmp_path):
    queue, watcher = makeQueue(4), Watcher()
    queue.addObserver(watcher)
    told: dict[int, list[Any]] = {}
    begun = [str(tmp_path / f"begun{i}") for i in range(4)]
    running = [queue.submit(jobs.forEver, path) for path in begun]
    waiting = [queue.submit(operator.add, i, 1) for i in range(100)]
    for task in (*running, *waiting):
        task.deferred.addBoth(told.setdefault(task.id, []).append)
    for path in begun:
        await queueSees(queue, path)
    for worker in queue.workers():
        os.kill(worker.pid, signal.SIGKILL)
    await watcher.untilHappened("taskFinished", 104)
    await queue.call(operator.add, 1, 1)
    assert all(len(outcomes) == 1 for outcomes in told.values())
    assert [told[task.id][0].type for task in running] == [WorkerLost] * 4
    assert [told[task.id][0] for task in waiting] == list(range(1, 101))
    assert len(watcher.happened("taskFinished")) == 105
    assert len(watcher.happened("workerLost")) == len(watcher.happened("workerReplaced")) == 4


async def test_a18_a_process_that_dies_while_the_queue_shuts_down_does_not_keep_it(makeQueue, tmp_path):
    queue, begun = makeQueue(1), str(tmp_path / "begun")
    running = queue.submit(jobs.forEver, begun)
    waiting = queue.call(operator.add, 1, 1)
    await queueSees(queue, begun)
    ended = queue.shutdown()
    os.kill(running.worker.pid, signal.SIGKILL)
    with pytest.raises(WorkerLost):
        await running.deferred
    assert await waiting == 2  # a shutdown finishes what waits, in a new process if need be
    await ended


async def test_a18_a_process_that_dies_when_it_was_told_to_stop_does_not_keep_the_queue(makeQueue):
    queue = makeQueue(1)
    pid = await queue.call(os.getpid)
    os.kill(pid, signal.SIGSTOP)
    ended = queue.shutdown()
    os.kill(pid, signal.SIGKILL)
    await ended


async def test_a20_a_task_that_holds_the_gil_in_c_code_can_be_cancelled(queue, tmp_path):
    begun = str(tmp_path / "begun")
    task = queue.submit(jobs.holdTheGIL, begun)
    await queueSees(queue, begun)
    pid = task.worker.pid
    task.cancel()
    with pytest.raises(CancelledError):
        await task.deferred
    assert await ended(queue.reactor, pid)
    assert await queue.call(operator.add, 1, 1) == 2


async def test_a20_a_task_that_holds_the_gil_in_c_code_is_ended_by_its_time_out(queue, tmp_path):
    pid = await queue.call(os.getpid)
    with pytest.raises(TimeoutError, match=r"holdTheGIL\(.*ran for longer than 0.1 s"):
        await queue.using(timeout=0.1).call(jobs.holdTheGIL, str(tmp_path / "begun"))
    assert await ended(queue.reactor, pid)
    assert await queue.call(operator.add, 1, 1) == 2


async def test_a21_a_grandchild_that_has_the_pipe_delays_nothing_and_goes_too(queue, watcher):
    begin = queue.reactor.seconds()
    with pytest.raises(WorkerLost, match="with exit code 7"):
        await queue.call(jobs.leaveGrandchild, 60)
    assert queue.reactor.seconds() - begin < 30
    grandchild = int(watcher.output().strip())
    assert await ended(queue.reactor, grandchild)


async def test_a21_a_process_that_writes_on_after_its_parents_death_holds_up_nobody(queue, tmp_path):
    with pytest.raises(WorkerLost, match="with exit code 7"):
        await queue.call(faultjobs.leaveFlood, str(tmp_path), 4)
    assert await queue.call(operator.add, 1, 1) == 2


async def test_a21_only_what_was_written_before_a_death_is_read_after_it(reactor):
    reading, writing = os.pipe()
    told: list[str] = []

    def wrote(text: str) -> None:
        told.append(text)
        os.write(writing, b"more")

    pipe = OutputPipe(reactor, reading, wrote)
    os.write(writing, b"last words")
    pipe.drain()
    pipe.close()
    os.close(writing)
    assert told == ["last words"]


async def test_a21_processes_that_a_task_forks_speak_for_themselves(queue, watcher):
    pid = await queue.call(os.getpid)
    assert await queue.call(faultjobs.forkThree, 5000) == [0, 0, 0]
    assert await queue.call(os.getpid) == pid
    lines = watcher.output().splitlines()
    assert all(lines.count(f"line {i} of a fork") == 3 for i in range(0, 5000, 500))
    assert watcher.output("stderr").count("a log line of a fork") == 3
    assert watcher.happened("taskProgress") == []


async def test_a21_a_process_that_a_task_forks_and_lets_return_is_no_second_worker(queue, watcher):
    pid = await queue.call(os.getpid)
    for _ in range(3):
        assert await queue.call(faultjobs.forkAndReturnTwice) is True
    calls = [queue.call(os.getpid) for _ in range(300)]
    assert set(await gatherResults(calls)) == {pid}
    assert watcher.happened("workerLost") == []


async def test_a22_no_zombies(makeQueue):
    queue = makeQueue(2)
    for _ in range(4):
        with pytest.raises(WorkerLost):
            await queue.call(jobs.killSelf)
    await gatherResults([queue.call(operator.add, 1, 1) for _ in range(10)])
    children = [child for child in psutil.Process().children() if child.status() == psutil.STATUS_ZOMBIE]
    assert children == []


async def test_a23_a_worker_that_ignores_sigterm_is_ended_after_the_grace_time(queue, tmp_path):
    begun = str(tmp_path / "begun")
    task = queue.submit(jobs.ignoreSigterm, begun)
    await queueSees(queue, begun)
    pid = task.worker.pid
    task.cancel()
    with pytest.raises(CancelledError):
        await task.deferred
    assert await ended(queue.reactor, pid)
    assert await queue.call(operator.add, 1, 1) == 2


PARENT = """
import sys
from twisted.internet import reactor
from aqlib import ProcessQueue
from tests.aqlib import jobs

def main():
    queue = ProcessQueue(4)
    for worker, f in zip(queue.workers(), (None, jobs.forEver, jobs.holdTheGIL, jobs.forEver)):
        queue.qualifyWorker(worker, worker.ID)
        if f is not None:
            queue.using(series=worker.ID).call(f, sys.argv[1] + str(worker.ID))
    def started():
        print(*[worker.pid for worker in queue.workers()], flush=True)
    reactor.callLater(0, started)
    reactor.run()

if __name__ == "__main__":
    main()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends orphans on Linux only")
async def test_a26_when_the_parent_is_killed_no_worker_is_left_after_one_second(queue, tmp_path):
    """One worker is idle, one busy in Python, one in C code that holds the GIL, one stopped."""
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    parent = subprocess.Popen([sys.executable, script, tmp_path / "begun"], stdout=subprocess.PIPE, env=environment)
    assert parent.stdout is not None
    pids = [int(word) for word in parent.stdout.readline().split()]
    assert len(pids) == 4
    for ID in (2, 3, 4):
        await queueSees(queue, str(tmp_path / f"begun{ID}"))
    os.kill(pids[3], signal.SIGSTOP)
    watched = [os.pidfd_open(pid) for pid in pids]
    parent.kill()
    deadline = time.monotonic() + 1.0
    parent.wait()
    parent.stdout.close()
    left = list(watched)
    while left:
        ready, _, _ = select.select(left, [], [], max(deadline - time.monotonic(), 0))
        assert ready, f"{len(left)} workers live on after their parent"
        left = [descriptor for descriptor in left if descriptor not in ready]
    for descriptor in watched:
        os.close(descriptor)
