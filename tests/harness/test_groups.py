# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tests run on which reactor, and that one summary tells of both."""

import subprocess
import sys

import pytest

from .groups import ENVIRONMENT_VARIABLE, TESTS, Group, groupsOf

PLUGINS = ["groups", "relay", "checks"]


@pytest.mark.parametrize(
    ("path", "groups"),
    [
        ("aqlib/test_schedule.py", {Group.CORE}),
        ("mandelbrot_view/kernels/test_kernels.py", {Group.CORE}),
        ("mandelbrot_view/qt/test_canvas.py", {Group.QT}),
        ("aqgui/models/test_tasks.py", {Group.QT}),
        ("desktop", {Group.QT}),
        ("aqlib/contract/test_calls.py", {Group.CORE, Group.QT}),
        ("aqlib", {Group.CORE, Group.QT}),
        ("mandelbrot_view", {Group.CORE, Group.QT}),
        (".", {Group.CORE, Group.QT}),
    ],
)
def test_a_folder_says_in_which_group_its_tests_run(path, groups):
    assert groupsOf(TESTS / path) == groups


def test_the_core_group_cannot_import_qt():
    with pytest.raises(ImportError):
        import PyQt5.QtCore  # noqa: F401  # the import is the test


def test_the_core_group_has_the_default_reactor(reactor):
    assert "qt" not in type(reactor).__module__.lower()


# The groups go by this checkout's folders; in the tests below, the file's name stands for them.
GROUPS_BY_NAME = """
from tests.harness import groups, relay

def groupsOf(path):
    if path.suffix != ".py":
        return set(groups.Group)
    return {groups.Group.QT if "qt" in path.name else groups.Group.CORE}

groups.groupsOf = relay.groupsOf = groupsOf
"""


@pytest.fixture
def twoGroups(harness, pytester, monkeypatch):
    """twoGroups(code): a core group with that code, reported by a process that has a passing test of the qt group."""
    monkeypatch.delenv(ENVIRONMENT_VARIABLE)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    pytester.makepyfile(test_qt="def test_qt(): pass")

    def run(code, *arguments):
        pytester.makepyfile(test_core=code)
        return harness(*PLUGINS, arguments=arguments, conftest=GROUPS_BY_NAME)

    return run


def test_one_summary_counts_both_groups(twoGroups):
    result = twoGroups("def test_core(): pass")
    result.assert_outcomes(passed=2)
    assert result.ret == pytest.ExitCode.OK


def test_a_failure_in_the_core_group_fails_the_run_with_its_traceback(twoGroups):
    result = twoGroups("def test_core(): assert 1 == 2")
    result.assert_outcomes(passed=1, failed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["E*assert 1 == 2", "*This test ran in the core group*", "FAILED test_core.py*"])


def test_a_file_of_the_core_group_that_cannot_be_imported_fails_the_run(twoGroups):
    result = twoGroups("import nothing_of_this_name")
    assert result.ret != pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["*No module named 'nothing_of_this_name'", "ERROR test_core.py*"])


def test_a_crash_of_the_core_group_is_a_failure_that_names_the_test(twoGroups):
    result = twoGroups("import os\ndef test_core(): os.kill(os.getpid(), 9)")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*ended with status -9 during test_core.py::test_core*"])


def test_paths_choose_the_group(twoGroups):
    twoGroups("def test_core(): pass", "test_core.py").assert_outcomes(passed=1)
    twoGroups("def test_core(): pass", "test_qt.py").assert_outcomes(passed=1)
    twoGroups("def test_core(): pass", "test_qt.py", "test_core.py::test_core").assert_outcomes(passed=2)


def test_other_arguments_reach_both_groups(twoGroups):
    twoGroups("def test_core(): pass", "-k", "core").assert_outcomes(passed=1, deselected=1)


def test_a_linter_that_failed_before_fails_the_run(twoGroups):
    result = twoGroups("def test_core(): pass", "--failed-check=ruff")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["FAILED ./test: ruff*"])


def test_without_a_display_the_user_is_told_of_the_test_command():
    environment = {"PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "pytest", "tests/aqgui"]
    result = subprocess.run(command, cwd=TESTS.parent, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == pytest.ExitCode.USAGE_ERROR
    assert "use ./test" in result.stderr
