# SPDX-License-Identifier: GPL-3.0-or-later
"""A stop of a gradient by figures: where it is, and its colour."""

from __future__ import annotations

import re

from PyQt5.QtCore import QLocale, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PyQt5.QtWidgets import QColorDialog, QDoubleSpinBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from .images import plainButtons

_HEX = re.compile(r"#?([0-9a-fA-F]{6})")
_SWATCH = QSize(28, 16)


class StopFields(QWidget):
    """Shows a stop, and lets its position and colour be typed or chosen.

    Signals: moved(position, 0 to 1); recoloured("rrggbb"), also while a colour is being chosen.
    """

    moved = pyqtSignal(float)
    recoloured = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = "000000"
        self._dialog: QColorDialog | None = None
        self._which = QLabel(self)
        self.position = QDoubleSpinBox(self)
        self.position.setLocale(QLocale.c())
        self.position.setRange(0.0, 99.9)
        self.position.setDecimals(1)
        self.position.setSuffix(" %")
        self.position.setAlignment(Qt.AlignRight)
        self.position.setKeyboardTracking(False)
        self.position.setAccessibleName("Position of the stop")
        self.position.setToolTip("Where the stop is in the cycle")
        self.hex = QLineEdit(self)
        self.hex.setMaxLength(7)
        self.hex.setFixedWidth(self.hex.fontMetrics().horizontalAdvance("#dddddd") + 24)
        self.hex.setAccessibleName("Colour of the stop")
        self.hex.setToolTip("The colour as red, green and blue in two hexadecimal digits each")
        self.swatch = QPushButton("&Colour…", self)
        self.swatch.setIconSize(_SWATCH)
        self.swatch.setAutoDefault(False)
        self.swatch.setToolTip("Choose the colour; the picture follows at once")
        self.position.valueChanged.connect(lambda percent: self.moved.emit(percent / 100))
        self.hex.editingFinished.connect(self._typed)
        self.swatch.clicked.connect(self.ask)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._which, 1)
        for field in (self.position, self.hex, self.swatch):
            layout.addWidget(field)

    def showStop(self, number: int, count: int, position: float, colour: str) -> None:
        """Show the stop with this number, from 0, of so many."""
        self._which.setText(f"Stop {number + 1} of {count}")
        self.position.blockSignals(True)
        self.position.setValue(position * 100)
        self.position.blockSignals(False)
        self._colour = colour
        self.hex.setText(f"#{colour}")
        self.swatch.setIcon(self._icon(colour))

    def ask(self) -> None:
        """Open a dialog for the colour."""
        if self._dialog is None:
            before = self._colour
            dialog = self._dialog = QColorDialog(QColor(f"#{before}"), self)
            dialog.setWindowTitle("Colour of the stop")
            dialog.setOption(QColorDialog.DontUseNativeDialog)
            dialog.setAttribute(Qt.WA_DeleteOnClose)
            dialog.currentColorChanged.connect(lambda colour: self.recoloured.emit(colour.name()[1:]))
            dialog.rejected.connect(lambda: self.recoloured.emit(before))
            dialog.finished.connect(self._closed)
            dialog.open()
            plainButtons(dialog)

    def _closed(self) -> None:
        self._dialog = None

    def _typed(self) -> None:
        """What is no colour gives way to the one that is."""
        matched = _HEX.fullmatch(self.hex.text().strip())
        if matched is None:
            self.hex.setText(f"#{self._colour}")
        elif matched[1].lower() != self._colour:
            self.recoloured.emit(matched[1].lower())

    def _icon(self, colour: str) -> QIcon:
        pixmap = QPixmap(_SWATCH)
        painter = QPainter(pixmap)
        painter.fillRect(pixmap.rect(), QColor(f"#{colour}"))
        painter.setPen(self.palette().color(QPalette.Mid))
        painter.drawRect(pixmap.rect().adjusted(0, 0, -1, -1))
        painter.end()
        return QIcon(pixmap)
