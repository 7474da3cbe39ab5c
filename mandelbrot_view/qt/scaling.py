# SPDX-License-Identifier: GPL-3.0-or-later
"""Arrays of pixels as Qt's images, and their scaling by Qt, which does that in vectors."""

from __future__ import annotations

from PyQt5 import sip
from PyQt5.QtCore import QRectF
from PyQt5.QtGui import QImage, QPainter

from ..pictures.tiles import Tile
from .framing import Mapping
from .picture import Pixels


def shared(pixels: Pixels) -> QImage:
    """An image on the very memory of an array, which must outlive it and be contiguous."""
    height, width = pixels.shape
    return QImage(sip.voidptr(pixels.ctypes.data), width, height, 4 * width, QImage.Format_RGB32)


def scaleSmoothly(source: Pixels, target: Pixels, where: Mapping, within: Tile) -> None:
    """Fill a part of the target, all of which the source covers, mixing the colours between two pixels."""
    x, y = (within.x - where.dx) / where.factor, (within.y - where.dy) / where.factor
    part = QRectF(x, y, within.width / where.factor, within.height / where.factor)
    image = shared(target)  # it must live for as long as it is painted on
    painter = QPainter(image)
    painter.setRenderHint(QPainter.SmoothPixmapTransform)
    painter.drawImage(QRectF(*within), shared(source), part)
    painter.end()
