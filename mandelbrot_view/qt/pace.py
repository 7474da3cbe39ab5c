# SPDX-License-Identifier: GPL-3.0-or-later
"""How fine the coarse passes of a picture that zooms may be, so that pictures keep coming."""

from __future__ import annotations

from collections.abc import Callable

from ..pictures.tiles import COARSEST

_FINEST, _ROUGHEST = 1, 2 * COARSEST
# Seconds of work. A pass of half the step is four times the work: less than this leaves the time for it.
_LITTLE = 0.004
_MUCH = 0.017
# Seconds that pass: when other work takes the cores, there is less time for this.
_LONG = 0.022
# Less work than this is done by one worker: to have it done by more takes longer.
_TINY = 0.002


class Pace:
    """The step and the number of bands of each pass, by what the last one took. clock: seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._step = COARSEST
        self._began: float | None = None
        self._work = _MUCH

    @property
    def isOn(self) -> bool:
        """Whether a pass is being computed."""
        return self._began is not None

    def begin(self, workers: int) -> tuple[int, int]:
        """A pass begins; gives its step and the number of its bands."""
        self._began = self._clock()
        return self._step, 1 if self._work < _TINY else workers

    def end(self, work: float | None) -> None:
        """The pass that began, if there is one, has ended. work: seconds of all its tasks; None: it was cut short."""
        if self._began is None:
            return
        took, self._began = self._clock() - self._began, None
        if work is None:
            return
        self._work = work
        if work > _MUCH or (took > _LONG and work > _LITTLE):
            self._change(2)
        elif work < _LITTLE and took < _LONG:
            self._change(0.5)

    def _change(self, factor: float) -> None:
        step = min(max(int(self._step * factor), _FINEST), _ROUGHEST)
        self._work *= (self._step / step) ** 2
        self._step = step
