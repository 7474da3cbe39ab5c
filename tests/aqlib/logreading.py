# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a web server's log with worker processes, as the README of AsynQueue did: what the test puts to use.

A line is a record, or it shows that its address is bad: a client that looks for holes. Of a bad address nothing else
counts in the same file.
"""

import gzip
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from twisted.internet.defer import Deferred, DeferredSemaphore
from twisted.internet.interfaces import IConsumer
from zope.interface import implementer

from aqlib import ProcessQueue, Resident

FILES_PER_WORKER = 2

LINE = re.compile(
    r'(?P<address>\S+) \S+ \S+ \[(?P<time>[^]]+)\] "(?P<method>\S+) (?P<path>\S+)[^"]*" (?P<status>\d+) (?P<size>\S+)'
)
BAD = re.compile(r"wp-login|phpmyadmin|\.php", re.IGNORECASE)

Record = tuple[datetime, dict[str, Any]]


class ProcessReader(Resident):
    """Lives in each worker process, and is itself what is called."""

    def __init__(self) -> None:
        self.ignored: set[str] = set()

    def ignoreIPs(self, addresses: set[str]) -> int:
        """Pass over the lines of these addresses from now on."""
        self.ignored.update(addresses)
        return len(self.ignored)

    def __call__(self, path: str) -> Iterator[str | Record]:
        """The bad addresses in a file, each once, and the records of the others."""
        bad: set[str] = set()
        with gzip.open(path, "rt") as file:
            for line in file:
                match = LINE.match(line)
                if match is None or match["address"] in self.ignored or match["address"] in bad:
                    continue
                if BAD.search(match["path"]):
                    bad.add(match["address"])
                    yield match["address"]
                else:
                    fields: dict[str, Any] = match.groupdict()
                    yield datetime.strptime(fields.pop("time"), "%d/%b/%Y:%H:%M:%S %z"), fields


@implementer(IConsumer)
class FileConsumer:
    """Takes what one file gives."""

    def __init__(self) -> None:
        self.bad: list[str] = []
        self.records: list[Record] = []
        self.producer: Any = None

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        self.producer = producer

    def unregisterProducer(self) -> None:
        self.producer = None

    def write(self, data: Any) -> None:
        if isinstance(data, str):
            self.bad.append(data)
        else:
            self.records.append(data)


class Reader:
    """Gives files to a queue, not more than some for each worker at a time."""

    def __init__(self, queue: ProcessQueue) -> None:
        self.queue = queue
        self.processReader = ProcessReader()
        self.mostAtOnce = 0
        self._atOnce = 0
        self._semaphore = DeferredSemaphore(FILES_PER_WORKER * len(queue))

    def ignoreIPs(self, addresses: set[str]) -> "Deferred[list[int]]":
        """Have every worker pass over these addresses from now on."""
        return self.queue.update(self.processReader.ignoreIPs, addresses)

    async def read(self, path: str) -> FileConsumer:
        """Read a file."""
        await self._semaphore.acquire()
        self._atOnce += 1
        self.mostAtOnce = max(self.mostAtOnce, self._atOnce)
        try:
            consumer: FileConsumer = await self.queue.call(self.processReader, path, consumer=FileConsumer())
        finally:
            self._atOnce -= 1
            self._semaphore.release()
        return consumer
