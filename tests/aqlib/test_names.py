# SPDX-License-Identifier: GPL-3.0-or-later
"""`from aqlib import ...` gives every public name, and `import aqlib` costs next to nothing."""

import subprocess
import sys

import pytest

import aqlib


@pytest.mark.parametrize("name", aqlib.__all__)
def test_every_public_name_is_there_and_says_what_it_is_for(name):
    assert getattr(aqlib, name).__doc__


def test_dir_lists_them():
    assert dir(aqlib) == sorted(aqlib.__all__)


def test_what_is_not_there_is_an_AttributeError():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        aqlib.nothing  # noqa: B018  # looking is the test


def test_what_a_task_needs_imports_neither_twisted_nor_the_queue():
    code = "import sys; from aqlib import cancelled, progress, Resident, TaskError; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert "aqlib.context" in modules
    assert [name for name in modules if name.startswith(("twisted", "zope", "aqlib.queue", "aqlib.task"))] == []


def test_a_queue_of_processes_needs_neither_qt_nor_numpy(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\n"
        "for name in ('PyQt5', 'numpy', 'numba', 'psutil', 'PIL'):\n"
        "    sys.modules[name] = None\n"
        "from aqlib import *\n"
        "from twisted.internet.task import react\n"
        "def add(reactor):\n"
        "    queue = ProcessQueue(1, reactor=reactor)\n"
        "    done = queue.call(lambda x, y: x + y, 1, 2).addCallback(print)\n"
        "    return done.addCallback(lambda _: queue.shutdown())\n"
        "if __name__ == '__main__':\n"
        "    react(add)\n"
    )
    done = subprocess.run([sys.executable, script], check=False, capture_output=True, text=True, timeout=30)
    assert (done.stdout, done.stderr) == ("3\n", "")
