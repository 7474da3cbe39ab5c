# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the core group in a process of its own, and report its tests as if they had run here.

So there is one summary and one exit status for both groups. The child writes its reports, a JSON object a line, to a
pipe; the parent hands them to its own hooks.
"""

import json
import os
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, TextIO

import pytest

from .groups import ENVIRONMENT_VARIABLE, Group, chosenGroup, groupsOf, groupsOfArguments, pathOf

DESCRIPTOR_VARIABLE = "AQGUI_TEST_RELAY"


class ReportSender:
    """The child's side: writes what happens to the pipe, and nothing to the terminal."""

    def __init__(self, config: pytest.Config, stream: TextIO) -> None:
        self.config = config
        self.stream = stream

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._send("collected", len(session.items))

    def pytest_runtest_logstart(self, nodeid: str, location: tuple[str, int | None, str]) -> None:
        self._send("start", [nodeid, location])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            report.sections.append(("Reactor", "This test ran in the core group: on Twisted's default reactor."))
        self._send("report", self._serialize(report))

    def pytest_runtest_logfinish(self, nodeid: str, location: tuple[str, int | None, str]) -> None:
        self._send("finish", [nodeid, location])

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._send("uncollected", self._serialize(report))

    def _serialize(self, report: pytest.TestReport | pytest.CollectReport) -> Any:
        return self.config.hook.pytest_report_to_serializable(config=self.config, report=report)

    def _send(self, kind: str, content: object) -> None:
        self.stream.write(json.dumps([kind, content]) + "\n")
        self.stream.flush()


class ReportReceiver:
    """The parent's side: starts the child and hands its reports to this session's hooks."""

    def __init__(self, session: pytest.Session) -> None:
        self.session = session
        self.config = session.config
        self.running: tuple[str, Any] | None = None
        self.hasFailed = False

    def run(self) -> None:
        reader, writer = os.pipe()
        environment = os.environ | {ENVIRONMENT_VARIABLE: Group.CORE, DESCRIPTOR_VARIABLE: str(writer)}
        command = [sys.executable, "-m", "pytest", *self._arguments()]
        folder = self.config.invocation_params.dir
        with os.fdopen(reader, encoding="utf-8") as stream, self._uncaptured():
            child = subprocess.Popen(command, env=environment, pass_fds=(writer,), cwd=folder)
            os.close(writer)
            with _ended(child):
                for line in stream:
                    self._receive(*json.loads(line))
        self._judge(child.returncode)

    def _arguments(self) -> list[str]:
        """This process's own arguments, without the paths that the core group has nothing to do with."""
        foreign = {
            path
            for path in self.config.option.file_or_dir or []
            if Group.CORE not in groupsOf(pathOf(path, self.config))
        }
        return [argument for argument in map(str, self.config.invocation_params.args) if argument not in foreign]

    def _uncaptured(self) -> AbstractContextManager[None]:
        capture = self.config.pluginmanager.get_plugin("capturemanager")
        return capture.global_and_fixture_disabled() if capture else nullcontext()

    def _receive(self, kind: str, content: Any) -> None:
        hook = self.config.hook
        match kind:
            case "collected":
                self.session.testscollected += content
            case "start":
                self.running = content
                hook.pytest_runtest_logstart(nodeid=content[0], location=content[1])
            case "report":
                hook.pytest_runtest_logreport(report=self._deserialize(content))
            case "finish":
                self.running = None
                hook.pytest_runtest_logfinish(nodeid=content[0], location=content[1])
            case "uncollected":
                hook.pytest_collectreport(report=self._deserialize(content))

    def _deserialize(self, content: Any) -> Any:
        report = self.config.hook.pytest_report_from_serializable(config=self.config, data=content)
        self.hasFailed |= report.failed
        return report

    def _judge(self, returncode: int) -> None:
        """An end that no test report accounts for is a failure of its own."""
        explained = returncode in (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED) and self.hasFailed
        fine = returncode in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
        if (fine or explained) and self.running is None:
            return
        nodeid, location = self.running or ("the core group", ("tests", None, "the core group"))
        during = f"during {nodeid}" if self.running else "outside of any test"
        report = pytest.TestReport(
            nodeid=nodeid,
            location=location,
            keywords={},
            outcome="failed",
            longrepr=f"The process of the core group ended with status {returncode} {during}.",
            when="call",
        )
        self.config.hook.pytest_runtest_logreport(report=report)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    if DESCRIPTOR_VARIABLE in os.environ and not config.option.collectonly:
        stream = os.fdopen(int(os.environ.pop(DESCRIPTOR_VARIABLE)), "w", encoding="utf-8")
        config.pluginmanager.register(ReportSender(config, stream), "report-sender")
        config.pluginmanager.unregister(name="terminalreporter")


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    finished = yield
    config = session.config
    coreIsAskedFor = Group.CORE in groupsOfArguments(config.option.file_or_dir or [], config)
    if coreIsAskedFor and chosenGroup(config) is Group.QT:
        ReportReceiver(session).run()
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
    return finished


@contextmanager
def _ended(child: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Wait for the child's end; end it when this process is interrupted."""
    try:
        yield
        child.wait()
    except BaseException:
        child.kill()
        child.wait()
        raise
