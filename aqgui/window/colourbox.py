# SPDX-License-Identifier: GPL-3.0-or-later
"""Choosing colours in the tool bar: a list of palettes that shows each as a strip, and a button for all the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PyQt5.QtCore import QEvent, Qt, pyqtSignal
from PyQt5.QtGui import QFocusEvent, QIcon, QStandardItem, QStandardItemModel
from PyQt5.QtWidgets import (
    QAction,
    QComboBox,
    QGridLayout,
    QLabel,
    QListView,
    QMenu,
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from aqgui.icons import icon
from mandelbrot_view.colour.palettes import DEFAULT, PALETTES, Palette
from mandelbrot_view.qt.colouring.images import STRIP, stripIcon
from mandelbrot_view.qt.colouring.sliders import DensitySlider, OffsetSlider

_OWN, _PERCEPTUAL = "Your own", "Perceptual, by colorcet"


class _ListStyle(QProxyStyle):
    """Opens a combo box as a list with a scroll bar; the style would show as many rows as the screen is high."""

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,
    ) -> int:
        """QStyle: no menu."""
        return 0 if hint == QStyle.SH_ComboBox_Popup else super().styleHint(hint, option, widget, returnData)


class PaletteBox(QComboBox):
    """The palettes by name, each with its strip: ours, the user's own, and the perceptual ones when they are there.

    Signals: chosen(Palette); wanted(), when a hand comes near and the perceptual ones are not there: it opens with
    setPerceptual().
    """

    chosen = pyqtSignal(object)
    wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._own: Mapping[str, Palette] = {}
        self._perceptual: Mapping[str, Palette] | None = None
        self._shown = PALETTES[DEFAULT]
        self._isToOpen = False
        self._icons: dict[Palette, QIcon] = {}
        self._style = _ListStyle("Fusion")
        self.setStyle(self._style)
        self.setIconSize(STRIP)
        self.setMaxVisibleItems(20)
        # As wide as ours are: the long names of others are elided.
        self.setSizeAdjustPolicy(QComboBox.AdjustToContentsOnFirstShow)
        self.setAccessibleName("Palette")
        self.setToolTip("The palette of the picture")
        view = self.view()
        assert isinstance(view, QListView)
        view.setSpacing(1)
        self._fill()
        self.activated.connect(self._activated)

    @property
    def palettes(self) -> dict[str, Palette]:
        """All that are listed, by name."""
        return {**(self._perceptual or {}), **self._own, **PALETTES}

    @property
    def isComplete(self) -> bool:
        """Whether the perceptual ones are there."""
        return self._perceptual is not None

    def setOwn(self, palettes: Mapping[str, Palette]) -> None:
        """List these as the user's own."""
        self._own = palettes
        self._fill()

    def setPerceptual(self, palettes: Mapping[str, Palette]) -> None:
        """List these as the perceptual ones; it opens now if it was to be opened."""
        self._perceptual = palettes
        self._fill()
        if self._isToOpen and self.isVisible():
            self.showPopup()
        self._isToOpen = False

    def showPalette(self, palette: Palette) -> None:
        """Show a palette as chosen, one that is not listed, too."""
        self._shown = palette
        if self.findText(palette.name) < 0:
            self._fill()
        self.setCurrentIndex(self.findText(palette.name))

    def icon(self, name: str) -> QIcon:
        """The strip of a palette that is listed; an empty one of another."""
        palette = self.palettes.get(name)
        return QIcon() if palette is None else self._icon(palette)

    def showPopup(self) -> None:
        """QComboBox: open the list, when it is whole."""
        if self._perceptual is None:
            self._isToOpen = True
            self.wanted.emit()
            return
        # Qt makes it as wide as the box, which may be too narrow for the names.
        view = self.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + view.verticalScrollBar().sizeHint().width() + 8)
        super().showPopup()

    def enterEvent(self, event: QEvent) -> None:
        """QWidget: the pointer is here; soon the list will be wanted."""
        super().enterEvent(event)
        self._comesNear()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """QWidget: so are keys."""
        super().focusInEvent(event)
        self._comesNear()

    def _comesNear(self) -> None:
        if self._perceptual is None:
            self.wanted.emit()

    def _activated(self, row: int) -> None:
        palette = self.itemData(row)
        if isinstance(palette, Palette):
            self._shown = palette
            self.chosen.emit(palette)

    def _fill(self) -> None:
        self.clear()
        listed = self.palettes
        others = {} if self._shown.name in listed else {self._shown.name: self._shown}
        self._list("", PALETTES.values())
        self._list(_OWN, self._own.values())
        self._list(_PERCEPTUAL, [*(self._perceptual or {}).values(), *others.values()])
        self.setCurrentIndex(self.findText(self._shown.name))

    def _list(self, title: str, palettes: Iterable[Palette]) -> None:
        palettes = [palette for palette in palettes if self.findText(palette.name) < 0]
        if title and palettes:
            heading = QStandardItem(title)
            heading.setFlags(Qt.NoItemFlags)
            model = self.model()
            assert isinstance(model, QStandardItemModel)
            model.appendRow(heading)
        for palette in palettes:
            self.addItem(self._icon(palette), palette.name, palette)

    def _icon(self, palette: Palette) -> QIcon:
        if palette not in self._icons:
            self._icons[palette] = stripIcon(palette)
        return self._icons[palette]


class ColourButton(QToolButton):
    """Opens sliders for the palette's density and offset, which change the picture at once, and further actions."""

    densityChosen = pyqtSignal(float)
    offsetChosen = pyqtSignal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setIcon(icon("palette"))
        self.setToolTip("Density and offset of the palette, shading, and the gradient editor")
        self.setAccessibleName("Colours")
        self.setPopupMode(QToolButton.InstantPopup)
        self.density, self.offset = DensitySlider(), OffsetSlider()
        self.density.chosen.connect(self.densityChosen)
        self.offset.chosen.connect(lambda offset: self.offsetChosen.emit(offset % 1.0))
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.addAction(self._makeSliders())
        self.setMenu(self._menu)

    def addActions(self, actions: Iterable[QAction | None]) -> None:
        """List actions below the sliders; None is a line between."""
        for action in actions:
            if action is None:
                self._menu.addSeparator()
            else:
                self._menu.addAction(action)

    def _reset(self) -> None:
        self.density.setValue(0)
        self.offset.setValue(0)

    def _makeSliders(self) -> QWidgetAction:
        panel = QWidget(self._menu)
        layout = QGridLayout(panel)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        for row, (text, slider) in enumerate((("Density", self.density), ("Offset", self.offset))):
            layout.addWidget(QLabel(text, panel), row, 0)
            layout.addWidget(slider, row, 1)
        reset = QToolButton(panel)
        reset.setText("Reset")
        reset.clicked.connect(self._reset)
        layout.addWidget(reset, 2, 1, Qt.AlignRight)
        action = QWidgetAction(self._menu)
        action.setDefaultWidget(panel)
        return action
