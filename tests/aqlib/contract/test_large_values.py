# SPDX-License-Identifier: GPL-3.0-or-later
"""Large arguments and results of process workers."""

import operator
import os
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy
import pytest

from aqlib import EncodingError, WorkerLost

from .. import jobs


def same(value: Any) -> Any:
    return value


def large(size: int) -> bytes:
    return bytes(size)


def failLargely(size: int) -> None:
    raise ValueError(bytes(size))


@contextmanager
def withoutDescriptors() -> Iterator[None]:
    """Let this process open no file."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    numbers = list(map(int, os.listdir("/proc/self/fd")))
    fillers = [os.dup(0) for _ in range(max(numbers) - len(numbers) + 2)]  # no gaps below the limit
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(map(int, os.listdir("/proc/self/fd"))) + 1, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        for filler in fillers:
            os.close(filler)


class TestLargeValues:
    """They lie in memory that the processes lend each other."""

    SIZE = 3_000_000

    async def test_they_come_and_go_whole(self, queue):
        for value in (bytes(range(256)) * 12_000, bytearray(self.SIZE), "ä" * self.SIZE, numpy.arange(400_000)):
            result = await queue.call(same, value)
            assert type(result) is type(value)
            assert len(result) == len(value)
            assert numpy.array_equal(result, value) if isinstance(value, numpy.ndarray) else result == value

    async def test_an_array_that_came_belongs_to_whoever_has_it(self, queue):
        array = numpy.zeros(400_000)
        first, second = await queue.call(same, array), await queue.call(same, array)
        first[:] = 1
        third = await queue.call(same, array)
        assert (array.sum(), first.sum(), second.sum(), third.sum()) == (0, len(first), 0, 0)

    async def test_however_many_are_kept_they_stay_as_they_were(self, queue):
        kept = [await queue.call(same, numpy.full(100_000, i)) for i in range(20)]
        assert [array[0] for array in kept] == [array[-1] for array in kept] == list(range(20))

    async def test_they_leave_no_descriptor_open(self, queue):
        await queue.call(same, numpy.zeros(400_000))
        before = len(os.listdir("/proc/self/fd"))
        for i in range(30):
            assert (await queue.call(same, numpy.full(400_000, i))).sum() == 400_000 * i
        assert len(os.listdir("/proc/self/fd")) <= before + 4

    async def test_what_a_dead_worker_had_lent_stays(self, queue):
        array = await queue.call(same, numpy.arange(400_000))
        with pytest.raises(WorkerLost):
            await queue.call(jobs.killSelf)
        assert (array == numpy.arange(400_000)).all()
        del array
        assert (await queue.call(same, numpy.arange(400_000)))[-1] == 399_999

    async def test_without_a_descriptor_for_it_the_task_fails_and_the_queue_goes_on(self, queue):
        await queue.call(operator.add, 1, 1)
        with withoutDescriptors(), pytest.raises(EncodingError, match=r"did not arrive.*[Tt]oo many open files"):
            await queue.call(large, self.SIZE)
        assert len(await queue.call(large, self.SIZE)) == self.SIZE

    async def test_and_so_does_the_error_of_an_update(self, queue):
        await queue.call(operator.add, 1, 1)
        with withoutDescriptors(), pytest.raises(EncodingError, match=r"did not arrive.*[Tt]oo many open files"):
            await queue.update(failLargely, self.SIZE)
        assert await queue.call(operator.add, 1, 1) == 2


def changing(count: int) -> Iterator[Any]:
    """One array, changed after each item, as tasks do that fill a buffer again and again."""
    array = numpy.zeros(1000)
    for i in range(count):
        array[:] = i
        yield array


def views(count: int) -> Iterator[Any]:
    """Arrays that are not contiguous, or in Fortran's order, or of objects."""
    for i in range(count):
        yield numpy.arange(100 * i, 100 * i + 100)[::2]
        yield numpy.asfortranarray(numpy.full((7, 9), i))
        yield numpy.array([i, "text"], dtype=object)


def kinds() -> list[Any]:
    """One array of each kind that is something special."""
    readOnly = numpy.arange(3)
    readOnly.flags.writeable = False
    return [
        numpy.array(1.5),
        numpy.zeros((0, 3)),
        numpy.arange(4, dtype=">i4"),
        numpy.array([(1, 2.5)], dtype=[("one", "i4"), ("two", "f8")]),
        numpy.array(["text"]),
        numpy.array(["2020-02-02"], dtype="M8[D]"),
        numpy.broadcast_to(numpy.float32(2), (3, 2)),
        numpy.ma.masked_array([1, 2, 3], mask=[False, True, False]),
        numpy.zeros(3).view(Tagged),
        numpy.array([(7,)], dtype=numpy.dtype((Point, [("x", "i4")]))),
        readOnly,
    ]


class Point(numpy.void):  # type: ignore[misc]  # numpy lets it
    """What a record of an array is."""


class Tagged(numpy.ndarray):
    """An array of a class of its own."""


def eachKind() -> Iterator[Any]:
    class Local(numpy.void):  # type: ignore[misc]
        """Cannot be imported."""

    yield 0
    yield from kinds()
    yield numpy.array([(8,)], dtype=numpy.dtype((Local, [("x", "i4")])))


class TestArraysOfAStream:
    async def test_each_is_as_it_was_when_it_was_given(self, queue):
        arrays = [array async for array in await queue.call(changing, 500)]
        assert [(array[0], array[-1]) for array in arrays] == [(i, i) for i in range(500)]

    async def test_each_may_be_changed_and_changes_no_other(self, queue):
        arrays = [array async for array in await queue.call(changing, 50)]
        for array in arrays:
            array += 1000
        assert [array[0] for array in arrays] == list(range(1000, 1050))

    async def test_all_kinds_keep_their_shapes_and_values(self, queue):
        arrays = [array async for array in await queue.call(views, 40)]
        assert len(arrays) == 120
        for i in range(40):
            strided, fortran, objects = arrays[3 * i : 3 * i + 3]
            assert (strided == numpy.arange(100 * i, 100 * i + 100)[::2]).all()
            assert fortran.shape == (7, 9)
            assert (fortran == i).all()
            assert list(objects) == [i, "text"]

    async def test_each_kind_arrives_as_what_it_was(self, queue):
        _, *arrays, local = [array async for array in await queue.call(eachKind)]
        assert [(type(array), array.dtype, array.shape) for array in arrays] == [
            (type(array), array.dtype, array.shape) for array in kinds()
        ]
        assert [array.tolist() for array in arrays] == [array.tolist() for array in kinds()]
        assert local.tolist() == [(8,)]


_kept: Any = None


def keep(array: Any) -> None:
    """Keep an array in this process."""
    global _kept
    _kept = array


def forkLooker(gate: str) -> int:
    """Fork a process that ends with 0 if, when a file is there, the array is still all ones."""
    global _kept
    forked = os.fork()
    if not forked:
        jobs.untilThere(gate)
        areOnes = bool((_kept == 1).all())
        _kept = None
        for thread in set(threading.enumerate()) - {threading.current_thread()}:
            thread.join()
        os._exit(0 if areOnes else 3)
    _kept = None
    return forked


def exitCode(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


async def test_what_lies_in_lent_memory_stays_as_it_was_in_a_process_that_a_task_has_forked(queue, tmp_path):
    gate = str(tmp_path / "gate")
    await queue.call(keep, numpy.ones(100_000))
    forked = await queue.call(forkLooker, gate)
    for _ in range(10):
        await queue.call(same, numpy.zeros(100_000))
    jobs.touch(gate)
    assert await queue.call(exitCode, forked) == 0
