# SPDX-License-Identifier: GPL-3.0-or-later
"""What there is to read of a failure: where it came from, in the worker when it was there."""

from twisted.python.failure import Failure

from aqlib.errors import RemoteTraceback


def explain(failure: Failure) -> str:
    """The traceback in the worker, with the call and the worker; else the one here; else the error alone."""
    error = failure.value
    cause = getattr(error, "__cause__", None)
    if isinstance(cause, RemoteTraceback):
        return cause.text.strip()
    if failure.frames:
        return str(failure.getTraceback()).strip()
    return f"{type(error).__name__}: {error}".strip()


def summarise(failure: Failure) -> str:
    """The error in one line."""
    return f"{type(failure.value).__name__}: {failure.value}".strip().splitlines()[0]
