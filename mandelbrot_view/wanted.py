# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what is being computed is still wanted: what tasks ask between two pieces of work."""

from aqlib.context import cancelled


class Cancelled(Exception):
    """The task that computed this is no longer wanted."""


def check_wanted(what: str) -> None:
    """Raise Cancelled in a task that should end; `what`, such as 'this part of the picture', is for the message."""
    if cancelled():
        raise Cancelled(f"{what} is no longer wanted")
