# SPDX-License-Identifier: GPL-3.0-or-later
"""What there is to read of a failure: where it came from, in the worker when it was there."""

from twisted.python.failure import Failure

from aqgui.commands.command import CommandFailed, describeStatus
from aqlib.errors import MemoryLimitExceeded, RemoteTraceback, WorkerLost


def explain(failure: Failure) -> str:
    """The traceback in the worker, with the call and the worker; else the one here; else the error alone.

    A command that has failed has none: its exit status says all.
    """
    error = failure.value
    if isinstance(error, CommandFailed):
        return ""
    cause = getattr(error, "__cause__", None)
    if isinstance(cause, RemoteTraceback):
        return cause.text.strip()
    if failure.frames:
        return str(failure.getTraceback()).strip()
    return f"{type(error).__name__}: {error}".strip()


def summarise(failure: Failure) -> str:
    """The error in one line."""
    error = failure.value
    if isinstance(error, CommandFailed):
        return str(error)
    if isinstance(error, WorkerLost):
        return howItEnded(error) if isinstance(error, MemoryLimitExceeded) else _lost(error)
    return f"{type(error).__name__}: {error}".strip().splitlines()[0]


def failed(name: str, failure: Failure) -> str:
    """A sentence on a task that failed."""
    error = failure.value
    if isinstance(error, CommandFailed):
        return f"{name!r} failed {describeStatus(error.status)}."
    return f"{name!r} failed: {summarise(failure)}"


def _lost(error: WorkerLost) -> str:
    if not error.pid:
        return "no worker process could be started for it."
    if error.signal is not None:
        return f"its worker (process {error.pid}) was killed ({error.how.removeprefix('by ')})."
    return f"its worker (process {error.pid}) ended {error.how}."


def howItEnded(error: WorkerLost) -> str:
    """The end of a worker's process in one line: of one that took too much memory, how much and what was the limit."""
    if isinstance(error, MemoryLimitExceeded) and error.hint.startswith("It "):
        return f"Worker process {error.pid}{error.hint.removeprefix('It')}".splitlines()[0]
    return str(error).splitlines()[0]
