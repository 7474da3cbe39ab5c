# SPDX-License-Identifier: GPL-3.0-or-later
"""A Measure: one thing that libraries are measured by, and the rows that come of it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from ..table import Row
from .libraries import LIBRARIES
from .libraries.base import Blocking, Deferring
from .outcome import Figures, Outcome

DEFAULT, QT = "default", "qt"


class Measure(ABC):
    """Override `blocking` and `deferring` for the kinds of library that take part.

    Attributes: `contestants`, the names of the libraries; `bare`, what is measured besides, by the names that the rows
    use: functions that take a scale; `atOnce`, whether all may run at the same time, since nothing is busy in it;
    `inWindow`, whether it is taken beside an open window, which wants its turn while calls are submitted; `isOnePiece`,
    whether it never lets the reactor turn, and so has nothing to do with windows; `notesStalls`, whether the window's
    stalls are noted, which takes a timer.
    """

    contestants: tuple[str, ...] = ()
    bare: Mapping[str, Callable[[float], Figures]] = {}
    atOnce = False
    inWindow = False
    isOnePiece = False
    notesStalls = True

    def blocking(self, library: type[Blocking], scale: float) -> Figures:
        """Measure a library that blocks. `scale`: 1 for real figures, less to see only that it runs."""
        raise NotImplementedError

    async def deferring(self, library: type[Deferring], scale: float) -> Figures:
        """Measure a library of Deferreds, on the running reactor."""
        raise NotImplementedError

    @abstractmethod
    def rows(self, found: Mapping[str, Outcome]) -> list[Row]:
        """What to show of what was found, by the names of `contestants` and `bare`; some may not be there."""

    def names(self) -> list[str]:
        """All that is measured and installed."""
        return [name for name in self.contestants if LIBRARIES[name].isInstalled] + list(self.bare)

    def run(self, name: str, scale: float, reactor: str = DEFAULT) -> Figures:
        """Measure one of `names` in this process."""
        if name in self.bare:
            return self.bare[name](scale)
        adapter = LIBRARIES[name].load()
        if issubclass(adapter, Blocking):
            return self.blocking(adapter, scale)
        library: type[Deferring] = adapter

        def measured() -> Any:
            return self.deferring(library, scale)

        if reactor == QT and not self.isOnePiece:
            from .window import run as run_in_window

            self.inWindow = True
            return run_in_window(measured, self.notesStalls)
        from .loop import run

        return run(measured)
