# SPDX-License-Identifier: GPL-3.0-or-later
"""When Python looks for reference cycles: in small portions while there is work, and thoroughly when there is none.

A full collection stops the window while it looks at every object. With 100,000 waiting tasks that took 0.45 s, and
found nothing: tasks are no cycles.
"""

import gc
from typing import Any

from twisted.internet.interfaces import IDelayedCall

from aqlib import Observer, Task

# So long must the queue have been empty, in seconds.
QUIET = 2.0
# Young objects are looked at when so many have come, those that outlived it ten times seldomer; the old ones only here.
_YOUNG, _MIDDLE, _NEVER = 10_000, 10, 1_000_000


class Garbage(Observer):
    """Collects when the queue has been empty for a while; it observes the queue itself."""

    def __init__(self, queue: Any) -> None:
        self._queue = queue
        self._call: IDelayedCall | None = None
        queue.addObserver(self)
        gc.set_threshold(_YOUNG, _MIDDLE, _NEVER)
        # What is here now stays to the end, and need not be looked at again.
        gc.collect()
        gc.freeze()

    def close(self) -> None:
        """Collect no more: the application ends."""
        self._queue.removeObserver(self)
        self._stop()

    def taskQueued(self, task: Task) -> None:
        """There is work."""
        self._stop()

    def taskFinished(self, task: Task) -> None:
        """Perhaps it was the last one."""
        if self._call is None and not len(self._queue.schedule) and not self._queue.running():
            self._call = self._queue.reactor.callLater(QUIET, self._collect)

    def _collect(self) -> None:
        self._call = None
        gc.collect()

    def _stop(self) -> None:
        if self._call is not None:
            self._call.cancel()
            self._call = None
