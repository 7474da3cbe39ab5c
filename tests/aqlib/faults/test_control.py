# SPDX-License-Identifier: GPL-3.0-or-later
"""Cancelling, full pipes, odd moments and signals. Each test is named after its row of the fault catalogue."""

import operator
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import DeferredList, gatherResults

from aqlib import CancelledError, ProcessQueue, QueueRunError, Task, TaskState, WorkerLost

from .. import jobs
from .helpers import PausedAtFirst, queueSees

REPOSITORY = Path(__file__).parents[3]


async def test_d50_cancelling_never_ends_another_task(makeQueue):
    """Short calls are cancelled at all moments of their short lives, and the others must not notice."""
    queue = makeQueue(2)
    chance = random.Random(50)
    pids = sorted(worker.pid for worker in queue.workers())
    await gatherResults([queue.call(operator.add, 1, 1) for _ in range(10)])
    kept: list[tuple[int, Task]] = []
    cancelled: list[tuple[int, Task]] = []
    for i in range(3000):
        task = queue.submit(operator.add, i, 1)
        (kept if chance.random() < 0.5 else cancelled).append((i, task))
        if cancelled and chance.random() < 0.5:
            cancelled[chance.randrange(len(cancelled))][1].cancel()
        if chance.random() < 0.02:
            await task.deferred.addErrback(lambda failure: failure.trap(CancelledError))
    for _, task in cancelled:
        task.deferred.addErrback(lambda failure: failure.trap(CancelledError))
        task.cancel()
    waiting = [(i, task) for i, task in kept if not task.isFinished]
    await DeferredList([task.deferred for _, task in waiting])
    assert all(task.state is TaskState.DONE for _, task in kept)
    assert all(task.isFinished for _, task in cancelled)
    # Short calls end by themselves within the grace time: no process was ended.
    assert sorted(worker.pid for worker in queue.workers()) == pids


async def test_d50_a_task_that_is_ended_takes_nothing_with_it_that_was_sent_behind_it(queue, tmp_path):
    gate, begun = str(tmp_path / "gate"), str(tmp_path / "begun")
    for f in (jobs.giveBack, jobs.forEverUnless):
        jobs.touch(gate)
        await gatherResults([queue.call(f, gate) for _ in range(40)])
        os.unlink(gate)
    # Measured as short, it now runs for ever, with calls sent behind it.
    endless = queue.submit(jobs.forEverUnless, gate, begun)
    others = [queue.submit(jobs.giveBack, i) for i in range(20)]
    await queueSees(queue, begun)
    endless.cancel()
    with pytest.raises(CancelledError):
        await endless.deferred
    assert await gatherResults([other.deferred for other in others]) == list(range(20))


async def test_d51_a_task_with_a_large_payload_can_be_cancelled_while_it_is_sent(queue):
    task = queue.submit(len, bytes(100_000_000))
    task.cancel()
    with pytest.raises(CancelledError):
        await task.deferred
    assert await queue.call(operator.add, 1, 1) == 2


@pytest.mark.timeout(60)
async def test_d52_full_pipes_both_ways_block_nobody(queue):
    """Results flow back that nobody reads while arguments wait that the worker does not read."""
    blocks = [bytes([i]) * 5_000_000 for i in range(8)]
    assert await gatherResults([queue.call(jobs.giveBack, block) for block in blocks]) == blocks


async def test_d53_calls_from_callbacks_are_calls_like_others(queue):
    results = []

    def again(n):
        results.append(n)
        return queue.call(operator.add, n, 1).addCallback(again) if n < 20 else n

    assert await queue.call(operator.add, 0, 0).addCallback(again) == 20
    assert results == list(range(21))


async def test_d53_calls_during_a_shutdown_errback(queue, tmp_path):
    gate = str(tmp_path / "gate")
    running = queue.call(jobs.untilThere, gate)
    waiting = queue.call(operator.add, 1, 1)
    late = waiting.addCallback(lambda _: queue.call(operator.add, 1, 1))
    ended = queue.shutdown()
    with pytest.raises(QueueRunError):
        await queue.call(operator.add, 1, 1)
    jobs.touch(gate)
    assert await running == gate
    with pytest.raises(QueueRunError):
        await late
    await ended


PROGRAM = """
import sys
from twisted.internet import reactor
from aqlib import ProcessQueue, endBySignal
from aqlib.processes import worker
from tests.aqlib import jobs

folder = sys.argv[1]
worker.GRACE = float(sys.argv[2])

def main():
    queue = ProcessQueue(1)
    ended = endBySignal(queue, lambda count: print("interrupt", count, flush=True))
    ended.addBoth(lambda _: reactor.stop())
    for i in range(3):
        queue.call(jobs.untilThere, folder + "/gate" + str(i)).addCallbacks(
            lambda _, i=i: print("done", i, flush=True),
            lambda failure, i=i: print(failure.type.__name__, i, flush=True))
    queue.call(jobs.forEver, folder + "/endless").addErrback(lambda failure: print(failure.type.__name__, flush=True))
    queue.call(jobs.touch, folder + "/begun", niceness=-1)
    reactor.run(installSignalHandlers=sys.argv[3] == "True")

if __name__ == "__main__":
    main()
"""


class Program:
    """A program with one worker and four tasks, the last of them endless, that a test sends signals."""

    def __init__(self, folder, grace=1.0, installSignalHandlers=False):
        self.folder = folder
        script = folder / "program.py"
        script.write_text(PROGRAM)
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
        self.process = subprocess.Popen(
            [sys.executable, script, folder, str(grace), str(installSignalHandlers)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def open(self, *gates):
        for gate in gates:
            jobs.touch(str(self.folder / f"gate{gate}"))

    def line(self):
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def interrupt(self, count, number=signal.SIGINT):
        """Send a signal, and wait until it has been counted: two that are under way are as one."""
        self.process.send_signal(number)
        assert self.line() == f"interrupt {count}"

    def rest(self):
        out, err = self.process.communicate(timeout=60)
        return out.split("\n")[:-1], err


@pytest.mark.parametrize("reactorHasHandlers", [False, True])
async def test_d55_the_first_interrupt_lets_finish_what_runs(queue, tmp_path, reactorHasHandlers):
    program = Program(tmp_path, installSignalHandlers=reactorHasHandlers)
    await queueSees(queue, str(tmp_path / "begun"))
    program.open(0)
    assert program.line() == "done 0"
    program.interrupt(1)
    # What waits is not begun any more, and what runs may finish.
    program.open(1)
    lines = {program.line() for _ in range(3)}
    assert lines == {"CancelledError 2", "CancelledError", "done 1"}
    rest, err = program.rest()
    assert (program.process.returncode, rest) == (0, [])
    assert err == ""


async def test_d55_the_second_interrupt_cancels_what_runs(queue, tmp_path):
    program = Program(tmp_path)
    program.open(0, 1, 2)
    assert [program.line() for _ in range(3)] == ["done 0", "done 1", "done 2"]
    await queueSees(queue, str(tmp_path / "endless"))
    program.interrupt(1)
    program.interrupt(2, signal.SIGTERM)
    assert program.line() == "CancelledError"
    assert program.rest()[0] == []
    assert program.process.returncode == 0


async def test_d55_the_third_interrupt_kills(queue, tmp_path):
    program = Program(tmp_path, grace=3600)
    program.open(0, 1, 2)
    assert [program.line() for _ in range(3)] == ["done 0", "done 1", "done 2"]
    await queueSees(queue, str(tmp_path / "endless"))
    for count in (1, 2):
        program.interrupt(count)
    assert program.line() == "CancelledError"
    program.interrupt(3)
    assert program.rest()[0] == []
    assert program.process.returncode == 0


async def test_d55_workers_ignore_interrupts_themselves(queue):
    pid = await queue.call(os.getpid)
    os.kill(pid, signal.SIGINT)
    assert await queue.call(os.getpid) == pid


async def hanging(queue: ProcessQueue, tmp_path: Path, **options: Any) -> tuple[Task, Any]:
    """A stream that hangs after its first item, and its Deferator."""
    begun = str(tmp_path / "begun")
    stream = queue.submit(jobs.giveAndHang, begun, **options)
    deferator = await stream.deferred
    await queueSees(queue, begun)
    return stream, deferator


async def test_d50_a_stream_that_is_to_give_way_and_never_gets_there_is_ended_by_its_time_out(queue, tmp_path):
    """The call that it is to give way to waits until then."""
    stream, deferator = await hanging(queue, tmp_path, timeout=2)
    urgent = queue.submit(operator.add, 1, 1, niceness=-5)
    assert urgent.isWaiting
    assert stream.isRunning
    with pytest.raises(TimeoutError):
        async for _ in deferator:
            pass
    assert await urgent.deferred == 2


async def test_d50_so_it_is_by_a_cancel(queue, tmp_path):
    stream, deferator = await hanging(queue, tmp_path)
    urgent = queue.submit(operator.add, 1, 1, niceness=-5)
    stream.cancel()
    with pytest.raises(CancelledError):
        async for _ in deferator:
            pass
    assert await urgent.deferred == 2


async def test_d50_a_call_that_waits_for_a_slow_stream_goes_to_a_worker_that_is_free(makeQueue, tmp_path):
    queue = makeQueue(2)
    gate = str(tmp_path / "gate")
    blocking = queue.submit(jobs.untilThere, gate)
    stream, deferator = await hanging(queue, tmp_path)
    urgent = queue.submit(operator.add, 1, 1, niceness=-5)
    jobs.touch(gate)
    assert await blocking.deferred == gate
    assert await urgent.deferred == 2
    assert urgent.worker is blocking.worker
    stream.cancel()
    with pytest.raises(CancelledError):
        async for _ in deferator:
            pass


async def test_d50_a_stream_that_hangs_while_another_gets_credit_is_ended_by_its_time_out(queue, tmp_path):
    """The one that began last runs first when it may; but it cannot while the other is in the middle of an item."""
    begun = str(tmp_path / "begun")
    older, younger = PausedAtFirst(), PausedAtFirst()
    hangs = queue.submit(jobs.giveAndHang, begun, 20, consumer=older, timeout=2)
    await older.paused
    counts = queue.submit(jobs.count, 1000, consumer=younger)
    await younger.paused
    older.producer.resumeProducing()
    await queueSees(queue, begun)
    younger.producer.resumeProducing()
    assert hangs.state is TaskState.RUNNING
    with pytest.raises(TimeoutError):
        await hangs.deferred
    with pytest.raises(WorkerLost):
        await counts.deferred
    assert await queue.call(operator.add, 1, 1) == 2
