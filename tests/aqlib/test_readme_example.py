# SPDX-License-Identifier: GPL-3.0-or-later
"""The log-reading example of AsynQueue's README, on a real log where there is one, and checked against a plain loop."""

import gzip
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from twisted.internet.defer import Deferred, gatherResults

from .logreading import BAD, FILES_PER_WORKER, LINE, FileConsumer, Reader

REAL_LOG = Path(__file__).parents[3] / "shared" / "data" / "access.log.gz"
FILES = 16


def writtenLines() -> list[str]:
    """Lines as a web server writes them, where there is no real log."""
    chance = random.Random(7)
    return [
        f"10.0.{chance.randrange(3)}.{chance.randrange(40)} - - "
        f"[{1 + i // 800:02d}/May/2015:{chance.randrange(24):02d}:05:03 +0000] "
        f'"GET /{chance.choice(["", "blog", "wp-login.php", "style.css", "images/a.png"])} HTTP/1.1" 200 {i} "-" "-"\n'
        for i in range(8000)
    ]


@pytest.fixture(scope="module")
def lines() -> list[str]:
    if not REAL_LOG.exists():
        return writtenLines()
    with gzip.open(REAL_LOG, "rt") as file:
        return file.readlines()


@pytest.fixture
def files(lines, tmp_path) -> list[str]:
    """The log in several files."""
    paths = []
    size = -(-len(lines) // FILES)
    for i in range(FILES):
        path = tmp_path / f"access.log.{i}.gz"
        with gzip.open(path, "wt", compresslevel=1) as file:
            file.writelines(lines[i * size : (i + 1) * size])
        paths.append(str(path))
    return paths


def plainLoop(paths: Sequence[str], ignored: frozenset[str] = frozenset()) -> list[tuple[list[str], int]]:
    """For each file its bad addresses and the number of its records."""
    counts = []
    for path in paths:
        bad: list[str] = []
        records = 0
        with gzip.open(path, "rt") as file:
            for line in file:
                found = LINE.match(line)
                if found and found["address"] not in ignored and found["address"] not in bad:
                    if BAD.search(found["path"]):
                        bad.append(found["address"])
                    else:
                        records += 1
        counts.append((bad, records))
    return counts


def counted(consumers: Sequence[FileConsumer]) -> list[tuple[list[str], int]]:
    return [(consumer.bad, len(consumer.records)) for consumer in consumers]


async def readAll(reader: Reader, paths: Sequence[str]) -> list[FileConsumer]:
    return await gatherResults([Deferred.fromCoroutine(reader.read(path)) for path in paths])


async def test_the_counts_are_those_of_a_plain_loop(makeQueue, files):
    reader = Reader(makeQueue(3))
    consumers = await readAll(reader, files)
    assert counted(consumers) == plainLoop(files)
    assert sum(len(consumer.records) for consumer in consumers) > 4000
    assert any(consumer.bad for consumer in consumers)
    assert reader.mostAtOnce == 3 * FILES_PER_WORKER


async def test_records_are_times_and_fields(makeQueue, files, lines):
    reader = Reader(makeQueue(3))
    consumer = await reader.read(files[0])
    time, fields = consumer.records[0]
    first = LINE.match(lines[0])
    assert first is not None
    assert time.strftime("%d/%b/%Y:%H:%M:%S %z") == first["time"]
    assert fields == {key: first[key] for key in ("address", "method", "path", "status", "size")}
    assert consumer.producer is None


async def test_an_update_changes_what_later_calls_return_on_every_worker(makeQueue, files):
    reader = Reader(makeQueue(3))
    before = await readAll(reader, files)
    bad = {address for consumer in before for address in consumer.bad}
    assert await reader.ignoreIPs(bad) == [len(bad)] * 3
    after = await readAll(reader, files)
    assert counted(after) == plainLoop(files, frozenset(bad))
    assert not any(consumer.bad for consumer in after)
    assert reader.processReader.ignored == set()


async def test_a_worker_that_is_replaced_ignores_them_too(makeQueue, files):
    reader = Reader(makeQueue(1))
    [(bad, _)] = plainLoop(files[:1])
    ignored = {*bad, "83.149.9.216"}
    await reader.ignoreIPs(ignored)
    reader.queue.killWorker(1)
    assert counted([await reader.read(files[0])]) == plainLoop(files[:1], frozenset(ignored))


async def test_a_log_that_is_written_here_does_as_well(makeQueue, tmp_path):
    path = str(tmp_path / "access.log.gz")
    with gzip.open(path, "wt") as file:
        file.writelines(writtenLines())
    assert counted([await Reader(makeQueue(3)).read(path)]) == plainLoop([path])
