# SPDX-License-Identifier: GPL-3.0-or-later
"""A Record: one call of a run, what was asked of it, and whether its outcome is one that it may have."""

from dataclasses import dataclass
from typing import Any

from twisted.internet.defer import CancelledError
from twisted.python.failure import Failure

from aqlib import EncodingError, QueueRunError, Task, TaskError, TimeoutError, WorkerError, WorkerLost

from .jobs import DEADLY, HANGING, HARMLESS, SPAN

# The ways to shut a queue down that cancel tasks.
CANCELLING = ("cancel", "cancelWaiting", "crash")

_ERRORS = {
    "fail": (ValueError,),
    "lack memory": (MemoryError,),
    "leave": (TaskError,),
    "give a frame": (EncodingError,),
}


@dataclass(slots=True, eq=False)
class Record:
    """One call. `deed`: what it does; `at`: before which item, in a stream of `count` items; None for a plain call."""

    number: int
    deed: str
    version: int = 0
    count: int | None = None
    at: int = 0
    hasTimeout: bool = False
    task: Task | None = None
    told: int = 0
    wasCancelled: bool = False
    wasStopped: bool = False
    items: int = 0

    def take(self, item: Any) -> bool:
        """Look at the next item of a stream; whether it is the one that it should be."""
        value = item[0] if isinstance(item, tuple) else item
        expected: int = self.number * SPAN + self.items
        self.items += 1
        return bool(value == expected)

    def describe(self) -> str:
        """It, in a few words."""
        what = "call" if self.count is None else f"stream of {self.count} items ({self.items} came)"
        return f"{what} {self.number}, deed {self.deed!r} at {self.at}"


@dataclass
class Circumstances:
    """What has happened to the queue in which a call was, and may be the cause of its outcome.

    killed: the processes that were ended by hand; ending: how the queue was shut down, empty before that.
    """

    killed: set[int]
    ending: str = ""
    wasDegraded: bool = False


def wrongEnd(record: Record, result: Any) -> str | None:
    """What is wrong about a good end; None when nothing is."""
    if record.count is not None:
        if record.items != record.count and not record.wasStopped:
            return "it ended as if it were complete"
        return None
    number = result[0]
    # What has stopped itself may have been continued.
    if record.deed not in (*HARMLESS, HANGING):
        return f"a call that cannot succeed gave {number}"
    if number != record.number:
        return f"it gave the result of call {number}"
    return None


def wrongFailure(record: Record, failure: Failure, circumstances: Circumstances) -> str | None:
    """What is wrong about a failure; None when nothing is."""
    error = failure.value
    if isinstance(error, CancelledError):
        isFine = record.wasCancelled or circumstances.ending in CANCELLING
    elif isinstance(error, TimeoutError):
        isFine = record.hasTimeout
    elif isinstance(error, WorkerLost):
        # A stream that gave way dies with whatever ran in its place.
        isFine = record.deed in DEADLY or record.count is not None or error.pid in circumstances.killed
    elif isinstance(error, QueueRunError):
        isFine = circumstances.wasDegraded
    elif type(error) is WorkerError:
        isFine = circumstances.ending == "crash"
    else:
        isFine = isinstance(error, _ERRORS.get(record.deed, ()))
    if not isFine:
        return f"it failed with {type(error).__name__}: {error}"
    if isinstance(error, ValueError) and record.items != record.at and not record.wasStopped:
        return f"{record.at} items were made before its error, and {record.items} came"
    return None
