# SPDX-License-Identifier: GPL-3.0-or-later
"""The measurements, in the order of their rows."""

from dataclasses import dataclass
from importlib import import_module

from ..measure import Measure


@dataclass(frozen=True)
class Entry:
    """Where a Measure is."""

    module: str
    adapter: str

    def load(self) -> Measure:
        """It."""
        made: Measure = getattr(import_module(f"{__name__}.{self.module}"), self.adapter)()
        return made


MEASURES: dict[str, Entry] = {
    "short": Entry("short", "Short"),
    "map": Entry("chunked", "Chunked"),
    "trip": Entry("trip", "Trip"),
    "late": Entry("late", "Late"),
    "stream": Entry("stream", "Stream"),
    "arrays": Entry("arrays", "Arrays"),
    "big": Entry("big", "Big"),
    "idle": Entry("idle", "Idle"),
    "first": Entry("first", "First"),
    "waiting": Entry("waiting", "Waiting"),
}
