# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests that wait for Deferreds: write them as `async def` and await, on whichever reactor this process has.

    async def test_a_call_gives_its_result(queue):
        assert await queue.call(add, 1, 2) == 3

A plain test or a fixture's end waits with the fixture `wait`: `wait(queue.shutdown())`.
"""

import inspect
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from .groups import Group, chosenGroup
from .loops import DefaultLoop, Loop

DEFAULT_TIMEOUT = 30.0

Wait = Callable[..., Any]


@pytest.fixture(scope="session")
def loop(request: pytest.FixtureRequest) -> Iterator[Loop]:
    """This process's reactor, running, as a Loop."""
    theLoop: Loop
    if chosenGroup(request.config) is Group.QT:
        request.getfixturevalue("qapp")
        from .qtloop import QtLoop

        theLoop = QtLoop()
    else:
        theLoop = DefaultLoop()
    yield theLoop
    theLoop.close()


@pytest.fixture(scope="session")
def reactor(loop: Loop) -> Any:
    """This process's reactor, running: Twisted's default one in the core group, the guarded one in the qt group."""
    return loop.reactor


@pytest.fixture(scope="session")
def wait(loop: Loop) -> Wait:
    """wait(deferred, timeout=30): run the reactor until the Deferred fires; give its result or raise its error."""

    def waitFor(deferred: "Deferred[Any]", timeout: float = DEFAULT_TIMEOUT) -> Any:
        __tracebackhide__ = True
        outcome: list[Any] = []

        def fired(result: Any) -> None:
            outcome.append(result)
            loop.quit()

        deferred.addBoth(fired)
        if not outcome:
            loop.run(timeout)
        if not outcome:
            pending = describePending(loop)
            deferred.cancel()
            pytest.fail(f"The Deferred did not fire within {timeout:g} s.\n{pending}", pytrace=False)
        if isinstance(outcome[0], Failure):
            assert outcome[0].value is not None
            raise outcome[0].value
        return outcome[0]

    return waitFor


def describePending(loop: Loop) -> str:
    """What the reactor still waits for, for a message."""
    calls = [f"  {call}" for call in loop.reactor.getDelayedCalls()]
    readers = [f"  {reader}" for reader in loop.reactor.getReaders()]
    return "\n".join(["Delayed calls:", *(calls or ["  none"]), "Descriptors being read:", *readers])


def pytest_itemcollected(item: pytest.Item) -> None:
    if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
        item.fixturenames.append("wait")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run an `async def` test until it has returned, for 30 s at most or as long as `pytest.mark.timeout` says."""
    __tracebackhide__ = True
    test: Callable[..., Coroutine[Any, Any, None]] = pyfuncitem.obj
    if not inspect.iscoroutinefunction(test):
        return None
    wait: Wait = pyfuncitem.funcargs["wait"]  # type: ignore[assignment]  # pytest knows fixtures as objects
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    marker = pyfuncitem.get_closest_marker("timeout")
    timeout = marker.args[0] if marker else DEFAULT_TIMEOUT
    wait(Deferred.fromCoroutine(test(**arguments)), timeout)
    return True
