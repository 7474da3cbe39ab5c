# SPDX-License-Identifier: GPL-3.0-or-later
"""A Source: items on their way to one taker."""

import pytest
from twisted.python.failure import Failure

from aqlib.source import Source


class Ends:
    """Both ends of a source, and what each was told."""

    def __init__(self):
        self.taken: list[int] = []
        self.stops = 0
        self.told = 0
        self.source = Source(self.taken.append, self.stopped)

    def stopped(self):
        self.stops += 1

    def listen(self):
        self.source.listen(self.arrived)

    def arrived(self):
        self.told += 1


@pytest.fixture
def ends():
    return Ends()


def test_items_come_in_order_and_their_taking_is_told(ends):
    ends.source.feed([1, 2, 3])
    assert [ends.source.take() for _ in range(3)] == [1, 2, 3]
    assert ends.taken == [1, 1, 1]
    with pytest.raises(IndexError):
        ends.source.take()


def test_items_that_are_taken_together_are_told_together(ends):
    ends.source.feed([1, 2, 3])
    assert list(ends.source.takeAll()) == [1, 2, 3]
    assert ends.taken == [3]


def test_a_taker_that_pauses_among_them_has_taken_those_before(ends):
    ends.source.feed([1, 2, 3])
    items = ends.source.takeAll()
    assert next(items) == 1
    items.close()
    assert ends.taken == [1]
    assert len(ends.source) == 2


def test_who_listens_is_told_of_what_was_there_before(ends):
    ends.source.feed([1])
    ends.listen()
    ends.source.feed([2])
    ends.source.finish(None)
    assert ends.told == 3


def test_what_comes_after_the_end_is_dropped(ends):
    ends.source.finish(None)
    ends.source.feed([1])
    assert len(ends.source) == 0


def test_the_first_end_counts(ends):
    failure = Failure(ZeroDivisionError())
    ends.source.finish(failure)
    ends.source.finish(None)
    assert ends.source.failure is failure


def test_drained_is_told_when_the_last_item_has_been_taken(ends):
    drained = []
    ends.source.feed([1])
    ends.source.finish(None, lambda: drained.append(True))
    assert drained == []
    ends.source.take()
    assert drained == [True]


def test_a_taker_that_stops_is_heard_once_and_gets_nothing_more(ends):
    ends.source.feed([1])
    ends.source.stop()
    ends.source.stop()
    assert (ends.stops, len(ends.source)) == (1, 0)


def test_stopping_after_the_end_is_no_news(ends):
    ends.source.finish(None)
    ends.source.stop()
    assert ends.stops == 0


def test_a_stream_that_is_abandoned_drops_what_was_not_taken(ends):
    ends.source.feed([1, 2])
    ends.source.abandon(Failure(ZeroDivisionError()))
    assert len(ends.source) == 0
    assert ends.source.hasEnded
