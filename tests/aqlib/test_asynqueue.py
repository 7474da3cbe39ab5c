# SPDX-License-Identifier: GPL-3.0-or-later
"""What AsynQueue's users rely on, beyond the names: forms of calls, arguments and protocols."""

from typing import Any

import pytest
from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import IConsumer
from twisted.internet.task import Clock
from zope.interface import implementer

from aqlib import (
    Deferator,
    DeferredLock,
    DeferredTracker,
    OrderedItemProducer,
    Prefetcherator,
    ProcessQueue,
    ProcessWorker,
    QueueRunError,
    TaskQueue,
    isIterator,
)  # fmt: skip

from . import jobs


def countdown(n):
    """A function as a Deferator takes it: gives (value, isValid, moreLeft), n - 1 down to 0."""
    left = list(range(n))

    def getMore(step):
        if not left:
            return None, False, False
        return left.pop() * step, True, bool(left)

    return getMore


def taken(deferator):
    """All items of a Deferator whose items come at once, and the error that ended it, if one did."""
    items: list[Any] = []
    failures: list[Any] = []
    for d in deferator:
        d.addCallbacks(items.append, failures.append)
    return items, [failure.value for failure in failures]


# --- Deferator

NAMES = ["a name", "", None, object(), 3]


@pytest.mark.parametrize("name", NAMES, ids=repr)
@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_a_deferator_of_a_name_and_a_function_fetches_each_item(name, n):
    assert taken(Deferator(name, countdown(n), 10)) == ([10 * i for i in reversed(range(n))], [])


def test_its_function_may_give_deferreds_and_is_asked_for_one_item_ahead_at_most():
    asked: list[Deferred[Any]] = []

    def getMore():
        asked.append(Deferred())
        return asked[-1]

    items: list[Any] = []
    deferator = Deferator("a name", getMore)
    next(deferator).addCallback(items.append)
    asked[0].callback(("first", True, True))
    assert items == []  # a `for` loop has to know whether there is another
    asked[1].callback(("second", True, True))
    assert (items, len(asked)) == (["first"], 3)
    next(deferator).addCallback(items.append)
    asked[2].callback((None, False, False))
    assert items == ["first", "second"]
    assert list(deferator) == []


def test_an_error_of_its_function_comes_after_all_items_before_it():
    def getMore():
        if len(items) == 3:
            raise ZeroDivisionError
        items.append(len(items))
        return items[-1], True, True

    items: list[int] = []
    got, errors = taken(Deferator(None, getMore))
    assert got == [0, 1, 2]
    assert [type(error) for error in errors] == [ZeroDivisionError]


def test_stopping_it_cancels_what_is_being_fetched():
    cancelled: list[Any] = []
    deferator = Deferator("a name", lambda: Deferred(cancelled.append))
    deferator.stop()
    assert len(cancelled) == 1
    assert list(deferator) == []


def test_many_items_that_are_there_at_once_need_no_deep_stack():
    assert taken(Deferator("a name", countdown(20_000), 1)) == (list(reversed(range(20_000))), [])


@pytest.mark.parametrize("n", [1, 2, 5])
def test_a_deferator_of_a_prefetcherator_takes_from_it(n):
    prefetcherator = Prefetcherator("ID")
    prefetcherator.setup(iter(range(n)))
    assert taken(Deferator(prefetcherator)) == (list(range(n)), [])


def test_callables_that_give_iterators_and_iterables_are_taken_as_ever():
    assert taken(Deferator(range, 3)) == ([0, 1, 2], [])
    assert taken(Deferator("abc")) == (["a", "b", "c"], [])


# --- Prefetcherator


def test_setting_up_nothing_gives_false():
    prefetcherator = Prefetcherator()
    results: list[Any] = []
    prefetcherator.setup(None).addCallback(results.append)
    assert results == [False]
    assert not prefetcherator.isBusy()


# --- producers and consumers


@implementer(IConsumer)
class Registering:
    """A consumer as AsynQueue's: it names itself to its producer."""

    def __init__(self):
        self.items = []

    def registerProducer(self, producer, streaming):
        assert streaming
        producer.registerConsumer(self)
        self.producer = producer

    def unregisterProducer(self):
        pass

    def write(self, data):
        self.items.append(data)


async def test_the_producer_of_a_consumer_takes_its_name_again(makeQueue):
    consumer = Registering()
    assert await makeQueue(1).call(jobs.count, 5, consumer=consumer) is consumer
    assert consumer.items == [0, 1, 2, 3, 4]
    with pytest.raises(ValueError, match="has a consumer already"):
        consumer.producer.registerConsumer(Registering())


# --- options


@pytest.mark.parametrize("options", [{"interval": 0.1}, {"backoff": 1.1}, {"interval": 0.1, "backoff": 1.1}])
def test_a_tracker_takes_options_of_polling_with_a_note(options):
    with pytest.warns(DeprecationWarning, match="has no effect: nothing is polled"):
        tracker = DeferredTracker(reactor=Clock(), **options)
    tracker.put(succeed(None))


def test_ordered_items_take_a_number_of_threads_with_a_note():
    with pytest.warns(DeprecationWarning, match="'maxThreads' has no effect"):
        OrderedItemProducer(maxThreads=3, reactor=Clock())


@pytest.mark.parametrize("make", [DeferredTracker, OrderedItemProducer, TaskQueue])
def test_options_that_never_were_are_refused(make):
    with pytest.raises(TypeError, match="no option 'colour'"):
        make(reactor=Clock(), colour=1)


def test_a_lock_that_allows_zombies_is_had_after_its_stop():
    lock = DeferredLock(allowZombies=True)
    results: list[Any] = []
    lock.stop().addCallback(results.append)
    for _ in range(2):
        lock.acquire().addCallback(results.append)
    assert results == [None, lock, lock]
    lock.release()
    lock.release()


def test_another_one_is_not():
    lock = DeferredLock()
    lock.stop()
    failures: list[Any] = []
    lock.acquire().addErrback(failures.append)
    assert failures[0].check(QueueRunError)


async def test_a_process_worker_keeps_the_times_of_its_calls(reactor):
    queue = TaskQueue(reactor=reactor)
    worker = ProcessWorker(callStats=True)
    await queue.attachWorker(worker)
    await queue.call(jobs.add, 1, 2)
    [(here, there)] = worker.stats()
    assert here >= there >= 0
    await queue.shutdown()


def test_a_process_worker_knows_the_number_of_cores():
    assert ProcessWorker.cores() == ProcessQueue.cores() >= 1


def test_a_generator_function_is_no_iterator():
    assert not isIterator(jobs.count)
