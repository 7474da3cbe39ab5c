# SPDX-License-Identifier: GPL-3.0-or-later
"""Workers run under the flags of the interpreter that started them."""

import os
import random
import site
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from aqlib.processes.interpreter import interpreterFlags

REPOSITORY = Path(__file__).parents[3]

PROGRAM = """
import sys
sys.path[:0] = {path!r}
from twisted.internet.task import react
from aqlib import ProcessQueue

def state():
    return [tuple(sys.flags), sys.warnoptions, sys._xoptions, getattr(sys, "isCustomized", False)]

async def main(reactor):
    queue = ProcessQueue(1)
    print(state() == await queue.call(state), state())
    await queue.shutdown()

if __name__ == "__main__":
    react(main)
"""

FLAGS = [
    [], ["-O"], ["-OO"], ["-B"], ["-E"], ["-I"], ["-P"], ["-s"], ["-S"], ["-b"], ["-W", "error"],
    ["-W", "ignore::DeprecationWarning", "-W", "error::ResourceWarning"], ["-X", "dev"], ["-X", "utf8=0"],
    ["-X", "faulthandler"], ["-X", "int_max_str_digits=5000"], ["-X", "no_debug_ranges", "-X", "my_own=3"],
    ["-I", "-S", "-OO", "-B", "-W", "error", "-X", "utf8"],
]  # fmt: skip


@pytest.fixture
def run(tmp_path):
    """Runs the program under flags, with a sitecustomize on PYTHONPATH."""
    (tmp_path / "on_pythonpath").mkdir()
    (tmp_path / "on_pythonpath" / "sitecustomize.py").write_text("import sys\nsys.isCustomized = True\n")
    # Under -S and -I the program has to find its packages by itself.
    path = [str(REPOSITORY), *site.getsitepackages()]
    (tmp_path / "program.py").write_text(PROGRAM.format(path=path))
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "on_pythonpath")}

    def run(flags):
        return subprocess.run(
            [sys.executable, *flags, "program.py"], cwd=tmp_path, env=environment, capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip

    return run


@pytest.mark.parametrize("flags", FLAGS, ids=" ".join)
def test_a_worker_has_its_parent_s_flags(run, flags):
    done = run(flags)
    assert (done.stdout.split()[:1], done.returncode) == (["True"], 0), done.stdout + done.stderr


@pytest.mark.parametrize(("flags", "isRun"), [([], True), (["-s"], True), (["-E"], False), (["-I"], False)], ids=str)
def test_a_sitecustomize_on_pythonpath_runs_in_a_worker_only_where_it_runs_in_the_parent(run, flags, isRun):
    done = run(flags)
    assert done.stdout.startswith("True ")
    assert done.stdout.rstrip().endswith(f"{isRun}]")


NAMES = [
    "bytes_warning", "debug", "dont_write_bytecode", "no_site", "optimize", "quiet", "verbose", "ignore_environment",
    "no_user_site", "safe_path", "isolated",
]  # fmt: skip


def test_any_mixture_of_flags_comes_out_as_it_went_in():
    chance = random.Random(20261201)
    for _ in range(20):
        # Those that print, and -v prints a lot, cost no more than that.
        wanted = {name: chance.randrange(2) for name in NAMES if name not in ("debug", "verbose", "quiet")}
        if wanted["isolated"]:
            wanted |= {"ignore_environment": 1, "no_user_site": 1, "safe_path": 1}
        flags = SimpleNamespace(**dict.fromkeys(NAMES, 0) | wanted)
        code = f"import sys; print(*(int(getattr(sys.flags, name)) for name in {list(wanted)}))"
        words = [sys.executable, *interpreterFlags(flags, [], {}), "-c", code]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
        assert [int(word) for word in done.stdout.split()] == list(wanted.values())
