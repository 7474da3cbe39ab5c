# SPDX-License-Identifier: GPL-3.0-or-later
"""Named places as a list model, with their thumbnails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from PyQt5.QtCore import QAbstractListModel, QBuffer, QIODevice, QModelIndex, QObject, QRect, QSize, Qt
from PyQt5.QtGui import QImage, QPixmap

from mandelbrot_view.places.collection import PICTURE_SIZE, Entry

from .statusbar import short


class GalleryModel(QAbstractListModel):
    """A row for each place.

    pictureOf: where an entry's thumbnail is, if there is one.
    """

    def __init__(self, pictureOf: Callable[[Entry], Path], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictureOf = pictureOf
        self._entries: list[Entry] = []
        self._pictures: dict[str, QPixmap] = {}

    def show(self, entries: Sequence[Entry]) -> None:
        """Show these places."""
        self.beginResetModel()
        self._entries = list(entries)
        self._pictures.clear()
        self.endResetModel()

    def entryAt(self, row: int) -> Entry | None:
        """The place of a row; None if there is no such row."""
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def rowOf(self, key: str) -> int:
        """The row of the place with a key; -1 if there is none."""
        return next((row for row, entry in enumerate(self._entries) if entry.key == key), -1)

    def picture(self, row: int) -> QPixmap:
        """A row's thumbnail; a null one if there is none."""
        entry = self._entries[row]
        if entry.key not in self._pictures:
            self._pictures[entry.key] = QPixmap(str(self._pictureOf(entry)))
        return self._pictures[entry.key]

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        """QAbstractItemModel."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: QModelIndex, role: int = Qt.DisplayRole) -> Any:
        """QAbstractItemModel: the name; for screen readers and in the tool tip also the depth and the note."""
        entry = self.entryAt(index.row())
        if entry is None:
            return None
        if role == Qt.DisplayRole:
            return entry.name
        if role in (Qt.ToolTipRole, Qt.AccessibleDescriptionRole):
            return "\n".join(filter(None, (entry.name, depthOf(entry), entry.note)))
        return None


def depthOf(entry: Entry) -> str:
    """How deep a place is, in a few characters."""
    return f"zoom {short(Decimal(entry.place.zoom))}"


def thumbnail(image: QImage) -> bytes:
    """A picture's middle, as a thumbnail in PNG."""
    size = QSize(*PICTURE_SIZE)
    scaled = image.scaled(size, Qt.KeepAspectRatioByExpanding, Qt.SmoothTransformation)
    middle = QRect((scaled.width() - size.width()) // 2, (scaled.height() - size.height()) // 2, *PICTURE_SIZE)
    buffer = QBuffer()
    buffer.open(QIODevice.WriteOnly)
    scaled.copy(middle).save(buffer, "PNG")
    return bytes(buffer.data())
