# SPDX-License-Identifier: Apache-2.0
"""Retrying: whether a task that has failed is run again, and when."""

from __future__ import annotations

from twisted.python.failure import Failure

from .errors import EncodingError, QueueRunError, TimeoutError, WorkerLost
from .task import Options, Task, TaskState

# The wait between two attempts doubles up to so many seconds, or stays at `backoff` when that is longer.
LONGEST_BACKOFF = 60.0

# After these a task is run again only when they are asked for: another attempt would end in the same way, or cost the
# next worker its process.
_ASKED_FOR = (WorkerLost, TimeoutError, EncodingError, QueueRunError)
_UNDER_WAY = (TaskState.RUNNING, TaskState.SUSPENDED, TaskState.PAUSED)


def wantsRetry(task: Task, failure: Failure) -> bool:
    """Whether a task that runs, and has failed, is to be run again: never when items of a stream have come."""
    return not task.items and task.state in _UNDER_WAY and allowsRetry(task.options, task.retries, failure)


def allowsRetry(options: Options, retries: int, failure: Failure) -> bool:
    """Whether a call is made again by its options, after an attempt that failed.

    Args:
        options: Those of the call.
        retries: Attempts so far, without the first.
        failure: That of the last one.
    """
    if retries >= options.retries:
        return False
    error = failure.value
    if options.retryOn is not None:
        return isinstance(error, options.retryOn)
    return isinstance(error, Exception) and not isinstance(error, _ASKED_FOR)


def backoffOf(options: Options, retries: int) -> float:
    """Seconds that a call waits for its next attempt. `retries` counts that one already, and not the first."""
    first = options.backoff
    # An exponent of this size is beyond any bound, and no larger one need be computed.
    return min(first * 2.0 ** min(retries - 1, 64), max(first, LONGEST_BACKOFF))
