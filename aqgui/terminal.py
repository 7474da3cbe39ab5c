# SPDX-License-Identifier: GPL-3.0-or-later
"""What the application says in the terminal that it was started from, if there is one."""

import sys
from contextlib import suppress


def say(text: str) -> None:
    """Write a line to stderr, with the application's name before it."""
    # Started from a menu it may have no stderr, and the terminal may have been closed since.
    if sys.stderr is not None:
        with suppress(OSError):
            sys.stderr.write(f"aqgui: {text}\n")
            sys.stderr.flush()
