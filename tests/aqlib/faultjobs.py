# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker processes come to grief here in every way, and at every step of a call."""

import ctypes
import logging
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aqlib

from .jobs import forEver, touch, untilThere


class CannotTravel(Exception):
    """An error that no pickle can hold."""

    def __init__(self) -> None:
        super().__init__(threading.Lock())


def perish(way: str) -> None:
    """Come to grief in one of the ways of the crash matrix."""
    if way == "SIGKILL":
        os.kill(os.getpid(), signal.SIGKILL)
    elif way == "SIGSEGV":
        ctypes.string_at(0)
    elif way.startswith("os._exit"):
        os._exit(int(way[-2]))
    elif way == "sys.exit":
        sys.exit(3)
    elif way == "MemoryError":
        raise MemoryError("so much is not there")
    elif way == "unpicklable":
        raise CannotTravel


def perishWhen(n: int, at: int, way: str) -> int:
    """A short function, for which one number is too much."""
    if n == at:
        perish(way)
    return n


def perishAfter(n: int, way: str) -> Iterator[object]:
    """So many numbers, and then no more."""
    yield from range(n)
    if way == "unpicklable":
        yield threading.Lock()
    perish(way)


def perishInAnswer(way: str) -> object:
    """Come to grief at once, or by a result that cannot be pickled."""
    if way == "unpicklable":
        return threading.Lock()
    perish(way)
    return None


def perishOnce(path: str, turn: int, way: str) -> object:
    """Come to grief at the n-th call of all processes, and at no other."""
    touch(path)
    return perishInAnswer(way) if len(Path(path).read_text()) == turn else None


class PerishesWhenUnpickled:
    """Comes to grief in any process but the one that made it."""

    def __init__(self, way: str) -> None:
        self.way = way

    def __reduce__(self) -> Any:
        return (_perishElsewhere, (self.way, os.getpid()))


def _perishElsewhere(way: str, maker: int) -> None:
    if os.getpid() != maker:
        perish(way)


class PerishesWhenPickled:
    """Comes to grief on its way back."""

    def __init__(self, way: str) -> None:
        self.way = way

    def __reduce__(self) -> Any:
        perish(self.way)
        raise AssertionError(f"{self.way} did no harm")


def givePerishing(way: str) -> PerishesWhenPickled:
    return PerishesWhenPickled(way)


class PerishesWhenDeleted:
    """Comes to grief when nobody wants it any more, in any process but the one that made it."""

    def __init__(self, way: str) -> None:
        self.way = way
        self.maker = os.getpid()

    def __del__(self) -> None:
        _perishElsewhere(self.way, self.maker)


def nested(depth: int) -> list[Any]:
    """A list in a list in a list."""
    outer: list[Any] = []
    for _ in range(depth):
        outer = [outer]
    return outer


def nest(depth: int) -> int:
    """Have this called in a queue of this process's own, and so on; gives how deep it went."""
    if not depth:
        return 0
    from twisted.internet import reactor as installed

    from aqlib import ProcessQueue

    reactor: Any = installed
    queue = ProcessQueue(1)
    outcomes: list[Any] = []
    queue.call(nest, depth - 1).addBoth(outcomes.append)
    queue.shutdown().addBoth(lambda _: reactor.stop())
    reactor.run(installSignalHandlers=False)
    if isinstance(outcomes[0], int):
        return 1 + outcomes[0]
    raise outcomes[0].value


class QuitsElsewhere:
    """Wants to end any process but the one that made it."""

    def __reduce__(self) -> Any:
        return (_perishElsewhere, ("sys.exit", os.getpid()))


def breakingItems(what: type) -> Iterator[object]:
    """Some items, one of which cannot be unpickled elsewhere."""
    yield from range(3)
    yield what()
    yield from range(1_000_000)


class Quitter(Exception):
    """Wants to end the process wherever one looks at it."""

    def __reduce__(self) -> Any:
        return (sys.exit, (3,))

    def __repr__(self) -> str:
        sys.exit(3)

    __str__ = __repr__


def raiseQuitter() -> None:
    raise Quitter


def megabytes() -> Iterator[bytes]:
    """Large items without end."""
    while True:
        yield bytes(1_000_000)


def leaveFlood(folder: str, writers: int) -> None:
    """Die, and leave processes behind, in sessions of their own, that write on as fast as they can."""
    flood = "import os, sys; open(sys.argv[1], 'w').close()\nwhile True: os.write(1, b'x' * 65536)"
    begun = [f"{folder}/begun{i}" for i in range(writers)]
    for path in begun:
        subprocess.Popen([sys.executable, "-c", flood, path], start_new_session=True)
    for path in begun:
        untilThere(path)
    os._exit(7)


def _speakMuch(lines: int) -> None:
    for i in range(lines):
        sys.stdout.write(f"line {i} of a fork\n")
    logging.getLogger("forked").warning("a log line of a fork")
    aqlib.progress(1, 2)


def forkThree(lines: int) -> list[int | None]:
    """Have three processes forked that print; gives their exit codes."""
    context = multiprocessing.get_context("fork")
    forks = [context.Process(target=_speakMuch, args=(lines,)) for _ in range(3)]
    for fork in forks:
        fork.start()
    for fork in forks:
        fork.join()
    return [fork.exitcode for fork in forks]


def tellPIDAndRun(path: str) -> None:
    """Write this process's number into a file, and run until ended from outside."""
    Path(f"{path}.new").write_text(str(os.getpid()))
    os.rename(f"{path}.new", path)
    forEver()


def setDescriptors(number: int) -> int:
    """Let this process have no descriptor of this number or a higher one any more; gives what it was before."""
    before, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (number, most))
    return before


def forkAndReturnTwice() -> bool:
    """Whether this is the process that was called; the other one returns, too."""
    return os.fork() != 0
