# SPDX-License-Identifier: GPL-3.0-or-later
"""What all dialogs have in common."""

from PyQt5.QtGui import QIcon
from PyQt5.QtWidgets import QDialogButtonBox, QWidget


def plainButtons(dialog: QWidget) -> None:
    """Have a dialog's buttons show words alone: Qt's own icons for them are dark on a dark ground."""
    for box in dialog.findChildren(QDialogButtonBox):
        for button in box.buttons():
            button.setIcon(QIcon())
