# SPDX-License-Identifier: GPL-3.0-or-later
"""A picture as a file."""

from __future__ import annotations

from PyQt5.QtCore import QIODevice, QSaveFile
from PyQt5.QtGui import QImage, QImageWriter

from ..places.pictureplace import CHUNK
from ..places.place import Place


def savePicture(image: QImage, place: Place, path: str) -> None:
    """Write a PNG that says where it is. Raises OSError with a text for the user; an older file then stays."""
    file = QSaveFile(path)
    if not file.open(QIODevice.WriteOnly):
        raise OSError(_sorry(path, file.errorString()))
    writer = QImageWriter(file, b"png")
    writer.setText(CHUNK, place.link)
    if not writer.write(image):
        file.cancelWriting()
        raise OSError(_sorry(path, writer.errorString()))
    if not file.commit():
        raise OSError(_sorry(path, file.errorString()))


def _sorry(path: str, reason: str) -> str:
    return f"The picture could not be saved as {path}: {reason}. Choose another folder or name."
