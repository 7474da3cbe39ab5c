# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rounds of one contestant gave, and the rows that compare contestants."""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..table import Row
from .libraries import LIBRARIES, OURS

Figures = dict[str, float]


@dataclass
class Outcome:
    """The figures of each round that ended, how many rounds hung, and why others failed."""

    figures: list[Figures] = field(default_factory=list)
    hangs: int = 0
    failures: list[str] = field(default_factory=list)

    def median(self, figure: str) -> float:
        """The median of the rounds; nan when there is none."""
        values = [figures[figure] for figures in self.figures if figure in figures]
        return statistics.median(values) if values else float("nan")

    @property
    def note(self) -> str:
        """What went wrong, in words."""
        rounds = len(self.figures) + self.hangs + len(self.failures)
        notes = [f"hung in {self.hangs} of {rounds} runs"] if self.hangs else []
        if self.failures:
            notes.append(f"failed in {len(self.failures)} of {rounds} runs: {self.failures[-1]}")
        return "; ".join(notes)


def title(name: str) -> str:
    """What to call a contestant where people read it."""
    return LIBRARIES[name].title if name in LIBRARIES else name


def ours(
    what: str,
    figure: str,
    unit: str,
    found: Mapping[str, Outcome],
    *,
    bar: str | None = None,
    to: str | None = None,
    note: str = "",
) -> list[Row]:
    """The row of aqlib; `bar` is for its ratio to `to`, or, without one, for its value. None where `to` is missing."""
    if OURS not in found:
        return []
    value = found[OURS].median(figure)
    notes = "; ".join(text for text in (note, found[OURS].note) if text)
    if to is None or to not in found:
        return [Row(what, value, unit, bar=bar if to is None else None, note=notes)]
    return [Row(what, value, unit, _ratio(value, found[to].median(figure)), title(to), bar, notes)]


def others(what: str, figure: str, unit: str, found: Mapping[str, Outcome], *names: str) -> list[Row]:
    """The rows of all others, or of those named, with their ratio to aqlib."""
    rows = []
    for name in names or [name for name in found if name != OURS]:
        if name in found:
            value = found[name].median(figure)
            ratio = _ratio(value, found[OURS].median(figure)) if OURS in found else None
            rows.append(Row(f"  {title(name)}", value, unit, ratio, title(OURS), note=found[name].note))
    return rows


def _ratio(one: float, other: float) -> float:
    """Counts may be 0."""
    return one / other if other else float("nan")
