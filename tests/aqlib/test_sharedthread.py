# SPDX-License-Identifier: GPL-3.0-or-later
"""The thread that the whole program shares."""

import threading

import pytest
from twisted.internet.defer import CancelledError, gatherResults

import aqlib
from aqlib import ListConsumer, deferToThread, iteratorToProducer


@pytest.fixture(autouse=True)
def _end(reactor, wait):
    yield
    wait(deferToThread())


async def test_all_calls_share_one_thread():
    idents = await gatherResults([deferToThread(threading.get_ident) for _ in range(5)])
    assert len(set(idents)) == 1
    assert idents[0] != threading.get_ident()


async def test_the_arguments_are_all_the_functions():
    def f(*args, **kw):
        return args, kw

    assert await deferToThread(f, 1, niceness=2, timeout=3) == ((1,), {"niceness": 2, "timeout": 3})


async def test_calls_are_made_in_order_one_at_a_time():
    order: list[int] = []
    await gatherResults([deferToThread(order.append, n) for n in range(10)])
    assert order == list(range(10))


async def test_an_error_is_an_errback():
    with pytest.raises(ZeroDivisionError):
        await deferToThread(lambda: 1 // 0)


async def test_an_iterator_as_result_is_a_stream():
    deferator = await deferToThread(lambda: iter([1, 2, 3]))
    assert [item async for item in deferator] == [1, 2, 3]


async def test_called_with_nothing_it_ends_the_thread_when_all_is_done():
    thread = await deferToThread(threading.current_thread)
    last = deferToThread(int, 3)
    await deferToThread()
    assert last.called
    assert await last == 3
    thread.join(20)
    assert not thread.is_alive()


async def test_the_next_call_begins_another():
    first = await deferToThread(threading.current_thread)
    await deferToThread()
    assert await deferToThread(threading.current_thread) is not first


async def test_a_call_while_it_ends_begins_another_too():
    deferToThread(int)
    ending = deferToThread()
    assert await deferToThread(int, 3) == 3
    await ending


async def test_to_end_what_has_not_begun_is_nothing():
    await deferToThread()
    assert deferToThread().called


async def test_to_cancel_takes_a_waiting_call_back_and_asks_a_running_one_to_end():
    begun, ended = threading.Event(), threading.Event()

    def untilCancelled():
        begun.set()
        while not aqlib.cancelled():
            pass
        ended.set()

    running = deferToThread(untilCancelled)
    calls: list[str] = []
    waiting = deferToThread(calls.append, "made")
    assert begun.wait(20)
    for deferred in (waiting, running):
        deferred.cancel()
        with pytest.raises(CancelledError):
            await deferred
    assert ended.wait(20)
    await deferToThread()
    assert calls == []


async def test_it_wraps_an_iterator_that_takes_its_time():
    consumer = ListConsumer()
    idents = (threading.get_ident() for _ in range(3))
    await iteratorToProducer(idents, consumer, deferToThread)
    assert await consumer() == [await deferToThread(threading.get_ident)] * 3
