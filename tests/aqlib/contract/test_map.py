# SPDX-License-Identifier: GPL-3.0-or-later
"""A map on worker processes, on every reactor."""

import itertools
import operator
import os
import subprocess
import sys

import pytest

from aqlib import EncodingError, ListConsumer, TaskError, WorkerLost
from aqlib.iteration import IterationProducer

from .. import jobs


class Odd:
    """Cannot be pickled when its number is odd."""

    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return self.n == other.n

    def __hash__(self):
        return self.n

    def __reduce__(self):
        if self.n % 2:
            raise ValueError("this number is odd")
        return (Odd, (self.n,))


def halfOf(odd):
    return odd.n // 2


async def test_it_gives_all_results_in_order(makeQueue):
    queue = makeQueue(2)
    assert await queue.map(operator.add, range(20_000), range(20_000)).toList() == list(range(0, 40_000, 2))


async def test_unordered_it_gives_each_once(makeQueue):
    queue = makeQueue(2)
    results = await queue.map(operator.neg, range(20_000), ordered=False).toList()
    assert sorted(results) == list(range(-19_999, 1))


async def test_async_for_takes_from_an_endless_one(makeQueue):
    queue = makeQueue(2)
    squares = queue.map(pow, itertools.count(), itertools.repeat(2))
    assert [await anext(squares) for _ in range(2000)] == [n * n for n in range(2000)]
    squares.stop()


async def test_a_consumer_gets_the_results_under_back_pressure(queue):
    consumer = ListConsumer()
    await IterationProducer(queue.map(operator.neg, range(5000)), consumer).run()
    assert await consumer() == [-n for n in range(5000)]


async def test_all_workers_take_part(makeQueue):
    queue = makeQueue(2)
    assert len(set(await queue.map(jobs.slowPid, range(20)).toList())) == 2


async def test_lambdas_and_large_arrays_travel(queue):
    numpy = pytest.importorskip("numpy")
    arrays = [numpy.full(100_000, n) for n in range(10)]
    results = await queue.map(lambda array: array + 1, arrays).toList()
    assert [result[0] for result in results] == list(range(1, 11))
    results[0] += 1


async def test_an_error_is_the_calls_own_and_tells_its_input_and_the_remote_traceback(queue):
    deferator = queue.map(jobs.fail, ["a", "b"])
    with pytest.raises(ValueError, match=r"^a\n") as caught:
        await deferator.toList()
    assert caught.value.__notes__ == ["It came from input 0 of a map, fail('a')."]
    text = str(caught.value.__cause__)
    assert "raise ValueError(text)" in text
    assert "chunk.py" not in text
    assert f"In a map of fail on process 1, process {queue.workers(1).pid}." in text


async def test_one_that_cannot_be_rebuilt_is_a_TaskError(queue):
    with pytest.raises(TaskError, match=r"OddError.*1 and 2"):
        await queue.map(jobs.giveOdd, [1]).toList()


@pytest.mark.parametrize("chunksize", [1, 4, None])
async def test_a_result_that_cannot_be_pickled_costs_none_before_it(queue, chunksize):
    halves = queue.map(Odd, [0, 2, 4, 5, 6, 8], chunksize=chunksize)
    assert [(await anext(halves)).n for _ in range(3)] == [0, 2, 4]
    with pytest.raises(EncodingError, match="this number is odd") as caught:
        await anext(halves)
    assert "input 3" in caught.value.__notes__[0]


@pytest.mark.parametrize("chunksize", [1, 4, 6])
async def test_so_does_an_input_that_cannot_be_pickled(queue, chunksize):
    halves = queue.map(halfOf, [Odd(n) for n in (0, 2, 4, 5, 6, 8)], chunksize=chunksize)
    assert [await anext(halves) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(EncodingError, match="this number is odd") as caught:
        await anext(halves)
    assert "input 3" in caught.value.__notes__[0]


async def test_a_function_that_cannot_be_pickled_is_the_error(queue, loggedErrors):
    with pytest.raises(EncodingError, match="cannot be pickled"):
        await queue.map(jobs.giveLock().acquire, range(5), chunksize=5).toList()


async def test_a_worker_that_dies_ends_it_and_the_inputs_it_had_are_told(queue):
    deferator = queue.map(jobs.exitUnless, [0, 0, 3, 0], chunksize=2)
    assert [await anext(deferator) for _ in range(2)] == [0, 0]
    with pytest.raises(WorkerLost) as caught:
        await anext(deferator)
    assert "inputs 2 to 3" in caught.value.__notes__[0]
    assert await queue.call(os.getpid)


async def test_sys_exit_and_StopIteration_are_errors_of_the_call(queue):
    with pytest.raises(TaskError, match="SystemExit"):
        await queue.map(jobs.exitPolitely, [0]).toList()
    with pytest.raises(RuntimeError, match="StopIteration"):
        await queue.map(next, [iter([1]), iter([])], chunksize=2).toList()


async def test_a_long_chunk_that_is_cancelled_ends_between_two_calls(queue):
    [worker] = queue.workers()
    pid = await queue.call(os.getpid)
    deferator = queue.map(jobs.slowPid, range(100_000), chunksize=100_000)
    deferator.stop()
    assert await queue.call(os.getpid) == pid == worker.pid


async def test_calls_that_turn_out_long_are_shared_out_again(makeQueue):
    queue = makeQueue(2)
    await queue.map(jobs.sleepFor, [0.0] * 10_000).toList()
    pids = await queue.map(jobs.sleepFor, [0.01] * 40).toList()
    assert len(set(pids)) == 2
    assert max(pids.count(pid) for pid in pids) < 35


async def test_functions_and_classes_of_the_main_module_come_back_as_its_own(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "from aqlib import ProcessQueue\n"
        "from twisted.internet.task import react\n"
        "class Point:\n"
        "    def __init__(self, x):\n"
        "        self.x = x\n"
        "async def main(reactor):\n"
        "    queue = ProcessQueue(1, reactor=reactor)\n"
        "    points = await queue.map(Point, range(100)).toList()\n"
        "    print(all(type(point) is Point for point in points), points[-1].x)\n"
        "    await queue.shutdown()\n"
        "if __name__ == '__main__':\n"
        "    react(main)\n"
    )
    done = subprocess.run([sys.executable, script], check=False, capture_output=True, text=True, timeout=30)
    assert (done.stdout, done.stderr) == ("True 99\n", "")
