# SPDX-License-Identifier: GPL-3.0-or-later
"""Palettes as pictures, and buttons without any."""

from __future__ import annotations

from bisect import bisect_left

from PyQt5.QtCore import QSize, Qt
from PyQt5.QtGui import QIcon, QImage, QPixmap
from PyQt5.QtWidgets import QDialogButtonBox, QWidget

from ...colour.palettes import Palette

# Of the icon in a list, and of that in a menu, where there is less room.
STRIP = QSize(72, 14)
_PATCHES = QSize(16, 16), QSize(32, 32)
# A screen of 200 % or 300 % asks for so much larger pictures.
_SCALES = (1, 2, 3)


def stripImage(palette: Palette, width: int) -> QImage:
    """One cycle of a palette, a pixel high."""
    if (
        len(palette.stops) > 2 * width
    ):  # then the nearest stop is near enough, and sooner there than a curve through all
        positions = [position for position, _ in palette.stops]
        nearest = (bisect_left(positions, x / width) % len(positions) for x in range(width))
        pixels = b"".join(bytes.fromhex(palette.stops[stop][1]) for stop in nearest)
    else:
        pixels = palette.table(width).tobytes()
    return QImage(pixels, width, 1, 3 * width, QImage.Format_RGB888).copy()


def stripIcon(palette: Palette) -> QIcon:
    """One cycle of a palette as an icon."""
    icon, image = QIcon(), stripImage(palette, STRIP.width())
    for size in (*(scale * STRIP for scale in _SCALES), *_PATCHES):
        pixmap = QPixmap.fromImage(image.scaled(size, transformMode=Qt.SmoothTransformation))
        icon.addPixmap(pixmap)
        icon.addPixmap(pixmap, QIcon.Selected)  # else Qt would make one that is tinted
    return icon


def plainButtons(dialog: QWidget) -> None:
    """Have a dialog's buttons show words alone: Qt's own icons for them are dark on a dark ground."""
    for box in dialog.findChildren(QDialogButtonBox):
        for button in box.buttons():
            button.setIcon(QIcon())
