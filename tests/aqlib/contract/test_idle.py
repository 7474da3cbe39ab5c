# SPDX-License-Identifier: GPL-3.0-or-later
"""An idle queue uses no CPU: nothing is polled, on either side."""

import operator
import time

import psutil

from .. import jobs


def switches(queue):
    """How often each worker process has got the CPU so far."""
    return [sum(psutil.Process(worker.pid).num_ctx_switches()) for worker in queue.workers()]


async def test_nothing_happens_in_a_queue_that_has_nothing_to_do(makeQueue, reactor):
    ownCalls = len(reactor.getDelayedCalls())
    queue, other = makeQueue(2), makeQueue(1)
    # All that might leave a timer or a thread behind: calls sent ahead, streams, progress, output, cancelling.
    for _ in range(50):
        queue.submit(operator.add, 1, 1)
    await queue.call(jobs.report, 10, doLast=True)
    await queue.call(jobs.speak, "hello")
    stream = await queue.call(jobs.naturals)
    stream.stop()
    cancelled = queue.submit(operator.add, 1, 1)
    cancelled.deferred.addErrback(lambda failure: None)
    cancelled.cancel()
    await queue.update(operator.add, 1, 1)
    await other.call(time.sleep, 0.1)
    before = switches(queue)
    await other.call(time.sleep, 0.3)
    assert switches(queue) == before
    assert len(reactor.getDelayedCalls()) <= ownCalls + 1  # what delivers the result that was waited for
