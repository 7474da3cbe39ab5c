# SPDX-License-Identifier: GPL-3.0-or-later
"""Items from the reactor's thread to a loop in another."""

import pytest
from twisted.python.failure import Failure

from aqlib import NotReadyError
from aqlib.handover import Handover

from .inthread import inThread
from .stoppingclock import StoppingClock


@pytest.fixture
def room():
    """When there was room again."""
    return []


@pytest.fixture
def handover(room):
    # Without a thread: what is there can be taken in the reactor's thread, too.
    return Handover(StoppingClock(), 4, lambda: room.append(True))


def give(handover, *items):
    return [handover.put(lambda item=item: item) for item in items]


def test_items_come_in_order_and_then_the_end(handover):
    give(handover, 1, 2, 3)
    handover.end()
    assert list(handover) == [1, 2, 3]
    assert list(handover) == []


def test_an_error_comes_after_the_items_and_once(handover):
    give(handover, 1)
    handover.end(Failure(ZeroDivisionError()))
    assert next(handover) == 1
    with pytest.raises(ZeroDivisionError):
        next(handover)
    assert list(handover) == []


def test_what_an_item_raises_is_raised_in_the_loop_which_may_go_on(handover):
    handover.put(lambda: 1 // 0)
    give(handover, 2)
    with pytest.raises(ZeroDivisionError):
        next(handover)
    assert next(handover) == 2


def test_to_abort_drops_what_was_put(handover):
    give(handover, 1, 2)
    handover.abort(Failure(KeyError()))
    with pytest.raises(KeyError):
        next(handover)
    assert list(handover) == []


def test_nothing_comes_after_the_end(handover):
    handover.end()
    handover.end(Failure(ZeroDivisionError()))
    give(handover, 1)
    assert list(handover) == []


def test_it_says_when_it_is_full_and_when_half_of_it_was_taken(handover, room):
    assert give(handover, 1, 2, 3, 4) == [True, True, True, False]
    next(handover)
    assert room == []
    next(handover)
    assert room == [True]
    next(handover)
    assert room == [True]


def test_a_loop_that_would_wait_in_the_reactors_thread_is_refused(handover, reactor):
    with pytest.raises(NotReadyError, match="another thread"):
        next(handover)


async def test_a_loop_waits_for_its_items(reactor):
    handover: Handover[int] = Handover(reactor)
    numbers = inThread(reactor, list, handover)
    for n in range(1000):
        give(handover, n)
        if n % 100 == 0:
            await inThread(reactor, int)  # let both threads have turns
    handover.end()
    assert await numbers == list(range(1000))


@pytest.mark.parametrize("end", ["end", "abort"])
async def test_the_end_wakes_a_loop_that_waits(reactor, end):
    handover: Handover[int] = Handover(reactor)
    waiting = inThread(reactor, next, handover)
    getattr(handover, end)(Failure(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        await waiting
