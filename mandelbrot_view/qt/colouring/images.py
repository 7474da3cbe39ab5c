# SPDX-License-Identifier: GPL-3.0-or-later
"""Palettes as pictures, and buttons without any."""

from __future__ import annotations

from PyQt5.QtCore import QSize
from PyQt5.QtGui import QIcon, QImage, QPixmap
from PyQt5.QtWidgets import QDialogButtonBox, QWidget

from ...colour.palettes import Palette

# Of the icon in a list, and of that in a menu, where there is less room.
STRIP = QSize(72, 14)
_PATCHES = QSize(16, 16), QSize(32, 32)


def stripImage(palette: Palette, width: int) -> QImage:
    """One cycle of a palette, a pixel high."""
    table = palette.table(width)
    return QImage(table.tobytes(), width, 1, 3 * width, QImage.Format_RGB888).copy()


def stripIcon(palette: Palette) -> QIcon:
    """One cycle of a palette as an icon."""
    icon = QIcon()
    for size in (STRIP, *_PATCHES):
        icon.addPixmap(QPixmap.fromImage(stripImage(palette, size.width()).scaled(size)))
    return icon


def plainButtons(dialog: QWidget) -> None:
    """Have a dialog's buttons show words alone: Qt's own icons for them are dark on a dark ground."""
    for box in dialog.findChildren(QDialogButtonBox):
        for button in box.buttons():
            button.setIcon(QIcon())
