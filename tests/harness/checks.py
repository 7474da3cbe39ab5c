# SPDX-License-Identifier: GPL-3.0-or-later
"""`--failed-check NAME`: a check that ./test ran before pytest and that failed is counted as a failed test here, so
that pytest's summary and exit status speak for the whole of ./test.
"""

from collections.abc import Generator

import pytest

from .groups import isMainProcess


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--failed-check",
        action="append",
        default=[],
        metavar="NAME",
        help="count this check, which failed before, as a failed test",
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    finished = yield
    if isMainProcess():
        for name in session.config.getoption("--failed-check"):
            session.config.hook.pytest_runtest_logreport(report=_failure(name))
    return finished


def _failure(name: str) -> pytest.TestReport:
    return pytest.TestReport(
        nodeid=f"./test: {name}",
        location=("./test", None, name),
        keywords={},
        outcome="failed",
        longrepr=f"{name} found faults; its output stands above, before pytest's.",
        when="call",
    )
