# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialog in which a place gets a name and a note."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from aqgui.dialogs import plainButtons

_LONGEST_NAME = 100


class KeepPlaceDialog(QDialog):
    """Asks for a name and a note; open() it.

    title: of the window; name, note: what stands there at first; kept: called with both when the user has agreed.
    """

    def __init__(self, title: str, name: str, note: str, kept: Callable[[str, str], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._kept = kept
        self.setWindowTitle(title)
        self.setAttribute(Qt.WA_DeleteOnClose)
        self.name = QLineEdit(name, self)
        self.name.setMaxLength(_LONGEST_NAME)
        self.name.selectAll()
        self.note = QPlainTextEdit(note, self)
        self.note.setTabChangesFocus(True)
        self.note.setPlaceholderText("What it shows, how you got here, where to go next")
        self._buttons = QDialogButtonBox(QDialogButtonBox.Save | QDialogButtonBox.Cancel, parent=self)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self.name.textChanged.connect(self._check)
        form = QFormLayout()
        form.setSpacing(8)
        form.addRow("&Name", self.name)
        form.addRow("N&ote", self.note)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addLayout(form, 1)
        layout.addWidget(self._buttons)
        self._check()
        plainButtons(self)
        self.resize(440, 260)

    def accept(self) -> None:
        """QDialog: hand over what was written."""
        self._kept(self.name.text().strip(), self.note.toPlainText().strip())
        super().accept()

    def _check(self) -> None:
        self._buttons.button(QDialogButtonBox.Save).setEnabled(bool(self.name.text().strip()))
