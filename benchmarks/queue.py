# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task costs: tasks a second and round trips of a ProcessQueue, beside the standard library's pools; streams.

Each measurement runs in a fresh process, those of the libraries in turn, and the median of all rounds counts. Every
peer has two workers, started by 'spawn' as ours are.
"""

import argparse
import json
import operator
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from .table import Row

WORKERS = 2
TASKS = 20_000
ITEMS = 200_000
TRIPS = 500
ROUNDS = 3

Figures = dict[str, float]


# In the process that measures.


def pool(scale: float) -> Figures:
    """multiprocessing.Pool.apply_async."""
    import multiprocessing

    with multiprocessing.get_context("spawn").Pool(WORKERS) as workers:
        return _blocking(lambda x, y: workers.apply_async(operator.add, (x, y)).get, scale)


def executor(scale: float) -> Figures:
    """concurrent.futures.ProcessPoolExecutor.submit."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(WORKERS, multiprocessing.get_context("spawn")) as workers:
        return _blocking(lambda x, y: workers.submit(operator.add, x, y).result, scale)


def _blocking(submit: Callable[[int, int], Callable[[], int]], scale: float) -> Figures:
    """Measure a library that gives, for a task, a function that waits for its result."""
    number, trips = int(TASKS * scale), int(TRIPS * scale)
    for wait in [submit(i, 1) for i in range(100)]:
        wait()
    begin = time.perf_counter()
    results = [wait() for wait in [submit(i, 1) for i in range(number)]]
    seconds = time.perf_counter() - begin
    assert results == list(range(1, number + 1))
    times = []
    for _ in range(trips):
        begin = time.perf_counter()
        submit(1, 1)()
        times.append(time.perf_counter() - begin)
    return {"tasks": number / seconds, **_spread(times)}


def aqlib(scale: float) -> Figures:
    """aqlib.ProcessQueue.call, and its streams."""
    from twisted.internet.task import react

    figures: Figures = {}

    async def main(_: Any) -> None:
        figures.update(await _ours(scale))

    try:
        react(lambda reactor: _deferred(main(reactor)))
    except SystemExit as end:
        if end.code:
            raise
    return figures


def _deferred(coroutine: Any) -> Any:
    from twisted.internet.defer import Deferred

    return Deferred.fromCoroutine(coroutine)


async def _ours(scale: float) -> Figures:
    from twisted.internet.defer import gatherResults

    from aqlib import ListConsumer, ProcessQueue

    number, items, trips = int(TASKS * scale), int(ITEMS * scale), int(TRIPS * scale)
    queue = ProcessQueue(WORKERS)
    await gatherResults([queue.call(operator.add, i, 1) for i in range(100)])
    results: list[int] = []
    begin = time.perf_counter()
    for i in range(number):
        queue.call(operator.add, i, 1).addCallback(results.append)
    while len(results) < number:
        await queue.call(operator.add, 0, 0, doLast=True)
    seconds = time.perf_counter() - begin
    assert sorted(results) == list(range(1, number + 1))
    times = []
    for _ in range(trips):
        begin = time.perf_counter()
        await queue.call(operator.add, 1, 1)
        times.append(time.perf_counter() - begin)
    consumer = ListConsumer()
    begin = time.perf_counter()
    await queue.call(numbers, items, consumer=consumer)
    consumed = time.perf_counter() - begin
    assert len(await consumer()) == items
    begin = time.perf_counter()
    taken = [item async for item in await queue.call(numbers, items)]
    iterated = time.perf_counter() - begin
    assert len(taken) == items
    await queue.shutdown()
    return {"tasks": number / seconds, **_spread(times), "consumer": items / consumed, "deferator": items / iterated}


def numbers(n: int) -> Iterator[int]:
    """A stream of small numbers."""
    yield from range(n)


def _spread(times: list[float]) -> Figures:
    times.sort()
    return {"median": 1e6 * statistics.median(times), "p99": 1e6 * times[int(0.99 * len(times))]}


LIBRARIES: dict[str, Callable[[float], Figures]] = {"aqlib": aqlib, "pool": pool, "executor": executor}


# In the process that compares.


def run(args: list[str]) -> list[Row]:
    """Measure all libraries. `--rounds N`: so many times each; `--quick`: once, with a hundredth of the tasks."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks queue")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each library is measured")
    parser.add_argument("--quick", action="store_true", help="only see that it runs: the figures say nothing")
    options = parser.parse_args(args)
    rounds, scale = (1, 0.01) if options.quick else (max(options.rounds, 1), 1.0)
    measured: dict[str, list[Figures]] = {name: [] for name in LIBRARIES}
    for _ in range(rounds):
        for name, found in measured.items():
            found.append(_measure(name, scale))
    return _rows({name: _medians(found) for name, found in measured.items()})


def _measure(name: str, scale: float) -> Figures:
    """Measure one library in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.queue", name, str(scale)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=300)
    figures: Figures = json.loads(done.stdout)
    return figures


def _medians(found: list[Figures]) -> Figures:
    return {key: statistics.median(figures[key] for figures in found) for key in found[0]}


def _rows(figures: dict[str, Figures]) -> list[Row]:
    ours, thePool, theExecutor = figures["aqlib"], figures["pool"], figures["executor"]
    tasks = ours["tasks"]
    load = f"operator.add, {WORKERS} workers"
    return [
        Row("tasks", tasks, "1/s", tasks / thePool["tasks"], "mp.Pool.apply_async", ">= 2", load),
        Row("tasks", tasks, "1/s", tasks / theExecutor["tasks"], "ProcessPoolExecutor", None, load),
        Row("tasks, mp.Pool.apply_async", thePool["tasks"], "1/s", note=load),
        Row("tasks, ProcessPoolExecutor", theExecutor["tasks"], "1/s", note=load),
        Row("round trip, median", ours["median"], "us", thePool["median"] / ours["median"], "mp.Pool.apply_async"),
        Row("round trip, 99th percentile", ours["p99"], "us", thePool["p99"] / ours["p99"], "mp.Pool.apply_async"),
        Row("stream items to a consumer", ours["consumer"], "1/s", note="small integers, one worker"),
        Row("stream items by async for", ours["deferator"], "1/s", note="small integers, one worker"),
    ]


if __name__ == "__main__":
    print(json.dumps(LIBRARIES[sys.argv[1]](float(sys.argv[2]))))
