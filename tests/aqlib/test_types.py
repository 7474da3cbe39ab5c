# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user's type checker says: of an installed aqlib, with no settings of ours and no plugin."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import aqlib

PROGRAM = """
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import assert_type

from twisted.internet.defer import Deferred

from aqlib import Deferator, ListConsumer, MapDeferator, ProcessQueue, Task, WorkerLost


def half(n: int, text: str = "") -> float:
    return n / 2

def upTo(n: int) -> Iterator[int]:
    yield from range(n)

def sumOf(a: int, b: int, c: int, d: int) -> int:
    return a + b + c + d

async def later(text: str) -> str:
    return text

def fired(n: int) -> Deferred[bytes]:
    return Deferred()

class Words(ListConsumer):
    pass

queue = ProcessQueue(2)
background = queue.using(niceness=10, timeout=3.5, series="any", name="a name")

background = queue.using(
    after=[background.submit(half, 3)], afterAny=True, notBefore=timedelta(seconds=1), retries=2, backoff=0.5,
    retryOn=(OSError, WorkerLost), softTimeout=1.5, timeout=3,
)

# A plain function, a generator, a coroutine function, one that gives a Deferred.
assert_type(background.call(half, 3), Deferred[float])
assert_type(background.call(half, 3, text="x"), Deferred[float])
assert_type(background.call(upTo, 3), Deferred[Deferator[int]])
assert_type(background.call(later, "x"), Deferred[str])
assert_type(background.call(fired, 3), Deferred[bytes])
assert_type(background.submit(half, 3), Task)

# A consumer.
assert_type(queue.using(consumer=Words(), niceness=1).call(upTo, 3), Deferred[Words])
assert_type(queue.using(consumer=None).call(upTo, 3), Deferred[Deferator[int]])

# A map.
assert_type(queue.map(half, [1, 2]), MapDeferator[float])
assert_type(queue.map(half, [1, 2]).toList(), Deferred[list[float]])
assert_type(queue.map(half, [1, 2], "ab", niceness=3, chunksize=10, ordered=False), MapDeferator[float])
assert_type(queue.map(sumOf, [1], [2], [3], [4]), MapDeferator[int])
assert_type(queue.map(later, ["x"]), MapDeferator[str])
assert_type(queue.map(fired, [3]), MapDeferator[bytes])

async def take() -> None:
    async for number in queue.map(half, range(3)):
        assert_type(number, float)
    for waiting in await background.call(upTo, 3):
        assert_type(await waiting, int)
"""

WRONG = [
    "background.call(half, 'three')",
    "background.call(half, 3, other=1)",
    "queue.using(colour='red')",
    "queue.map(half, 'ab')",
    "queue.map(half, [1], [2])",
    "queue.map(half, [1], colour='red')",
    "queue.map(half, [1], notBefore=3)",
    "queue.using(after=[1])",
]
LAST_RIGHT = PROGRAM.count("\n")


@pytest.fixture(scope="module")
def errors(tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    """What mypy says of the program, and of the wrong lines behind it, by line."""
    folder = tmp_path_factory.mktemp("types")
    (folder / "program.py").write_text(PROGRAM + "\n".join(WRONG) + "\n")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "program.py"]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout
    return {int(line): text for line, text in re.findall(r"^program\.py:(\d+): error: (.*)$", said, re.MULTILINE)}


@pytest.mark.parametrize("number", range(len(WRONG)), ids=WRONG)
def test_what_does_not_fit_is_an_error(errors, number):
    assert LAST_RIGHT + 1 + number in errors


def test_all_else_has_the_types_that_it_says(errors):
    assert {line: error for line, error in errors.items() if line <= LAST_RIGHT} == {}


def test_the_package_says_that_it_has_types():
    assert (Path(aqlib.__file__).parent / "py.typed").exists()
