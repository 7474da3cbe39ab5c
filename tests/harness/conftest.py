# SPDX-License-Identifier: GPL-3.0-or-later
"""A pytest of its own, with plugins of the harness, for tests of the harness."""

from collections.abc import Callable

import pytest

from .groups import ENVIRONMENT_VARIABLE, TESTS, Group


@pytest.fixture
def harness(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Callable[..., pytest.RunResult]:
    """harness(*plugins, arguments=(), conftest=""): run the test files in pytester's folder with these plugins."""
    monkeypatch.setenv("PYTHONPATH", str(TESTS.parent))
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, Group.CORE)
    pytester.makepyprojecttoml("""
        [tool.pytest.ini_options]
        markers = ["timeout(seconds)"]
    """)

    def run(*plugins: str, arguments: tuple[str, ...] = (), conftest: str = "") -> pytest.RunResult:
        names = [f"tests.harness.{plugin}" for plugin in plugins]
        pytester.makeconftest(f"{conftest}\npytest_plugins = {names}\n")
        return pytester.runpytest_subprocess(*arguments)

    return run
