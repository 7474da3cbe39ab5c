# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects of multiprocessing as arguments: they work as with concurrent.futures, or are refused before they leave."""

import multiprocessing
import socket
from collections.abc import Callable
from contextlib import closing
from multiprocessing import resource_tracker, shared_memory
from typing import Any

import pytest

from aqlib import EncodingError, Resident

from .. import multiprocessingjobs as jobs
from ..faults.helpers import outcome

SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture(scope="module", autouse=True)
def tracker():
    """multiprocessing's tracker of resources is a process, one for this program, and so is no test's leftover."""
    resource_tracker.ensure_running()


@pytest.fixture
def manager():
    with SPAWN.Manager() as theManager:
        yield theManager


class Endpoint(Resident):
    def __init__(self, connection):
        self.connection = connection


def askResident(endpoint):
    return jobs.answer(endpoint.connection)


# --- connections and sockets


async def test_the_end_of_a_pipe_is_the_same_pipe_in_the_worker(makeQueue):
    ours, theirs = multiprocessing.Pipe()
    answered = makeQueue(1).call(jobs.answer, theirs)
    theirs.close()  # the call has an end of its own by now
    ours.send("hello")
    assert await answered == "answered"
    assert ours.recv() == "hello!"
    ours.close()


async def test_a_pipe_of_one_direction(makeQueue):
    reading, writing = multiprocessing.Pipe(duplex=False)
    writing.send([1, 2, 3])
    assert await makeQueue(1).call(jobs.receive, reading) == [1, 2, 3]
    reading.close()
    writing.close()


async def test_many_pipes_deep_in_an_argument_and_the_worker_s_own_link_stays_whole(makeQueue):
    queue = makeQueue(1)
    pipes = [multiprocessing.Pipe() for _ in range(30)]
    for number, (ours, _) in enumerate(pipes):
        ours.send(number)
    ends = [theirs for _, theirs in pipes]
    assert await queue.call(jobs.answerAll, {"x": ends[:10], "y": ends[10:]}) == 30
    assert [ours.recv() for ours, _ in pipes] == [
        *(("x", n, n) for n in range(10)), *(("y", n, n + 10) for n in range(20))
    ]  # fmt: skip
    assert await queue.call(jobs.ping) == "pong"
    for pipe in pipes:
        for end in pipe:
            end.close()


async def test_a_socket_is_passed(makeQueue):
    ours, theirs = socket.socketpair()
    with closing(ours), closing(theirs):
        ours.sendall(b"hello")
        assert await makeQueue(1).call(jobs.shout, theirs) == socket.AF_UNIX
        assert ours.recv(100) == b"HELLO"


async def test_a_connection_travels_in_a_resident_and_beside_a_function_by_value(makeQueue):
    queue = makeQueue(1)
    for form in ("resident", "by value"):
        ours, theirs = multiprocessing.Pipe()
        ours.send(form)
        if form == "resident":
            endpoint = Endpoint(theirs)
            await queue.call(askResident, endpoint)
        else:
            await queue.call(lambda end: [jobs.answer(end)], theirs)
        assert ours.recv() == f"{form}!"
        ours.close()
        theirs.close()


# --- managers


async def test_proxies_of_a_manager(makeQueue, manager):
    queue, values, lock = makeQueue(2), manager.dict(n=0), manager.Lock()
    results = [await queue.call(jobs.increment, values, lock, "n") for _ in range(5)]
    assert results == [1, 2, 3, 4, 5]
    assert values["n"] == 5


async def test_a_manager_that_was_started_after_the_workers(makeQueue):
    queue = makeQueue(1)
    assert await queue.call(jobs.ping) == "pong"
    with SPAWN.Manager() as manager:
        assert await queue.call(jobs.increment, manager.dict(n=41), manager.RLock(), "n") == 42


async def test_proxies_come_back_as_results_and_items_of_a_map(makeQueue, manager):
    queue, values = makeQueue(1), manager.list([1, 2])
    result = await queue.call(jobs.giveBack, values)
    result.append(3)
    assert list(values) == [1, 2, 3]
    items = [list(item) async for item in queue.map(jobs.giveBack, [values, values])]
    assert items == [[1, 2, 3]] * 2


# --- shared memory


async def test_shared_memory_outlives_the_worker_that_used_it(makeQueue):
    memory = shared_memory.SharedMemory(create=True, size=5000)
    try:
        queue = makeQueue(1)
        assert await queue.call(jobs.fill, memory, 7) >= 5000
        await queue.shutdown()
        assert memory.buf is not None
        assert bytes(memory.buf[:5000]) == b"\x07" * 5000
        again = shared_memory.SharedMemory(memory.name)
        again.close()
    finally:
        memory.close()
        memory.unlink()


async def test_a_shareable_list(makeQueue):
    shared: Any = shared_memory.ShareableList([1, "two"])
    try:
        assert await makeQueue(1).call(jobs.fillList, shared) == [1, "two"]
        assert shared[0] == 7
    finally:
        shared.shm.close()
        shared.shm.unlink()


# --- what cannot be passed

ONLY_INHERITED: dict[str, Callable[[], Any]] = {
    "Lock": SPAWN.Lock, "RLock": SPAWN.RLock, "Semaphore": SPAWN.Semaphore, "Event": SPAWN.Event, "Queue": SPAWN.Queue,
    "Condition": SPAWN.Condition, "Value": lambda: SPAWN.Value("i"), "Array": lambda: SPAWN.Array("d", 3),
}  # fmt: skip


@pytest.mark.parametrize("name", ONLY_INHERITED)
async def test_what_only_a_child_can_inherit_is_refused_before_it_leaves(makeQueue, name):
    queue, thing = makeQueue(1), ONLY_INHERITED[name]()
    error = await outcome(queue.call(jobs.giveBack, thing))
    assert type(error) is EncodingError
    assert "cannot be pickled, and so cannot go to a worker process" in str(error)
    assert "inheritance" in str(error)
    assert await queue.call(jobs.ping) == "pong"
    if name == "Queue":
        thing.close()
        thing.join_thread()


@pytest.mark.parametrize("job", [jobs.openPipe, jobs.openSocket])
async def test_an_open_connection_is_refused_as_a_result(makeQueue, job):
    queue = makeQueue(1)
    error = await outcome(queue.call(job))
    assert type(error) is EncodingError
    assert "could not be pickled" in str(error)
    assert await queue.call(jobs.ping) == "pong"


async def test_an_argument_that_is_given_back_is_refused_too(makeQueue):
    ours, theirs = multiprocessing.Pipe()
    with closing(ours), closing(theirs):
        error = await outcome(makeQueue(1).call(jobs.giveBack, theirs))
        assert "an open Connection cannot leave its worker; make both ends in the queue's process" in str(error)


# --- descriptors of calls that are not made, or made again


async def test_the_connection_of_a_cancelled_call_is_closed(makeQueue):
    queue = makeQueue(1)
    queue.pause()
    ours, theirs = multiprocessing.Pipe()
    task = queue.submit(jobs.answer, theirs)
    theirs.close()
    assert not ours.poll()
    cancelled = outcome(task.deferred)
    task.cancel()
    await cancelled
    assert ours.poll(10)
    with pytest.raises(EOFError):
        ours.recv()
    ours.close()


@pytest.mark.parametrize("unpicklable", [SPAWN.Lock, lambda: (n for n in range(3))], ids=["a lock", "a generator"])
async def test_the_connection_of_a_refused_call_is_closed(makeQueue, unpicklable):
    ours, theirs = multiprocessing.Pipe()
    with pytest.raises(EncodingError):
        await makeQueue(1).call(jobs.answerAll, [theirs, unpicklable()])
    theirs.close()
    assert ours.poll(10)
    with pytest.raises(EOFError):
        ours.recv()
    ours.close()


async def test_a_call_with_a_connection_is_not_made_again(makeQueue, capfd):
    ours, theirs = multiprocessing.Pipe()
    ours.send("hello")
    with pytest.raises(EncodingError, match="cannot be sent again: its connections and sockets"):
        await makeQueue(1).call(jobs.failWith, theirs, retries=3)
    assert capfd.readouterr().err == ""
    ours.close()
    theirs.close()
