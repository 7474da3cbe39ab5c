# SPDX-License-Identifier: GPL-3.0-or-later
"""When Python looks for reference cycles: in small portions while there is work, and thoroughly when there is none.

A full collection stops the window while it looks at every object. With 100,000 waiting tasks that took 0.45 s, and
found nothing: tasks are no cycles. Where very many are kept, as by the commands that can be undone, it waits until the
user has turned to another application.
"""

import gc
import sys
from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IDelayedCall

from aqlib import Observer, Task

# So long must the queue have been empty, in seconds.
QUIET = 2.0
# Young objects are looked at when so many have come, those that outlived it so many times seldomer; the old ones only
# here.
_YOUNG, _MIDDLE, _NEVER = 2_000, 5, 1_000_000
# New objects are looked at after so many tasks, too.
OFTEN = 250
# So many objects can be looked at, in 20 to 40 ms, without that anybody minds.
FEW = 40_000


class Garbage(Observer):
    """Collects when the queue has been empty for a while; it observes the queue itself.

    Args:
        queue: The application's.
        isWatched: Whether the user looks at the window.
    """

    def __init__(self, queue: Any, isWatched: Callable[[], bool]) -> None:
        self._queue = queue
        self._isWatched = isWatched
        self._call: IDelayedCall | None = None
        self._ended = 0
        queue.addObserver(self)
        gc.set_threshold(_YOUNG, _MIDDLE, _NEVER)
        # What is here now stays to the end, and need not be looked at again.
        gc.collect()
        gc.freeze()
        self._first = sys.getallocatedblocks()

    def close(self) -> None:
        """Collect no more: the application ends."""
        self._queue.removeObserver(self)
        self._stop()

    def taskQueued(self, task: Task) -> None:
        """There is work."""
        self._stop()

    def taskFinished(self, task: Task) -> None:
        """Now and then look at what is new; and perhaps it was the last one."""
        self._ended += 1
        if self._ended % OFTEN == 0:
            # Python itself counts what comes less what goes: where as much goes, it lets very much gather.
            gc.collect(1 if self._ended % (4 * OFTEN) == 0 else 0)
        if self._call is None and not len(self._queue.schedule) and not self._queue.running():
            self._call = self._queue.reactor.callLater(QUIET, self._collect)

    def _collect(self) -> None:
        self._call = None
        gc.collect(1)
        # Blocks of memory are counted at once; to count the objects takes as long as to look at them.
        if sys.getallocatedblocks() - self._first <= FEW or not self._isWatched():
            gc.collect()

    def _stop(self) -> None:
        if self._call is not None:
            self._call.cancel()
            self._call = None
