# SPDX-License-Identifier: GPL-3.0-or-later
"""`async for` over a stream in coroutines that asyncio runs, and in those that Twisted runs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

PROGRAM = """
import asyncio, sys
from twisted.internet import asyncioreactor
from twisted.internet.defer import Deferred
from aqlib import ProcessQueue

def count(n):
    yield from range(n)

def failing(n):
    yield from range(n)
    raise ZeroDivisionError

def future(deferred):
    return deferred.asFuture(asyncio.get_running_loop())

async def main():
    queue = ProcessQueue(1)
{body}
    await future(queue.shutdown(cancel=True))
    print("ended")

def run():
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    asyncioreactor.install(loop)
    from twisted.internet.task import react
    react(lambda reactor: Deferred.fromFuture(loop.create_task(main())))

if __name__ == "__main__":
    {start}
"""
TAKES = """
    print([item async for item in await future(queue.call(count, 300))] == list(range(300)))
    async for item in queue.map(abs, [-1, -2]):
        print(item)
"""
FAILS = """
    items = []
    try:
        async for item in await future(queue.call(failing, 3)):
            items.append(item)
    except ZeroDivisionError:
        print("error after", items)
"""
IS_CANCELLED = """
    def endless():
        import time
        yield 1
        time.sleep(1000)
    async def take():
        async for item in await future(queue.call(endless)):
            print(item)
    task = asyncio.ensure_future(take())
    done, _ = await asyncio.wait([task], timeout=0.5)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("cancelled")
"""
IS_CANCELLED_IN_TIME = """
    def endless():
        import time
        yield 1
        time.sleep(1000)
    try:
        async with asyncio.timeout(0.5):
            async for item in await future(queue.call(endless)):
                print(item)
    except TimeoutError:
        print("timed out")
"""
IS_CANCELLED_AS_AN_ITEM_ARRIVES = """
    from aqlib import Deferator, Source
    source = Source(lambda count: None, lambda: print("closed"))
    deferator = Deferator(source)
    source.closeWith(deferator, asyncio.get_running_loop().call_soon)
    async def take():
        async for item in deferator:
            print(item)
    task = asyncio.ensure_future(take())
    await asyncio.sleep(0)
    source.feed([1])
    task.cancel()
    await asyncio.wait([task], timeout=10)
    await asyncio.sleep(0)
    print(task.cancelled())
"""
BY_TWISTED = """
    async def take():
        return [item async for item in await queue.call(count, 5)]
    print(await future(Deferred.fromCoroutine(take())))
"""
AWAITS = "    print(await queue.call(abs, -1))"


def run(folder, body, start="run()"):
    (folder / "program.py").write_text(PROGRAM.format(body=body, start=start))
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    words = [sys.executable, "program.py"]
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("body", "printed"),
    [
        (TAKES, ["True", "1", "2"]),
        (FAILS, ["error after [0, 1, 2]"]),
        (IS_CANCELLED, ["1", "cancelled"]),
        (IS_CANCELLED_IN_TIME, ["1", "timed out"]),
        (IS_CANCELLED_AS_AN_ITEM_ARRIVES, ["closed", "True"]),
        (BY_TWISTED, ["[0, 1, 2, 3, 4]"]),
    ],
    ids=["takes", "fails", "is cancelled", "times out", "is cancelled as an item arrives", "by Twisted"],
)
def test_a_coroutine_of_asyncio_takes_a_stream(tmp_path, body, printed):
    done = run(tmp_path, body)
    assert (done.stdout.splitlines(), done.stderr) == ([*printed, "ended"], "")


@pytest.mark.parametrize("body", [AWAITS, TAKES], ids=["a call", "a stream"])
def test_without_a_reactor_it_is_told_how_to_run_one_and_does_not_hang(tmp_path, body):
    done = run(tmp_path, body, "asyncio.run(main())")
    assert done.returncode == 1
    assert "NotReadyError: An asyncio loop runs here and Twisted's reactor does not" in done.stderr
