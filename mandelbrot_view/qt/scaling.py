# SPDX-License-Identifier: GPL-3.0-or-later
"""Arrays of pixels as Qt's images, and their scaling by Qt, which does that in vectors."""

from __future__ import annotations

from PyQt5 import sip
from PyQt5.QtCore import QRect, QRectF
from PyQt5.QtGui import QImage, QPainter

from ..tiles import Tile
from .framing import Mapping
from .picture import Pixels


def shared(pixels: Pixels) -> QImage:
    """An image on the very memory of an array, which must outlive it and be contiguous."""
    height, width = pixels.shape
    return QImage(sip.voidptr(pixels.ctypes.data), width, height, 4 * width, QImage.Format_RGB32)


def scaleSmoothly(source: Pixels, target: Pixels, where: Mapping, within: Tile) -> None:
    """Draw the source into a part of the target, the colours between two pixels being mixed."""
    height, width = source.shape
    image = shared(target)  # it must live for as long as it is painted on
    painter = QPainter(image)
    painter.setRenderHint(QPainter.SmoothPixmapTransform)
    painter.setClipRect(QRect(*within))
    painter.drawImage(QRectF(where.dx, where.dy, width * where.factor, height * where.factor), shared(source))
    painter.end()
