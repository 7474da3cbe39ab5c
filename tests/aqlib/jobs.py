# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests have worker processes do."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aqlib


def add(x: float, y: float) -> float:
    return x + y


def fail(text: str) -> None:
    raise ValueError(text)


def pid() -> int:
    return os.getpid()


def niceness() -> int:
    return os.nice(0)


def modules() -> list[str]:
    return sorted(sys.modules)


def touch(path: str) -> None:
    """Say that this has run."""
    with open(path, "a") as file:
        file.write("x")


def isThere(path: str) -> bool:
    return Path(path).exists()


def untilThere(path: str) -> str:
    """Block until a file is there, or this process is ended."""
    while not Path(path).exists():
        time.sleep(0.001)
    return path


def beginThenWait(begun: str, gate: str) -> str:
    """Say that this has begun, and run until a file is there."""
    touch(begun)
    return untilThere(gate)


def forEver(begun: str | None = None) -> None:
    """Run until ended from outside."""
    if begun is not None:
        touch(begun)
    while True:
        time.sleep(0.01)


def untilCancelled(begun: str, ended: str) -> None:
    """Run until asked to end."""
    touch(begun)
    while not aqlib.cancelled():
        time.sleep(0.001)
    touch(ended)


def holdTheGIL(begun: str) -> None:
    """Run C code for ever that never lets another thread run."""
    touch(begun)
    ctypes.PyDLL(None).pause()


def ignoreSigterm(begun: str) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    forEver(begun)


def killSelf(number: int = signal.SIGKILL) -> None:
    os.kill(os.getpid(), number)


def segfault() -> None:
    ctypes.string_at(0)


def exitAtOnce(code: int) -> None:
    os._exit(code)


def exitPolitely(code: int) -> None:
    sys.exit(code)


def interrupt() -> None:
    raise KeyboardInterrupt


def leaveGrandchild(seconds: float) -> int:
    """Die, and leave a process behind that holds all that this one has open."""
    grandchild = subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({seconds})"], close_fds=False)
    print(grandchild.pid, flush=True)
    os._exit(7)


class OddError(Exception):
    """Cannot be rebuilt from its args."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


def raiseOdd() -> None:
    raise OddError(1, 2)


def giveLock() -> Any:
    return threading.Lock()


class BreaksWhenUnpickled:
    def __init__(self, code: int | None = None) -> None:
        self.code = code

    def __reduce__(self) -> Any:
        return (_break, (self.code, os.getpid()))


def _break(code: int | None, maker: int) -> None:
    if code is not None and os.getpid() != maker:
        os._exit(code)
    raise ValueError("this cannot be unpickled")


def call(f: Callable[..., Any], *args: Any) -> Any:
    return f(*args)


def giveBack(x: Any) -> Any:
    return x


def count(n: int, closed: str | None = None) -> Iterator[int]:
    try:
        yield from range(n)
    finally:
        if closed is not None:
            touch(closed)


def naturals(closed: str | None = None) -> Iterator[int]:
    """Numbers without end."""
    n = 0
    try:
        while True:
            yield n
            n += 1
    finally:
        if closed is not None:
            touch(closed)


def giveAndHang(begun: str, count: int = 1) -> Iterator[int]:
    """A stream of so many items, which never gets to the next."""
    yield from range(count)
    forEver(begun)


def countThen(n: int, what: str, *args: Any) -> Iterator[int]:
    """Yield n numbers, then call another function of this module."""
    yield from range(n)
    globals()[what](*args)


def waitForEach(begun: str, *paths: str) -> Iterator[str]:
    """One item; say that this has begun to make the next one; and give the path of each file when that is there."""
    yield begun
    touch(begun)
    for path in paths:
        yield untilThere(path)


def slowNumbers(begun: str) -> Iterator[int]:
    """One number, and the next never comes."""
    yield 0
    forEver(begun)


def lists(n: int) -> Iterator[list[int]]:
    """The same list again and again, changed each time."""
    same: list[int] = []
    for i in range(n):
        same.append(i)
        yield same


def speak(text: str) -> None:
    """Write the same text in all ways."""
    print(f"print {text}")
    sys.stderr.write(f"stderr {text}\n")
    logging.getLogger("jobs").warning("log %s", text)
    os.write(1, f"descriptor {text}\n".encode())


def flood(characters: int) -> None:
    print("x" * characters, end="")


def report(n: int) -> None:
    for i in range(n):
        aqlib.progress(i + 1, n, f"step {i + 1}")


_state: dict[str, Any] = {}


def put(key: str, value: Any) -> int:
    """Change this process."""
    _state[key] = value
    return os.getpid()


def append(key: str, value: Any) -> None:
    _state.setdefault(key, []).append(value)


def get(key: str) -> Any:
    return _state.get(key)


def countedFailure(path: str, failFrom: int) -> None:
    """Fail from the n-th call on, over all processes."""
    touch(path)
    if len(Path(path).read_text()) >= failFrom:
        raise RuntimeError("the kernel cannot be imported here")


class Counter(aqlib.Resident):
    """Keeps a number."""

    def __init__(self, start: int) -> None:
        self.n = start
        self.ballast = bytes(100_000)

    def __call__(self) -> int:
        return self.n

    def add(self, m: int) -> int:
        self.n += m
        return self.n


def stdinIsEmpty() -> bool:
    return sys.stdin.read() == ""


def forEverUnless(gate: str, begun: str | None = None) -> str:
    """Run until a file is there, and ended from outside at best."""
    if begun is not None:
        touch(begun)
    while not Path(gate).exists():
        time.sleep(0.01)
    return gate


class BrokenResident(aqlib.Resident):
    """Cannot be rebuilt in a worker."""

    def __reduce__(self) -> Any:
        return (_break, (None, os.getpid()))


class Unlike:
    """Cannot be compared, as arrays cannot."""

    def __eq__(self, other: object) -> bool:
        raise ValueError("ambiguous")

    __hash__ = None  # type: ignore[assignment]


def failWith(*args: Any) -> None:
    raise KeyError(*args)


class Prefixed(Exception):
    """Makes its own text of what it gets, and another one when it gets that."""

    def __init__(self, text: str) -> None:
        super().__init__(f"prefixed {text}")


def failPrefixed() -> None:
    raise Prefixed("once")


def printLines(n: int, threads: int) -> None:
    """Print from several threads at once."""

    def lines() -> None:
        for i in range(n):
            print(i)

    writers = [threading.Thread(target=lines) for _ in range(threads)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()


def sleepFor(seconds: float) -> int:
    """Say which process has slept."""
    if seconds:
        time.sleep(seconds)
    return os.getpid()


def slowPid(_: object) -> int:
    return sleepFor(0.005)


def giveOdd(one: int) -> None:
    raise OddError(one, one + 1)


def exitUnless(code: int) -> int:
    """End this process unless the code is 0."""
    if code:
        os._exit(code)
    return code


def untilAsked() -> str:
    """End by itself when it is asked to."""
    while not aqlib.cancelled():
        time.sleep(0.002)
    return "was asked"


def itemsUntilAsked() -> Iterator[str]:
    while not aqlib.cancelled():
        yield "was not asked"
    yield "was asked"


def onceFailing(mark: str, way: str, data: bytes) -> int:
    """The first call ends badly: 'raise', 'die' or 'hang'. Later ones give the length of the data."""
    if not Path(mark).exists():
        touch(mark)
        if way == "raise":
            raise OSError("the first one")
        if way == "die":
            killSelf()
        time.sleep(1000)
    return len(data)


def itemsOnceFailing(mark: str, n: int) -> Iterator[int]:
    onceFailing(mark, "die", b"")
    yield from range(n)


def waitUntilCancelled() -> None:
    """A call that ends when nobody wants it."""
    while not aqlib.cancelled():
        time.sleep(0.01)


def countRestAndExit(n: int, code: int) -> Iterator[int]:
    """Numbers, a rest in which all of them leave, and the end of the process."""
    yield from range(n)
    time.sleep(0.2)
    os._exit(code)


def slowThenExit(n: int) -> Iterator[int]:
    """Numbers that take a while each, and the end of the process right after the last."""
    for number in range(n):
        time.sleep(0.001)
        yield number
    os._exit(5)
