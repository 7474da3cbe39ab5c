# SPDX-License-Identifier: GPL-3.0-or-later
"""What the workers do. Every call first notes its number in a journal, which tells at the end how often each one ran.

A write of a few bytes to a file that was opened to append is one piece, whoever else writes, and it outlives the
process that made it.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import aqlib

ENTRY = 8
# The items of streams: the number of the call and the place in the stream, in one number.
SPAN = 1_000_000

_journals: dict[str, int] = {}
_version = 0


def setVersion(version: int) -> int:
    """An update: later calls in this process tell this version."""
    global _version
    _version = version
    return version


def call(journal: str, number: int, deed: str, amount: float) -> tuple[int, int, Any]:
    """Do a deed. Returns the number, the version of this process, and what the deed gave."""
    _note(journal, number)
    return number, _version, DEEDS[deed](amount)


def stream(journal: str, number: int, count: int, deed: str, at: int, size: int) -> Iterator[Any]:
    """So many items, each with so many bytes besides if any, and a deed before the one at `at`."""
    _note(journal, number)
    for i in range(count):
        if i == at:
            DEEDS[deed](0.01)
        yield (number * SPAN + i, bytes(size)) if size else number * SPAN + i


def mapped(journal: str, first: int, place: int, deed: str) -> int:
    """One call of a map, whose calls have the numbers from `first` on. Returns what a stream would give there."""
    _note(journal, first + place)
    DEEDS[deed](0.001)
    return first * SPAN + place


def _note(journal: str, number: int) -> None:
    if journal not in _journals:
        _journals[journal] = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    os.write(_journals[journal], number.to_bytes(ENTRY, "little"))


def _fail(_: float) -> None:
    raise ValueError("on purpose")


def _lackMemory(_: float) -> None:
    raise MemoryError("on purpose")


def _spin(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not aqlib.cancelled():
        aqlib.progress(time.monotonic(), end)


def _talk(_: float) -> None:
    for i in range(20):
        print("line", i)


def _signal(number: int) -> Callable[[float], None]:
    def send(_: float) -> None:
        os.kill(os.getpid(), number)

    return send


DEEDS: dict[str, Callable[[float], Any]] = {
    "nothing": lambda _: None,
    "sleep": time.sleep,
    "spin": _spin,
    "talk": _talk,
    "big": lambda amount: bytes(int(amount * 1e7)),
    "fail": _fail,
    "lack memory": _lackMemory,
    "leave": lambda _: sys.exit(3),
    "give a frame": lambda _: sys._getframe(),
    "exit": lambda _: os._exit(0),
    "exit 7": lambda _: os._exit(7),
    "kill": _signal(signal.SIGKILL),
    "crash": _signal(signal.SIGSEGV),
    "stop": _signal(signal.SIGSTOP),
}
HARMLESS = ("nothing", "sleep", "spin", "talk", "big")
FAILING = ("fail", "lack memory", "leave", "give a frame")
DEADLY = ("exit", "exit 7", "kill", "crash")
# It ends by its time-out, a cancel or a kill alone.
HANGING = "stop"
