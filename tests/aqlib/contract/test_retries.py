# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls that are made again on worker processes."""

import pytest

from aqlib import ProcessQueue, TimeoutError, WorkerLost

from .. import jobs

# Large enough to be lent to the worker, and small enough to be sent.
SIZES = [10, 5_000_000]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("way", "options"),
    [
        ("raise", {}),
        ("die", {"retryOn": WorkerLost}),
        ("hang", {"retryOn": TimeoutError, "timeout": 0.3}),
    ],
)
async def test_the_second_attempt_gets_all_that_the_first_got(queue: ProcessQueue, tmp_path, size, way, options):
    call = queue.using(retries=1, backoff=0.01, **options)
    task = call.submit(jobs.onceFailing, str(tmp_path / "mark"), way, bytes(size))
    assert await task.deferred == size
    assert task.attempts == 2


async def test_the_last_death_is_told(queue: ProcessQueue):
    task = queue.submit(jobs.killSelf, retries=2, backoff=0, retryOn=WorkerLost)
    with pytest.raises(WorkerLost):
        await task.deferred
    assert task.attempts == 3
    assert await queue.call(jobs.add, 1, 2) == 3


async def test_a_stream_that_dies_before_its_first_item_begins_again(queue: ProcessQueue, tmp_path):
    call = queue.using(retries=1, backoff=0, retryOn=WorkerLost)
    items = await call.call(jobs.itemsOnceFailing, str(tmp_path / "mark"), 3)
    assert [item async for item in items] == [0, 1, 2]
