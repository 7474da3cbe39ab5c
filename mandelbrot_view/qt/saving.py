# SPDX-License-Identifier: GPL-3.0-or-later
"""A picture as a file."""

from __future__ import annotations

from pathlib import Path

from PyQt5.QtCore import QIODevice, QSaveFile
from PyQt5.QtGui import QImage, QImageWriter

from ..export import pictureformat
from ..export.errors import ExportError
from ..places.pictureplace import CHUNK
from ..places.place import Place

# Of 100, for the formats that lose something.
_QUALITY = 92


def savePicture(image: QImage, place: Place, path: str) -> None:
    """Write a picture in the format that its name asks for; a PNG says where it is.

    Raises: OSError with a text for the user; an older file then stays.
    """
    suffix = Path(path).suffix.lower()
    try:
        pictureformat.check(Path(path), (image.width(), image.height()))
    except ExportError as error:
        raise OSError(f"{str(error)[0].upper()}{str(error)[1:]}.") from error
    file = QSaveFile(path)
    if not file.open(QIODevice.WriteOnly):
        raise OSError(_sorry(path, file.errorString()))
    writer = QImageWriter(file, suffix[1:].encode() or b"png")
    if suffix in ("", ".png"):
        writer.setText(CHUNK, place.link)
    else:
        writer.setQuality(_QUALITY)
    if not writer.write(image):
        file.cancelWriting()
        raise OSError(_sorry(path, writer.errorString()))
    if not file.commit():
        raise OSError(_sorry(path, file.errorString()))


def _sorry(path: str, reason: str) -> str:
    return f"The picture could not be saved as {path}: {reason}. Choose another folder or name."
