# SPDX-License-Identifier: GPL-3.0-or-later
"""Places that come from other programs: what the clipboard holds, and what is dropped on the window."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from PyQt5.QtCore import QEvent, QMimeData, QObject, Qt
from PyQt5.QtGui import QDropEvent
from PyQt5.QtWidgets import QWidget

from mandelbrot_view.places import files
from mandelbrot_view.places.place import SCHEME, Place, PlaceError
from mandelbrot_view.places.placefile import PlaceFile


def offersPlace(data: QMimeData) -> bool:
    """Whether what is offered may name a place: a file, a link or a text. More is not known before it is read."""
    return data.hasUrls() or data.hasText()


def placeIn(data: QMimeData) -> PlaceFile:
    """The place that is offered: a file's, or that of a text. Raises PlaceError."""
    urls = data.urls()
    if len(urls) > 1:
        raise PlaceError(f"these are {len(urls)} files; one place can be shown at a time")
    if urls and urls[0].isLocalFile():
        return files.load(urls[0].toLocalFile())
    if urls and f"{urls[0].scheme()}:" == SCHEME:
        return PlaceFile(Place.parse(unquote(bytes(urls[0].toEncoded()).decode())))
    if urls and not data.hasText():
        raise PlaceError(f"{urls[0].toString()} is not on this computer; save it as a file first")
    return files.parse(data.text())


class DropTarget(QObject):
    """Lets places be dropped on a widget, and on those in it that take no drops themselves.

    dropped: called with what was dropped.
    """

    def __init__(self, widget: QWidget, dropped: Callable[[QMimeData], None]) -> None:
        super().__init__(widget)
        self._dropped = dropped
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """QObject: take drags of what may be a place, as copies: a file that is dropped stays where it is."""
        if not isinstance(event, QDropEvent) or event.type() not in (QEvent.DragEnter, QEvent.Drop):
            return False
        if not offersPlace(event.mimeData()):
            return False
        event.setDropAction(Qt.CopyAction)
        event.accept()
        if event.type() == QEvent.Drop:
            self._dropped(event.mimeData())
        return True
