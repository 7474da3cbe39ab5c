# SPDX-License-Identifier: GPL-3.0-or-later
"""A test that leaves something behind fails, and the next one does not suffer."""

import pytest

PLUGINS = ["groups", "deferreds", "leftovers"]

LEAVES = {
    "a logged error": """
        from twisted.logger import Logger
        def test_it():
            Logger().error("the disk is full")
    """,
    "a logged failure": """
        from twisted.logger import Logger
        from twisted.python.failure import Failure
        def test_it():
            Logger().failure("the disk is full", Failure(OSError()))
    """,
    "an unhandled failure in a Deferred": """
        from twisted.internet.defer import fail
        def test_it():
            fail(OSError("the disk is full"))
    """,
    "an unhandled failure in a reference cycle": """
        from twisted.internet.defer import fail
        def test_it():
            d = fail(OSError("the disk is full"))
            d.itself = d
    """,
    "a delayed call": """
        def test_it(reactor):
            reactor.callLater(1000, print, "the disk is full")
    """,
    "a descriptor": """
        from twisted.internet.protocol import Factory
        def test_it(reactor):
            reactor.listenTCP(0, Factory(), interface="127.0.0.1")
    """,
    "a child process": """
        import subprocess, sys
        def test_it():
            global child
            child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    """,
}
NOTHING = """
        def test_that_leaves_nothing(reactor):
            assert not reactor.getDelayedCalls()
"""


@pytest.mark.parametrize("code", LEAVES.values(), ids=LEAVES)
def test_a_test_fails_that_leaves(code, harness, pytester):
    pytester.makepyfile(code + NOTHING)
    result = harness(*PLUGINS)
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*ERROR at teardown of test_it*", "The test left behind:*"])


def test_a_test_may_take_the_errors_that_it_provokes(harness, pytester):
    pytester.makepyfile("""
        from twisted.internet.defer import fail

        def test_it(loggedErrors):
            fail(OSError("the disk is full"))
            [event] = loggedErrors.flush(OSError)
            assert "the disk is full" in str(event["log_failure"].value)
    """)
    harness(*PLUGINS).assert_outcomes(passed=1)


def test_taking_errors_of_one_type_leaves_those_of_another(harness, pytester):
    pytester.makepyfile("""
        from twisted.internet.defer import fail

        def test_it(loggedErrors):
            fail(OSError("the disk is full"))
            assert loggedErrors.flush(ValueError) == []
    """)
    harness(*PLUGINS).assert_outcomes(passed=1, errors=1)


def test_the_end_of_a_fixture_may_not_leave_anything_either(harness, pytester):
    pytester.makepyfile("""
        import pytest
        from twisted.logger import Logger

        @pytest.fixture
        def queue():
            yield
            Logger().error("the disk is full")

        def test_it(queue):
            pass
    """)
    harness(*PLUGINS).assert_outcomes(passed=1, errors=1)


def test_a_child_process_may_end_shortly_after_the_test(harness, pytester):
    pytester.makepyfile("""
        import subprocess, sys
        from threading import Timer

        def test_it():
            child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
            Timer(0.3, child.communicate, [b"now"]).start()
    """)
    harness(*PLUGINS).assert_outcomes(passed=1)
