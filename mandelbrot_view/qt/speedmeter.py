# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells how fast a view's samples are computed, a few times a second while they are."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from .speed import Speed

# Milliseconds between two times.
_PAUSE = 250


class SpeedMeter(QObject):
    """Signal: changed(samples a second, 0 when idle). clock: seconds. `total`: samples since the start."""

    changed = pyqtSignal(float)

    def __init__(self, clock: Callable[[], float], parent: QObject) -> None:
        super().__init__(parent)
        self._speed = Speed(clock)
        self.total = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._tell)

    def add(self, samples: float) -> None:
        """So many more have been computed."""
        self.total += samples
        self._speed.add(samples)
        if not self._timer.isActive():
            self._timer.start()

    def rest(self) -> None:
        """The work is over."""
        if self._timer.isActive():
            self._timer.stop()
            self._speed.reset()
            self.changed.emit(0.0)

    def stop(self) -> None:
        """Tell no more."""
        self._timer.stop()

    def _tell(self) -> None:
        speed = self._speed.value()
        if not speed:
            self._timer.stop()
        self.changed.emit(speed)
