# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/library.md: every example runs, and prints what stands beside it.

One with `if __name__ == "__main__":` is a program, and runs as such. The others stand inside an `async def`, where
`queue` is a ProcessQueue with two workers. What a `print` prints stands behind it, as a comment on its line.
"""

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from aqlib import ProcessQueue

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "library.md"
TEXT = GUIDE.read_text(encoding="utf-8")
ASYNCIO_PROGRAM = ROOT / "docs" / "examples" / "asyncio_program.py"


def examples():
    """The code of each, with empty lines before it, so that tracebacks name the lines of the guide."""
    for found in re.finditer(r"^```python\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE):
        line = TEXT.count("\n", 0, found.start(1))
        yield pytest.param("\n" * line + found[1], id=f"line {line + 1}")


def printed(code):
    """What the comments say."""
    return re.findall(r"print\(.*\)  # (.*)$", code, re.MULTILINE)


EXAMPLES = list(examples())
PROGRAMS = [example for example in EXAMPLES if "__main__" in example.values[0]]
PARTS = [example for example in EXAMPLES if example not in PROGRAMS]


def runProgram(path):
    command = [sys.executable, "-W", "error", path]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (result.stderr, result.returncode) == ("", 0)
    return result.stdout.splitlines()


@pytest.fixture
def queue(reactor, wait):
    queue = ProcessQueue(2, reactor=reactor)
    yield queue
    wait(queue.shutdown())


@pytest.mark.parametrize("code", PROGRAMS)
def test_a_program_prints_what_it_says(code, tmp_path):
    (tmp_path / "example.py").write_text(code)
    assert runProgram(tmp_path / "example.py") == printed(code)


@pytest.mark.parametrize("code", PARTS)
async def test_an_example_prints_what_it_says(code, queue, reactor, capsys):
    names = {"queue": queue, "reactor": reactor, "__name__": "example"}
    ran = eval(compile(code, GUIDE, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), names)
    if inspect.iscoroutine(ran):
        await ran
    assert capsys.readouterr().out.splitlines() == printed(code)


def test_every_example_shows_something():
    assert [example.id for example in EXAMPLES if not printed(example.values[0])] == []


def test_the_asyncio_program_runs():
    assert runProgram(ASYNCIO_PROGRAM) == ["[143, 59, 53]", "[5, 1, 6, 1, 7]", "3", "2", "1", "too slow"]


def test_what_the_guide_shows_of_it_is_in_it():
    [core, *_] = re.findall(r"Its core:\n\n((?:    .*\n)+)", TEXT)
    assert core in ASYNCIO_PROGRAM.read_text(encoding="utf-8")


def test_every_link_is_there():
    titles = re.findall(r"^## (.*)$", TEXT, re.MULTILINE)
    sections = {re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in titles}
    for target in re.findall(r"\]\((?!https?:)(.*?)\)", TEXT):
        assert target[1:] in sections if target.startswith("#") else (GUIDE.parent / target).exists()
