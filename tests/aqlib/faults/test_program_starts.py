# SPDX-License-Identifier: GPL-3.0-or-later
"""All ways to start Python: the functions and classes of the main module work as tasks, arguments and results."""

import os
import subprocess
import sys
import zipapp
from collections.abc import Callable
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]

DEFINITIONS = """
from twisted.internet.task import react
from aqlib import ProcessQueue

class Point:
    def __init__(self, x):
        self.x = x

def double(point):
    return Point(2 * point.x)

def count(n):
    yield from map(Point, range(n))

async def main(reactor):
    queue = ProcessQueue(1)
    doubled = await queue.call(double, Point(21))
    items = [point async for point in await queue.call(count, 3)]
    result = [type(doubled) is Point, doubled.x, *(type(item) is Point for item in items)]
    with open("result", "w") as file:
        print(*result, file=file)
    await queue.shutdown()

"""
GUARDED_START = 'if __name__ == "__main__":\n    react(main)\n'
# Where nothing imports the main module again, and where the end of the program would end more than it.
CAUGHT_START = "try:\n    react(main)\nexcept SystemExit as exit:\n    assert not exit.code\n\n"
RESULT = "True 42 True True True\n"

Command = tuple[list[str], str]


def script(folder: Path) -> Command:
    (folder / "program.py").write_text(DEFINITIONS + GUARDED_START)
    return ["program.py"], ""


def module(folder: Path) -> Command:
    script(folder)
    return ["-m", "program"], ""


def package(folder: Path) -> Command:
    (folder / "package").mkdir()
    (folder / "package" / "__init__.py").touch()
    (folder / "package" / "__main__.py").write_text(DEFINITIONS + GUARDED_START)
    return ["-m", "package"], ""


def directory(folder: Path) -> Command:
    (folder / "program").mkdir()
    (folder / "program" / "__main__.py").write_text(DEFINITIONS + GUARDED_START)
    return ["program"], ""


def directoryWithModules(folder: Path) -> Command:
    (folder / "program").mkdir()
    (folder / "program" / "definitions.py").write_text(DEFINITIONS)
    (folder / "program" / "__main__.py").write_text("from definitions import *\n" + GUARDED_START)
    return ["program"], ""


def zipFile(folder: Path) -> Command:
    directory(folder)
    zipapp.create_archive(folder / "program", folder / "program.pyz")
    return ["program.pyz"], ""


def argument(_: Path) -> Command:
    return ["-c", DEFINITIONS + GUARDED_START], ""


def standardInput(_: Path) -> Command:
    return ["-"], DEFINITIONS + GUARDED_START


def interactive(_: Path) -> Command:
    return ["-i", "-q"], _typed(DEFINITIONS + CAUGHT_START)


def iPython(_: Path) -> Command:
    words = ["-m", "IPython", "--no-banner", "--simple-prompt", "--no-confirm-exit", "--colors=NoColor"]
    return words, _typed(DEFINITIONS + CAUGHT_START)


def iPythonScript(folder: Path) -> Command:
    (folder / "program.py").write_text(DEFINITIONS + 'if __name__ == "__main__":\n    ' + _indented(CAUGHT_START))
    return ["-m", "IPython", "--no-banner", "--colors=NoColor", "program.py"], ""


def pytestRun(folder: Path) -> Command:
    (folder / "test_program.py").write_text(DEFINITIONS + "def test_it():\n    " + _indented(CAUGHT_START))
    return ["-m", "pytest", "-q", "-p", "no:cacheprovider", "test_program.py"], ""


def pytestXdist(folder: Path) -> Command:
    words, _ = pytestRun(folder)
    return [*words, "-n", "1"], ""


def coverage(folder: Path) -> Command:
    script(folder)
    return ["-m", "coverage", "run", "program.py"], ""


def coverageModule(folder: Path) -> Command:
    package(folder)
    return ["-m", "coverage", "run", "-m", "package"], ""


def embedded(folder: Path) -> Command:
    """A program that embeds Python knows no interpreter, and names one as it has to for multiprocessing."""
    script(folder)
    start = (
        "import sys, multiprocessing, runpy; python = sys.executable; sys.executable = ''; "
        "multiprocessing.set_executable(python); runpy.run_path('program.py', run_name='__main__')"
    )
    return ["-c", start], ""


STARTS = [
    script, module, package, directory, directoryWithModules, zipFile, argument, standardInput, interactive, iPython,
    iPythonScript, pytestRun, pytestXdist, coverage, coverageModule, embedded,
]  # fmt: skip


def _indented(code: str) -> str:
    return code.replace("\n", "\n    ")


def _typed(code: str) -> str:
    """Code as it is typed at a prompt, where an empty line ends a definition."""
    lines = code.splitlines()
    typed = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        isInside = not line and following.startswith(" ")
        if not isInside:
            typed.append(line)
    return "\n".join(typed) + "\n"


def run(folder: Path, words: list[str], stdin: str = "") -> "subprocess.CompletedProcess[str]":
    """Run a Python program in a folder, far from the tests' own settings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST", "AQ"))}
    environment |= {"PYTHONPATH": str(REPOSITORY), "IPYTHONDIR": str(folder / "ipython"), "COVERAGE_FILE": "coverage"}
    return subprocess.run(
        [sys.executable, *words], cwd=folder, input=stdin, capture_output=True, text=True, timeout=60, check=False,
        env=environment,
    )  # fmt: skip


@pytest.mark.parametrize("start", STARTS, ids=lambda start: start.__name__)
def test_functions_and_classes_of_the_main_module_work(tmp_path, start: Callable[[Path], Command]):
    done = run(tmp_path, *start(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "result").read_text() == RESULT


def test_a_program_that_embeds_python_is_told_how_to_name_an_interpreter(tmp_path):
    (tmp_path / "program.py").write_text("import sys\nsys.executable = ''\n" + DEFINITIONS + GUARDED_START)
    # multiprocessing reads sys.executable when it is imported.
    done = run(tmp_path, ["program.py"])
    assert "Name it by multiprocessing.set_executable(path)." in done.stderr


def test_a_module_in_the_working_directory_does_not_stand_in_for_one_of_python_s(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "program.py").write_text(DEFINITIONS + GUARDED_START)
    for name in ("signal", "socket", "struct", "pickle"):
        (tmp_path / f"{name}.py").write_text("raise SystemError('This is another module.')\n")
    done = run(tmp_path, ["elsewhere/program.py"])
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "result").read_text() == RESULT


# --- hints for what cannot work

UNGUARDED = DEFINITIONS + "react(main)\n"
UNDER_GUARD = DEFINITIONS.replace("double, Point", "hidden, Point") + (
    'if __name__ == "__main__":\n    def hidden(point):\n        return point\n    react(main)\n'
)


def test_a_start_without_a_guard_is_told_where_it_belongs(tmp_path):
    (tmp_path / "program.py").write_text(UNGUARDED)
    done = run(tmp_path, ["program.py"])
    assert done.returncode == 1
    assert "The main module ended with SystemExit(1) when a worker process imported it" in done.stderr
    assert "What starts the program, such as react(main), belongs under `if __name__ == '__main__':`." in done.stderr


def test_a_function_defined_under_the_guard_is_told_where_it_belongs(tmp_path):
    (tmp_path / "program.py").write_text(UNDER_GUARD)
    done = run(tmp_path, ["program.py"])
    assert done.returncode == 1
    assert "The main module has no 'hidden' when a worker process imports it." in done.stderr
    assert "Define it at the top level of the module, not under `if __name__ == '__main__':`." in done.stderr
