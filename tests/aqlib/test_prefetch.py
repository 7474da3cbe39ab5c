# SPDX-License-Identifier: GPL-3.0-or-later
"""Items with a word on whether there is another."""

import pytest
from twisted.internet.defer import CancelledError, Deferred, succeed

from aqlib import Deferator, NotReadyError, Prefetcherator
from aqlib.testing import outcomeOf

NOTHING = [(None, False, False)]


@pytest.fixture
def prefetcher():
    return Prefetcherator("mine")


@pytest.fixture
def closed():
    return []


@pytest.fixture
def numbers(closed):
    """numbers(n): a generator of so many; it says when it is closed early."""

    def generate(n):
        try:
            yield from range(n)
        except GeneratorExit:
            closed.append(True)

    return generate


@pytest.fixture
def coming():
    """Deferreds that `ask` has given."""
    return []


@pytest.fixture
def ask(coming):
    def give():
        coming.append(Deferred())
        return coming[-1]

    return give


def failing(n):
    yield from range(n)
    raise ZeroDivisionError


def allOf(prefetcher):
    """All outcomes of getNext until nothing is left."""
    outcomes = []
    while prefetcher.isBusy():
        outcomes += outcomeOf(prefetcher.getNext())
    return outcomes


class TestSetup:
    def test_it_tells_whether_there_is_a_first_item(self, prefetcher):
        assert outcomeOf(prefetcher.setup(iter([]))) == [False]
        assert not prefetcher.isBusy()
        assert outcomeOf(prefetcher.setup(iter([1]))) == [True]
        assert prefetcher.isBusy()

    def test_one_iteration_at_a_time(self, prefetcher):
        prefetcher.setup(iter([1]))
        assert outcomeOf(prefetcher.setup(iter([2])))[0].check(NotReadyError)
        assert allOf(prefetcher) == [(1, True, False)]

    def test_one_after_the_other(self, prefetcher):
        for n in (1, 2):
            prefetcher.setup(iter([n]))
            assert allOf(prefetcher) == [(n, True, False)]

    def test_a_callable_is_called_for_each_item(self, prefetcher):
        items = [3, 2, 1]

        def pop(least, most):
            if not items:
                raise StopIteration
            return min(most, max(least, items.pop()))

        assert outcomeOf(prefetcher.setup(pop, 2, most=9)) == [True]
        assert allOf(prefetcher) == [(2, True, True), (2, True, True), (3, True, False)]

    @pytest.mark.parametrize("thing", [3, [1, 2], "text"])
    def test_anything_else_is_an_errback(self, prefetcher, thing):
        assert outcomeOf(prefetcher.setup(thing))[0].check(TypeError)
        assert not prefetcher.isBusy()

    def test_an_error_instead_of_the_first_item_is_the_errback(self, prefetcher):
        assert outcomeOf(prefetcher.setup(failing(0)))[0].check(ZeroDivisionError)
        assert not prefetcher.isBusy()

    def test_what_it_is_called_is_shown(self, prefetcher):
        assert repr(prefetcher) == "<Prefetcherator 'mine', idle>"
        prefetcher.setup(iter([1]))
        assert repr(prefetcher) == "<Prefetcherator 'mine', busy>"
        assert prefetcher.ID == "mine"


class TestGetNext:
    def test_each_item_says_whether_there_is_another(self, prefetcher):
        prefetcher.setup(iter("abc"))
        assert allOf(prefetcher) == [("a", True, True), ("b", True, True), ("c", True, False)]

    def test_there_is_nothing_before_and_after(self, prefetcher):
        assert outcomeOf(prefetcher.getNext()) == NOTHING
        prefetcher.setup(iter([1]))
        allOf(prefetcher)
        assert outcomeOf(prefetcher.getNext()) == NOTHING

    def test_it_stays_one_ahead_and_no_more(self, prefetcher):
        made: list[int] = []

        def make():
            made.append(len(made))
            return made[-1]

        prefetcher.setup(make)
        assert made == [0]
        prefetcher.getNext()
        assert made == [0, 1]

    def test_an_error_comes_after_all_items_before_it_and_is_the_end(self, prefetcher):
        prefetcher.setup(failing(1))
        first, second = allOf(prefetcher)
        assert first == (0, True, True)
        assert second.check(ZeroDivisionError)
        assert outcomeOf(prefetcher.getNext()) == NOTHING

    def test_items_that_are_none_are_items(self, prefetcher):
        prefetcher.setup(iter([None, None]))
        assert allOf(prefetcher) == [(None, True, True), (None, True, False)]

    def test_deferred_items_are_waited_for(self, prefetcher, ask, coming):
        setup = outcomeOf(prefetcher.setup(ask))
        assert setup == []
        coming[0].callback("a")
        item = outcomeOf(prefetcher.getNext())
        assert (setup, item) == ([True], [])
        coming[1].callback("b")
        assert item == [("a", True, True)]

    @pytest.mark.parametrize("end", [StopIteration, StopAsyncIteration])
    def test_a_deferred_may_say_that_it_is_the_end(self, prefetcher, ask, coming, end):
        prefetcher.setup(ask)
        coming[0].callback("a")
        item = outcomeOf(prefetcher.getNext())
        coming[1].errback(end())
        assert item == [("a", True, False)]

    def test_a_deferator_is_an_iterator_of_deferred_items(self, prefetcher):
        prefetcher.setup(Deferator([1, 2]))
        assert allOf(prefetcher) == [(1, True, True), (2, True, False)]

    def test_a_coroutine_may_make_the_items(self, prefetcher):
        items = [2, 1]

        async def pop():
            await succeed(None)
            if items:
                return items.pop()
            raise StopAsyncIteration

        prefetcher.setup(pop)
        assert allOf(prefetcher) == [(1, True, True), (2, True, False)]

    def test_the_next_before_the_last_has_come_is_not_ready(self, prefetcher, ask, coming):
        prefetcher.setup(ask)
        assert outcomeOf(prefetcher.getNext())[0].check(NotReadyError)
        coming[0].callback("a")
        item = outcomeOf(prefetcher.getNext())
        assert outcomeOf(prefetcher.getNext())[0].check(NotReadyError)
        coming[1].callback("b")
        assert item == [("a", True, True)]


class TestStop:
    def test_it_closes_the_iterator(self, prefetcher, numbers, closed):
        prefetcher.setup(numbers(3))
        prefetcher.stop()
        prefetcher.stop()
        assert closed == [True]
        assert not prefetcher.isBusy()
        assert outcomeOf(prefetcher.getNext()) == NOTHING

    def test_whoever_waits_is_told_that_there_is_nothing(self, prefetcher, ask, coming):
        setup = outcomeOf(prefetcher.setup(ask))
        prefetcher.stop()
        assert setup == [False]
        prefetcher.setup(ask)
        coming[1].callback("a")
        item = outcomeOf(prefetcher.getNext())
        prefetcher.stop()
        assert item == NOTHING

    def test_what_is_on_its_way_is_cancelled_and_does_not_reach_the_next_iteration(self, prefetcher, ask, coming):
        prefetcher.setup(ask)
        prefetcher.stop()
        assert coming[0].called
        prefetcher.setup(iter("x"))
        assert allOf(prefetcher) == [("x", True, False)]

    @pytest.mark.parametrize("isFirst", [True, False])
    def test_to_cancel_what_it_gave_is_to_stop(self, prefetcher, ask, coming, isFirst):
        waiting = prefetcher.setup(ask)
        if not isFirst:
            coming[0].callback("a")
            waiting = prefetcher.getNext()
        outcome = outcomeOf(waiting)
        waiting.cancel()
        assert outcome[0].check(CancelledError)
        assert not prefetcher.isBusy()

    def test_an_iterator_may_stop_it_itself(self, prefetcher, closed):
        def stopping():
            try:
                yield 1
                prefetcher.stop()
                yield 2
            finally:
                closed.append(True)

        iterator = stopping()
        prefetcher.setup(iterator)
        assert outcomeOf(prefetcher.getNext()) == NOTHING
        assert closed == [True]

    def test_a_deferator_is_stopped_too(self, prefetcher, numbers, closed):
        deferator = Deferator(numbers(3))
        prefetcher.setup(deferator)
        prefetcher.stop()
        assert closed == [True]
        assert outcomeOf(deferator.d) == [False]

    def test_a_deferator_that_fails_is_told_of_once(self, prefetcher):
        prefetcher.setup(Deferator(failing(1)))
        prefetcher.getNext()
        assert outcomeOf(prefetcher.getNext())[0].check(ZeroDivisionError)
        prefetcher.stop()

    def test_an_error_in_closing_is_logged(self, prefetcher, loggedErrors):
        def clinging():
            try:
                yield 1
            finally:
                raise ZeroDivisionError

        prefetcher.setup(clinging())
        prefetcher.stop()
        assert len(loggedErrors.flush(ZeroDivisionError)) == 1
