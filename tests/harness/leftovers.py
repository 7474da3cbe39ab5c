# SPDX-License-Identifier: GPL-3.0-or-later
"""A test that leaves something behind fails: a logged error, a Deferred whose failure nobody took, a delayed call, a
descriptor in the reactor, or a child process.

A test that provokes a logged error takes it: `[event] = loggedErrors.flush(ZeroDivisionError)`.
"""

import gc
import os
import select
from collections.abc import Iterable, Iterator
from time import perf_counter
from typing import Any

import psutil
import pytest
from twisted.logger import ILogObserver, LogEvent, LogLevel, formatEvent, globalLogPublisher
from zope.interface import implementer

from .loops import Loop

# Seconds that a collection may take after each test.
_LONG = 0.03
# Seconds that child processes may take to end after a test.
_CHILDREN_TIMEOUT_SECONDS = 5.0
_POLL_SECONDS = 0.01


@implementer(ILogObserver)
class LoggedErrors:
    """The events of level error and critical, and those with a failure, that were logged during a test."""

    def __init__(self) -> None:
        self.events: list[LogEvent] = []

    def __call__(self, event: LogEvent) -> None:
        if event.get("log_format") == "Unhandled error in Deferred:":
            return  # the headline of the next event, which has the failure
        if "log_failure" in event or event.get("log_level", LogLevel.info) >= LogLevel.error:
            self.events.append(event)

    def flush(self, *errors: type[BaseException]) -> list[LogEvent]:
        """Take those with a failure of one of these types, or all events when no type is given."""
        gc.collect()  # an unhandled failure in a Deferred is logged when the Deferred is collected
        taken = [event for event in self.events if not errors or _failsWith(event, errors)]
        self.events = [event for event in self.events if event not in taken]
        return taken


@pytest.fixture(autouse=True)
def loggedErrors(request: pytest.FixtureRequest) -> Iterator[LoggedErrors]:
    """What was logged as an error; whatever the test has not flushed fails it."""
    # Asked for here so that it outlives the test's own fixtures, whose ends may log errors and leave things, too.
    reactorState = _ReactorState(request)
    children = _children()
    errors = LoggedErrors()
    globalLogPublisher.addObserver(errors)
    yield errors
    # Children first: the end of one may close a descriptor in the reactor.
    complaints = [*reactorState.childrenLeft(children), *reactorState.leftovers()]
    begin = perf_counter()
    complaints += [f"logged: {_describe(event)}" for event in errors.flush()]
    if perf_counter() - begin > _LONG:
        # Something large has come to stay, such as a compiler.
        gc.freeze()
    globalLogPublisher.removeObserver(errors)
    if complaints:
        pytest.fail("The test left behind:\n" + "\n".join(complaints), pytrace=False)


def pytest_collection_finish() -> None:
    # What lives now lives to the end: the collection after each test need not look at it again.
    gc.collect()
    gc.freeze()


class _ReactorState:
    """The delayed calls and descriptors of the reactor before a test, if the test uses the reactor."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self.loop: Loop | None = request.getfixturevalue("loop") if "loop" in request.fixturenames else None
        self.calls = self._delayedCalls()
        self.descriptors = self._descriptors()

    def _delayedCalls(self) -> list[Any]:
        return list(self.loop.reactor.getDelayedCalls()) if self.loop else []

    def _descriptors(self) -> list[Any]:
        return [*self.loop.reactor.getReaders(), *self.loop.reactor.getWriters()] if self.loop else []

    def leftovers(self) -> Iterator[str]:
        """Remove what is new, with a line for each."""
        if self.loop is None:
            return
        self.loop.settle()
        for call in _new(self._delayedCalls(), self.calls):
            yield f"a delayed call: {call}"
            call.cancel()
        for descriptor in _new(self._descriptors(), self.descriptors):
            yield f"a descriptor in the reactor: {descriptor}"
            self.loop.reactor.removeReader(descriptor)
            self.loop.reactor.removeWriter(descriptor)

    def childrenLeft(self, before: list[psutil.Process]) -> Iterator[str]:
        """Wait for child processes that are ending, and kill the others, with a line for each of these."""
        deadline = perf_counter() + _CHILDREN_TIMEOUT_SECONDS
        # Whoever started a child reaps it: the reactor, in its next turns, or another thread.
        while _new(_children(), before) and perf_counter() < deadline:
            if self.loop is not None:
                self.loop.settle()
            select.select([], [], [], _POLL_SECONDS)
        for child in _new(_children(), before):
            yield f"a child process: {child}"
            child.kill()
            child.wait()


def _children() -> list[psutil.Process]:
    """The child processes of this one, those that ended and were not waited for included."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return []
    return psutil.Process().children()


def _new(now: Iterable[Any], before: list[Any]) -> list[Any]:
    return [thing for thing in now if not any(thing == other for other in before)]


def _failsWith(event: LogEvent, errors: tuple[type[BaseException], ...]) -> bool:
    return "log_failure" in event and event["log_failure"].check(*errors) is not None


def _describe(event: LogEvent) -> str:
    traceback = event["log_failure"].getTraceback() if "log_failure" in event else ""
    return f"{formatEvent(event) or 'unhandled error in a Deferred'}\n{traceback}".rstrip()
