# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages and questions in front of the window. None of them waits: the event loop is never entered twice."""

from collections.abc import Callable

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QMessageBox, QWidget

from aqgui.dialogs import plainButtons


def tell(parent: QWidget, text: str, more: str = "", details: str = "") -> QMessageBox:
    """Say that something went wrong: a sentence, another one, and what is a click away."""
    box = _box(parent, QMessageBox.Warning, text, more)
    if details:
        box.setDetailedText(details)
    box.setStandardButtons(QMessageBox.Ok)
    box.open()
    plainButtons(box)
    return box


def ask(parent: QWidget, text: str, more: str, yes: str, no: str, answered: Callable[[], None]) -> QMessageBox:
    """Ask before something is lost. `answered` is called when the button `yes` was pressed."""
    box = _box(parent, QMessageBox.Question, text, more)
    button = box.addButton(yes, QMessageBox.DestructiveRole)
    box.setDefaultButton(box.addButton(no, QMessageBox.RejectRole))
    button.clicked.connect(answered)
    box.open()
    plainButtons(box)
    return box


def _box(parent: QWidget, kind: QMessageBox.Icon, text: str, more: str) -> QMessageBox:
    box = QMessageBox(kind, "aqgui", text, parent=parent)
    box.setTextFormat(Qt.PlainText)
    box.setInformativeText(more)
    box.setAttribute(Qt.WA_DeleteOnClose)
    return box
