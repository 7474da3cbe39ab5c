# SPDX-License-Identifier: GPL-3.0-or-later
"""A stream of arrays of 10 kB from one worker."""

import time
from collections.abc import Mapping
from socket import MSG_WAITALL
from typing import Any

import numpy

from ...table import Row
from ..bare.process import at_socket
from ..libraries.base import Deferring
from ..measure import Measure
from ..outcome import Figures, Outcome, others, ours
from ..taker import Taker
from ..work import arrays

COUNT = 20_000
# AsynQueue takes longer, and is measured by fewer.
FEWER = 10
LENGTH = 1250
BARE = "raw reader"

ARRAYS = """
import sys
import numpy
count, length = map(int, sys.argv[1:])
for i in range(count):
    array = numpy.full(length, float(i))
    channel.sendmsg([array.nbytes.to_bytes(4, "little"), array])
"""


class Arrays(Measure):
    """How many arrays a second reach a consumer."""

    contestants = ("aqlib", "asynqueue")

    def __init__(self) -> None:
        self.bare = {BARE: _bare}

    async def deferring(self, library: type[Deferring], scale: float) -> Figures:
        """See Measure."""
        queue = library()
        count = int(COUNT * scale) // (1 if hasattr(queue, "queue") else FEWER)
        await queue.stream(Taker(), arrays, 10, LENGTH)
        taker = Taker()
        begin = time.perf_counter()
        await queue.stream(taker, arrays, count, LENGTH)
        seconds = time.perf_counter() - begin
        await queue.close()
        assert taker.count == count
        assert numpy.array_equal(taker.last, numpy.full(LENGTH, float(count - 1)))
        return {"rate": count / seconds}

    def rows(self, found: Mapping[str, Outcome]) -> list[Row]:
        """See Measure."""
        what = "stream of 10 kB arrays"
        return [
            *ours(what, "rate", "1/s", found, bar=">= 0.8", to=BARE, note="one worker"),
            *others(what, "rate", "1/s", found),
        ]


def _bare(scale: float) -> Figures:
    """Each array's length and bytes from a socket, into a new array. The start is not counted."""
    count = int(COUNT * scale)
    header = memoryview(bytearray(4))
    with at_socket(ARRAYS, count, LENGTH) as channel:
        for i in range(count):
            channel.recv_into(header, 4, MSG_WAITALL)
            if i == 0:
                begin = time.perf_counter()
            array: Any = numpy.empty(int.from_bytes(header, "little") // 8)
            channel.recv_into(array, array.nbytes, MSG_WAITALL)
        seconds = time.perf_counter() - begin
    assert array[-1] == count - 1
    return {"rate": count / seconds}
