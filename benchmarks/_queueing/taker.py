# SPDX-License-Identifier: GPL-3.0-or-later
"""A consumer that counts: the same for every library, for it costs the least."""

from typing import Any

from twisted.internet.interfaces import IConsumer
from zope.interface import implementer


@implementer(IConsumer)
class Taker:
    """Counts items, and keeps the last."""

    def __init__(self) -> None:
        self.count = 0
        self.last: Any = None

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """IConsumer: items will come."""

    def unregisterProducer(self) -> None:
        """IConsumer: no more will come."""

    def write(self, data: Any) -> None:
        """IConsumer: an item has come."""
        self.count += 1
        self.last = data
