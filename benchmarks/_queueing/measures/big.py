# SPDX-License-Identifier: GPL-3.0-or-later
"""10 MB there and back: bytes, and an array."""

import statistics
import time
from collections.abc import Mapping
from typing import Any

import numpy

from ...table import Row
from ..bare.process import at_pipes
from ..libraries.base import Blocking, Deferring
from ..measure import Measure
from ..outcome import Figures, Outcome, others, ours
from ..work import echo

SIZE = 10_000_000
TRIPS = 20
WARM = 3
BARE = "raw pipe"

ECHO = """
import sys
size = int(sys.argv[1])
reader, writer = open(0, "rb", buffering=0), open(1, "wb", buffering=0)
taken = memoryview(bytearray(size))
while True:
    count = 0
    while count < size:
        got = reader.readinto(taken[count:])
        if not got:
            sys.exit()
        count += got
    while count:
        count -= writer.write(taken[size - count:])
"""


class Big(Measure):
    """How many MB a second, both ways counted."""

    contestants = ("aqlib", "executor", "pool", "mpire", "loky", "pebble", "joblib", "asynqueue")

    def __init__(self) -> None:
        self.bare = {BARE: _bare}

    def blocking(self, library: type[Blocking], scale: float) -> Figures:
        """See Measure."""
        pool, figures = library(), {}
        for name, thing in _things().items():
            seconds = []
            for _ in range(WARM + max(int(TRIPS * scale), 1)):
                begin = time.perf_counter()
                back = pool.submit(echo, thing)()
                seconds.append(time.perf_counter() - begin)
            _check(thing, back)
            figures[name] = _speed(seconds)
        pool.close()
        return figures

    async def deferring(self, library: type[Deferring], scale: float) -> Figures:
        """See Measure."""
        queue, figures = library(), {}
        for name, thing in _things().items():
            seconds = []
            for _ in range(WARM + max(int(TRIPS * scale), 1)):
                begin = time.perf_counter()
                back = await queue.call(echo, thing)
                seconds.append(time.perf_counter() - begin)
            _check(thing, back)
            figures[name] = _speed(seconds)
        await queue.close()
        return figures

    def rows(self, found: Mapping[str, Outcome]) -> list[Row]:
        """See Measure."""
        rows = []
        for name, figure in (("bytes", "bytes"), ("an array", "array")):
            what = f"10 MB, {name}, there and back"
            rows += ours(what, figure, "MB/s", found, bar=">= 1.1", to=BARE)
            rows += others(what, figure, "MB/s", found)
        return rows


def _things() -> dict[str, Any]:
    return {"bytes": bytes(range(250)) * (SIZE // 250), "array": numpy.arange(SIZE // 8, dtype=float)}


def _check(sent: Any, back: Any) -> None:
    assert type(back) is type(sent)
    assert numpy.array_equal(back, sent) if isinstance(sent, numpy.ndarray) else back == sent


def _speed(seconds: list[float]) -> float:
    return 2 * SIZE / 1e6 / statistics.median(seconds[WARM:])


def _bare(scale: float) -> Figures:
    """Through two pipes to a process that reads all and writes it back, be it bytes or an array's."""
    data, seconds = bytes(SIZE), []
    with at_pipes(ECHO, SIZE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        taken = memoryview(bytearray(SIZE))
        for _ in range(WARM + max(int(TRIPS * scale), 1)):
            begin = time.perf_counter()
            _write(process.stdin, data)
            _read(process.stdout, taken)
            seconds.append(time.perf_counter() - begin)
        process.stdin.close()
    speed = _speed(seconds)
    return {"bytes": speed, "array": speed}


def _write(pipe: Any, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[pipe.write(left) :]


def _read(pipe: Any, taken: memoryview) -> None:
    count = 0
    while count < len(taken):
        got = pipe.readinto(taken[count:])
        if not got:
            raise EOFError("The other side has ended.")
        count += got
