# SPDX-License-Identifier: Apache-2.0
"""For tests of what uses a queue: no processes, no threads, no sleeping, and time that passes when the test says so."""

from .clock import SteppedClock
from .memory import MemoryWorker
from .null import NullQueue
from .outcomes import outcomeOf
from .watcher import Watcher

__all__ = ["MemoryWorker", "NullQueue", "SteppedClock", "Watcher", "outcomeOf"]
