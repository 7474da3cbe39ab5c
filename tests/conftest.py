# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings for all tests; the work is done by the plugins in tests/harness."""

from pathlib import Path

import hypothesis
import pytest

# On a busy machine any example may take long.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

pytest_plugins = [
    "pytester",
    "tests.harness.groups",
    "tests.harness.relay",
    "tests.harness.checks",
    "tests.harness.deferreds",
    "tests.harness.leftovers",
    "tests.harness.kernels",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the tests that take long, too")
    parser.addoption(
        "--locations", type=Path, metavar="FILE", help="JSON of places to be held against direct iteration, too"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--slow"):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]
