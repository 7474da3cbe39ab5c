# SPDX-License-Identifier: GPL-3.0-or-later
"""Sliders for the density and the offset of a palette."""

from __future__ import annotations

from math import log2

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QSlider, QWidget

# The density is from an eighth to eight times, in steps of a fiftieth of an octave.
_OCTAVE, _OCTAVES = 50, 3
_CYCLE = 200


class DensitySlider(QSlider):
    """Cycles of the palette, in proportion to the usual; logarithmic. Tells what a hand does, not what it is shown."""

    chosen = pyqtSignal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Horizontal, parent)
        self.setRange(-_OCTAVES * _OCTAVE, _OCTAVES * _OCTAVE)
        self.setPageStep(_OCTAVE // 2)
        self.setMinimumWidth(200)
        self.setAccessibleName("Density")
        self.setToolTip("How often the palette comes around")
        self.valueChanged.connect(lambda _: self.chosen.emit(self.density))

    @property
    def density(self) -> float:
        """What it stands at."""
        return float(2 ** (self.value() / _OCTAVE))

    def show_(self, density: float) -> None:
        """Stand at a density, the nearest there is."""
        _showQuietly(self, round(log2(density) * _OCTAVE))


class OffsetSlider(QSlider):
    """Where the palette begins, in cycles, 0 to 1."""

    chosen = pyqtSignal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Horizontal, parent)
        self.setRange(0, _CYCLE)
        self.setPageStep(_CYCLE // 10)
        self.setMinimumWidth(200)
        self.setAccessibleName("Offset")
        self.setToolTip("Where the palette begins")
        self.valueChanged.connect(lambda _: self.chosen.emit(self.offset))

    @property
    def offset(self) -> float:
        """What it stands at."""
        return self.value() / _CYCLE

    def show_(self, offset: float) -> None:
        """Stand at an offset, the nearest there is."""
        if offset != self.offset % 1.0:
            _showQuietly(self, round(offset * _CYCLE))


def _showQuietly(slider: QSlider, value: int) -> None:
    slider.blockSignals(True)
    slider.setValue(value)
    slider.blockSignals(False)
    slider.update()
