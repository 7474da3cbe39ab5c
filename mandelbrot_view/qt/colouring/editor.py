# SPDX-License-Identifier: GPL-3.0-or-later
"""The gradient editor: a palette is made while the picture shows it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ...colour import palettefiles
from ...colour.catalogue import PaletteError
from ...colour.colouring import Colouring
from ...colour.gradient import FEWEST, MOST, Gradient
from ...colour.ownpalettes import LONGEST_NAME, OwnPalettes
from .images import plainButtons
from .sliders import DensitySlider, OffsetSlider
from .stopfields import StopFields
from .strip import GradientStrip


class GradientEditor(QDialog):
    """Edits a palette of the user's own, or a copy of another one, and saves it.

    own: where it is saved; colouring: what is edited, and what is come back to when it is cancelled.
    Signals: previewed(Colouring), after each change, and at last what was there before when it is cancelled;
    saved(Colouring), after the palette was; removed(name), after a palette was taken away, when nothing is edited any
    more.
    """

    previewed = pyqtSignal(object)
    saved = pyqtSignal(object)
    removed = pyqtSignal(str)

    def __init__(self, own: OwnPalettes, colouring: Colouring, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._own = own
        self._before = self._colouring = colouring
        self.setWindowTitle("Gradient")
        self.setAttribute(Qt.WA_DeleteOnClose)
        self.name = QLineEdit(self)
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setAccessibleName("Name of the palette")
        self.strip = GradientStrip(Gradient(colouring.palette), self)
        self.fields = StopFields(self)
        self.add = self._button("&Add", "Another stop, after this one (Insert)", self.strip.add)
        self.remove = self._button("&Remove", "Take this stop away (Delete)", self.strip.remove)
        self.reverse = self._button("Re&verse", "Turn the order of the stops around", self.strip.reverse)
        self.spread = self._button("&Even out", "Put the stops at even distances", self.strip.spread)
        self.imported = self._button("&Import…", "Use the palette in a file of another program", self._askFile)
        self.density, self.offset = DensitySlider(self), OffsetSlider(self)
        self.forget = self._button("Delete &palette", "Take this palette of yours away for good", self._forget)
        self._wrong = QLabel(self)
        self._wrong.setWordWrap(True)
        self._buttons = QDialogButtonBox(QDialogButtonBox.Save | QDialogButtonBox.Cancel, parent=self)
        self._layOut()
        self._connect()
        self.edit(colouring)

    def edit(self, colouring: Colouring) -> None:
        """Edit another palette from now on; what cancelling leads back to stays."""
        palette = colouring.palette
        isOwn = self._own.palettes.get(palette.name) == palette
        self.name.setText(palette.name if isOwn else self._own.unused(palette.name))
        self.forget.setVisible(isOwn)
        self._wrong.hide()
        self.density.show_(colouring.density)
        self.offset.show_(colouring.offset)
        self._colouring = colouring
        self.strip.blockSignals(True)
        self.strip.setGradient(Gradient(palette))
        self.strip.blockSignals(False)
        self._showStop()

    def accept(self) -> None:
        """Save the palette, unless something is wrong."""
        palette = self.strip.gradient.palette(self.name.text().strip())
        try:
            self._own.save(palette)
        except PaletteError as error:
            self._say(error)
            return
        self.saved.emit(self._colouring._replace(palette=palette))
        super().accept()

    def reject(self) -> None:
        """Let all be as it was."""
        self.previewed.emit(self._before)
        super().reject()

    def load(self, path: str) -> None:
        """Edit the palette in a file of another program, or say what is wrong with that."""
        try:
            palette = palettefiles.load(Path(path))
        except PaletteError as error:
            self._say(error)
            return
        self.edit(self._colouring._replace(palette=palette))
        self._changed()

    def _askFile(self) -> None:
        kinds = f"Palettes ({' '.join(f'*{suffix}' for suffix in palettefiles.SUFFIXES)});;All files (*)"
        dialog = QFileDialog(self, "Import a palette", str(Path.home()), kinds)
        dialog.setFileMode(QFileDialog.ExistingFile)
        dialog.setAttribute(Qt.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.load)
        dialog.open()
        plainButtons(dialog)

    def _forget(self) -> None:
        name = self._colouring.palette.name
        try:
            self._own.remove(name)
        except PaletteError as error:
            self._say(error)
            return
        self.removed.emit(name)
        super().accept()

    def _say(self, error: PaletteError) -> None:
        text = str(error)
        self._wrong.setText(f"{text[0].upper()}{text[1:]}.")
        self._wrong.show()
        self.adjustSize()
        self.name.setFocus()

    # Changes.

    def _changed(self) -> None:
        """The gradient is another one: have it seen."""
        palette = self.strip.gradient.palette(self._colouring.palette.name)
        self._showStop()
        self._preview(self._colouring._replace(palette=palette))

    def _preview(self, colouring: Colouring) -> None:
        self._colouring = colouring
        self.previewed.emit(colouring)

    def _showStop(self) -> None:
        gradient, number = self.strip.gradient, self.strip.current
        self.fields.showStop(number, len(gradient), *gradient.stops[number])
        self.add.setEnabled(len(gradient) < MOST)
        self.remove.setEnabled(len(gradient) > FEWEST)

    # Putting it together.

    def _button(self, text: str, tip: str, does: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _=False: does())
        return button

    def _connect(self) -> None:
        self.strip.changed.connect(self._changed)
        self.strip.chosen.connect(lambda _: self._showStop())
        self.strip.colourAsked.connect(self.fields.ask)
        self.fields.moved.connect(self.strip.moveStop)
        self.fields.recoloured.connect(self.strip.recolour)
        self.density.chosen.connect(lambda density: self._preview(self._colouring._replace(density=density)))
        self.offset.chosen.connect(lambda offset: self._preview(self._colouring._replace(offset=offset % 1.0)))
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def _layOut(self) -> None:
        plainButtons(self)
        name = QFormLayout()
        name.setSpacing(8)
        name.addRow("&Name", self.name)
        stops = QHBoxLayout()
        stops.setSpacing(8)
        for button in (self.add, self.remove, self.reverse, self.spread, self.imported):
            stops.addWidget(button)
        stops.addStretch(1)
        sliders = QFormLayout()
        sliders.setSpacing(8)
        sliders.addRow("&Density", self.density)
        sliders.addRow("&Offset", self.offset)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.forget)
        foot.addWidget(self._buttons, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addLayout(name)
        layout.addWidget(self.strip)
        layout.addWidget(self.fields)
        layout.addLayout(stops)
        layout.addLayout(sliders)
        layout.addWidget(self._wrong)
        layout.addLayout(foot)
        self.strip.setFocus()
