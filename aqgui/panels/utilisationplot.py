# SPDX-License-Identifier: GPL-3.0-or-later
"""The curve of how busy the workers were over the last minute: a line a worker, and all together as an area."""

import pyqtgraph
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QColor
from PyQt5.QtWidgets import QWidget

from aqgui import theme
from aqgui.models.utilisation import KEPT, Utilisation

# More lines than this could not be told apart; then there is the area alone.
_MOST_LINES = 8
_SMOOTH = 4  # samples that a point is the mean of: one second


class UtilisationPlot(pyqtgraph.PlotWidget):
    """Shows a Utilisation; `refresh` draws it anew."""

    def __init__(self, utilisation: Utilisation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._utilisation = utilisation
        self._lines: dict[int, pyqtgraph.PlotDataItem] = {}
        self._isFlat = False
        self.setAccessibleName("Utilisation of the workers over the last minute")
        self.setFrameShape(self.NoFrame)
        self.setFocusPolicy(Qt.NoFocus)
        self.setMinimumHeight(96)
        item = self.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.setMouseEnabled(False, False)
        # A little more on each side, without which the labels at the ends would not be drawn.
        item.setXRange(-KEPT, 0, padding=0.08)
        item.setYRange(0, 100, padding=0.14)
        left, bottom = item.getAxis("left"), item.getAxis("bottom")
        left.setTicks([[(0, "0"), (50, "50"), (100, "100 %")]])
        bottom.setTicks([[(-60, "−60 s"), (-45, "−45"), (-30, "−30"), (-15, "−15"), (0, "now")]])
        left.setWidth(self.fontMetrics().horizontalAdvance("100 %") + 16)
        for axis in (left, bottom):
            axis.setStyle(tickLength=0, tickFont=self.font())
            # Below the curves, or the grid's line at 100 % hides the curve of a busy worker.
            axis.setZValue(-1)
        item.layout.setContentsMargins(0, 0, 8, 4)
        self._all = item.plot(fillLevel=0, clipToView=True, skipFiniteCheck=True)
        self._all.setZValue(-1)
        self.dress()

    def dress(self) -> None:
        """Take on the theme in force."""
        current = theme.current()
        self.setBackground(current.window)
        item = self.getPlotItem()
        for name in ("left", "bottom"):
            axis = item.getAxis(name)
            axis.setTextPen(current.muted)
            axis.setPen(current.line)
        item.showGrid(x=False, y=True, alpha=40)
        area = QColor(current.accent)
        area.setAlpha(48)
        self._all.setBrush(area)
        self._all.setPen(pyqtgraph.mkPen(None))

    def refresh(self, workers: list[int]) -> None:
        """Draw the curves of these workers. When nothing has happened for as long as they go back, they stay."""
        if self._isFlat and self._utilisation.isFlat:
            return
        self._isFlat = self._utilisation.isFlat
        shown = workers if len(workers) <= _MOST_LINES else []
        for ID in [ID for ID in self._lines if ID not in shown]:
            self.removeItem(self._lines.pop(ID))
        for ID in shown:
            if ID not in self._lines:
                pen = pyqtgraph.mkPen(theme.workerColour(ID), width=1.5)
                self._lines[ID] = self.plot(pen=pen, clipToView=True, skipFiniteCheck=True)
            self._lines[ID].setData(*_smoothed(*self._utilisation.curve(ID)))
        self._all.setData(*_smoothed(*self._utilisation.curve()))


def _smoothed(times: list[float], shares: list[float]) -> tuple[list[float], list[float]]:
    """Percentages, each the mean over the last second."""
    sums, percent = [0.0], []
    for share in shares:
        sums.append(sums[-1] + share)
    for i in range(1, len(sums)):
        first = max(0, i - _SMOOTH)
        percent.append(100 * (sums[i] - sums[first]) / (i - first))
    return times, percent
