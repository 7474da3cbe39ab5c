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
