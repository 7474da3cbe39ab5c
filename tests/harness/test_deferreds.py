# SPDX-License-Identifier: GPL-3.0-or-later
"""`async def` tests and the fixture `wait`."""

import pytest

PLUGINS = ["groups", "deferreds"]


@pytest.fixture
def outcome(harness, pytester):
    """outcome(code): the outcomes of the tests in that code, run by a pytest of their own."""

    def run(code):
        pytester.makepyfile(code)
        return harness(*PLUGINS)

    return run


def test_an_async_test_awaits_deferreds(outcome):
    result = outcome("""
        from twisted.internet.task import deferLater

        async def test_it(reactor):
            assert await deferLater(reactor, 0.001, lambda: 3) == 3
    """)
    result.assert_outcomes(passed=1)


def test_an_async_test_that_is_wrong_after_an_await_fails_with_its_own_assertion(outcome):
    result = outcome("""
        from twisted.internet.task import deferLater

        async def test_it(reactor):
            found = await deferLater(reactor, 0.001, lambda: 3)
            assert found == 4
    """)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([">       assert found == 4", "E       assert 3 == 4"])


def test_an_async_test_takes_fixtures_and_parameters(outcome):
    result = outcome("""
        import pytest
        from twisted.internet.defer import succeed

        @pytest.fixture
        def two():
            return 2

        @pytest.mark.parametrize("n", [1, 2])
        async def test_it(two, n):
            assert await succeed(n * two) == n + n
    """)
    result.assert_outcomes(passed=2)


def test_an_async_test_may_skip(outcome):
    result = outcome("""
        import pytest

        async def test_it():
            pytest.skip("not here")
    """)
    result.assert_outcomes(skipped=1)


def test_an_async_test_that_never_ends_fails_and_says_what_the_reactor_waits_for(outcome):
    result = outcome("""
        import pytest
        from twisted.internet.task import deferLater

        @pytest.mark.timeout(0.01)
        async def test_it(reactor):
            await deferLater(reactor, 1000, print)
    """)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["The Deferred did not fire within 0.01 s.", "*DelayedCall*Deferred.callback*"])


def test_wait_gives_the_result_and_raises_the_error(outcome):
    result = outcome("""
        import pytest
        from twisted.internet.defer import fail
        from twisted.internet.threads import deferToThreadPool

        def test_it(reactor, wait):
            assert wait(deferToThreadPool(reactor, reactor.getThreadPool(), max, 1, 2)) == 2
            with pytest.raises(ZeroDivisionError):
                wait(fail(ZeroDivisionError()))
    """)
    result.assert_outcomes(passed=1)


def test_the_reactor_runs_already_and_its_shutdown_triggers_fire_at_the_end(outcome, pytester):
    result = outcome("""
        def test_it(reactor):
            assert reactor.running
            reactor.addSystemEventTrigger("before", "shutdown", open("shut down", "x").close)
    """)
    result.assert_outcomes(passed=1)
    assert (pytester.path / "shut down").exists()
