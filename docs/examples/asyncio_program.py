# SPDX-License-Identifier: Apache-2.0
"""aqlib in an asyncio program: Twisted's reactor runs on asyncio's event loop, and Deferreds become futures.

python asyncio_program.py
"""

import asyncio
from collections.abc import Iterator
from typing import TypeVar

from twisted.internet import asyncioreactor
from twisted.internet.defer import Deferred
from twisted.internet.task import react

from aqlib import ProcessQueue

T = TypeVar("T")


def largest_factor(n: int) -> int:
    """The work: it runs in a worker process."""
    return max(d for d in range(1, n) if n % d == 0)


def countdown(n: int) -> Iterator[int]:
    """A generator: its items arrive while it runs."""
    yield from range(n, 0, -1)


def future(deferred: Deferred[T]) -> asyncio.Future[T]:
    """What asyncio can await."""
    return deferred.asFuture(asyncio.get_running_loop())


async def main() -> None:
    """An ordinary asyncio coroutine: gather, sleep, wait_for and your own tasks are all there."""
    queue = ProcessQueue(2)
    print(await asyncio.gather(*(future(queue.call(largest_factor, n)) for n in (1001, 1003, 1007))))

    print(await future(queue.map(largest_factor, range(10, 15)).toList()))

    for item in await future(queue.call(countdown, 3)):
        print(await future(item))

    try:
        await asyncio.wait_for(future(queue.call(largest_factor, 10**15)), timeout=0.2)
    except TimeoutError:  # the task is cancelled, and its worker is free again
        print("too slow")

    await future(queue.shutdown(cancel=True))


if __name__ == "__main__":
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    asyncioreactor.install(loop)  # before anything imports twisted.internet.reactor
    react(lambda reactor: Deferred.fromFuture(loop.create_task(main())))
