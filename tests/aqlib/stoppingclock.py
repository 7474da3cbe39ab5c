# SPDX-License-Identifier: GPL-3.0-or-later
"""A stepped clock for what is told of a shutdown, and by other threads."""

from typing import Any

from aqlib.testing import SteppedClock


class StoppingClock(SteppedClock):
    """Makes calls from threads at once, so that a test need not step for them."""

    def callFromThread(self, f: Any, *args: Any, **kw: Any) -> None:
        f(*args, **kw)
