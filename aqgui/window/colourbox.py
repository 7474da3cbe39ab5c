# SPDX-License-Identifier: GPL-3.0-or-later
"""Choosing colours: a list of palettes that shows each as a strip, and sliders for density and offset."""

from PyQt5.QtCore import QSize, Qt, pyqtSignal
from PyQt5.QtGui import QIcon, QImage, QPixmap
from PyQt5.QtWidgets import QComboBox, QGridLayout, QLabel, QMenu, QSlider, QToolButton, QWidget, QWidgetAction

from aqgui.icons import icon
from mandelbrot_view.colour.palettes import DEFAULT, PALETTES, Palette

STRIP = QSize(72, 14)
# The slider of the density is logarithmic: from a quarter to four times, in steps of a fiftieth of an octave.
_DENSITY_STEPS = 50
_OFFSET_STEPS = 200


class PaletteBox(QComboBox):
    """The palettes by name, each with its strip."""

    chosen = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setIconSize(STRIP)
        self.setAccessibleName("Palette")
        self.setToolTip("The palette of the picture")
        for palette in PALETTES.values():
            self.addItem(_strip(palette), palette.name)
        self.activated[str].connect(lambda name: self.chosen.emit(PALETTES[name]))

    def choose(self, name: str) -> Palette:
        """Show a palette as chosen; the default one when there is none of this name. Returns it."""
        name = name if name in PALETTES else DEFAULT
        self.setCurrentText(name)
        return PALETTES[name]


class ColourButton(QToolButton):
    """Opens sliders for the palette's density and offset, which change the picture at once."""

    densityChanged = pyqtSignal(float)
    offsetChanged = pyqtSignal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setIcon(icon("palette"))
        self.setToolTip("How densely the palette is used, and where it begins")
        self.setAccessibleName("Density and offset of the palette")
        self.setPopupMode(QToolButton.InstantPopup)
        self._density = _slider(-2 * _DENSITY_STEPS, 2 * _DENSITY_STEPS, "Density")
        self._offset = _slider(0, _OFFSET_STEPS, "Offset")
        self._density.valueChanged.connect(lambda _: self.densityChanged.emit(self.density))
        self._offset.valueChanged.connect(lambda _: self.offsetChanged.emit(self.offset))
        self.setMenu(self._makeMenu())

    @property
    def density(self) -> float:
        """Cycles of the palette, in proportion to the usual; 0.25 to 4."""
        return float(2 ** (self._density.value() / _DENSITY_STEPS))

    @property
    def offset(self) -> float:
        """Where the palette begins, in cycles, 0 to 1."""
        return self._offset.value() / _OFFSET_STEPS

    def setPosition(self, density: int, offset: int) -> None:
        """Put the sliders where `position` says they were."""
        self._density.setValue(density)
        self._offset.setValue(offset)

    @property
    def position(self) -> tuple[int, int]:
        """Where the sliders stand."""
        return self._density.value(), self._offset.value()

    def _makeMenu(self) -> QMenu:
        menu = QMenu(self)
        panel = QWidget(menu)
        layout = QGridLayout(panel)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        for row, (text, slider) in enumerate((("Density", self._density), ("Offset", self._offset))):
            layout.addWidget(QLabel(text, panel), row, 0)
            layout.addWidget(slider, row, 1)
        reset = QToolButton(panel)
        reset.setText("As at first")
        reset.clicked.connect(lambda: self.setPosition(0, 0))
        layout.addWidget(reset, 2, 1, Qt.AlignRight)
        action = QWidgetAction(menu)
        action.setDefaultWidget(panel)
        menu.addAction(action)
        return menu


def _slider(least: int, most: int, name: str) -> QSlider:
    slider = QSlider(Qt.Horizontal)
    slider.setRange(least, most)
    slider.setMinimumWidth(200)
    slider.setAccessibleName(name)
    return slider


def _strip(palette: Palette) -> QIcon:
    """One cycle of a palette as a picture."""
    table = palette.table(STRIP.width())
    image = QImage(table.tobytes(), STRIP.width(), 1, 3 * STRIP.width(), QImage.Format_RGB888)
    return QIcon(QPixmap.fromImage(image.scaled(STRIP)))
