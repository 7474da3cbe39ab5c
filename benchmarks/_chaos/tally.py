# SPDX-License-Identifier: GPL-3.0-or-later
"""The Tally: what was done in a run, how often each call may have run, and every promise that was broken."""

from collections import Counter
from pathlib import Path

from .jobs import ENTRY

# So many times is the breaking of one promise told in words.
MOST_COMPLAINTS = 5


class Tally:
    """Counts of all that happened, by what it was.

    Attributes: `counts`; `broken`, how often each promise was broken; `complaints`, the first ones of each in words.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.broken: Counter[str] = Counter()
        self.complaints: list[str] = []
        # A byte a call, for an hour has millions of them.
        self._least = bytearray()
        self._most = bytearray()

    def count(self, what: str, number: int = 1) -> None:
        """Note that something was done."""
        self.counts[what] += number

    def complain(self, promise: str, text: str) -> None:
        """Note that a promise was broken."""
        self.broken[promise] += 1
        if self.broken[promise] <= MOST_COMPLAINTS:
            self.complaints.append(f"{promise}: {text}")

    # How often calls run.

    def newNumber(self) -> int:
        """The number of the next call, which may run once."""
        self._least.append(0)
        self._most.append(1)
        return len(self._most) - 1

    def mustHaveRun(self, number: int) -> None:
        """Its outcome tells that it ran."""
        self._least[number] = 1

    def mayRunAgain(self, number: int) -> None:
        """It was asked for that it run once more if it had begun."""
        self._most[number] = min(self._most[number] + 1, 255)

    def audit(self, journal: Path) -> None:
        """Compare with the journal, when no call can run any more."""
        runs = bytearray(len(self._most))
        with journal.open("rb") as file:
            while entry := file.read(ENTRY):
                number = int.from_bytes(entry, "little")
                runs[number] = min(runs[number] + 1, 255)
        self.count("calls that ran", sum(runs))
        if all(map(_isWithin, self._least, runs, self._most)):
            return
        for number, (least, found, most) in enumerate(zip(self._least, runs, self._most, strict=True)):
            if found > most:
                self.complain("no call runs twice", f"call {number} ran {found} times")
            elif found < least:
                self.complain("what is told as done has run", f"call {number} never ran")


def _isWithin(least: int, found: int, most: int) -> bool:
    return least <= found <= most
