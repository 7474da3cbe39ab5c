# SPDX-License-Identifier: GPL-3.0-or-later
"""Places by file, link and gallery: where to go, and how the place that is shown and its picture are kept."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path

from PyQt5.QtCore import QMimeData, QObject, Qt
from PyQt5.QtWidgets import QApplication, QFileDialog, QWidget

from aqgui.dialogs import plainButtons
from aqgui.settings import Settings
from aqgui.texts import sentence
from mandelbrot_view.places import files
from mandelbrot_view.places.collection import Entry, OwnPlaces
from mandelbrot_view.places.place import Place, PlaceError
from mandelbrot_view.places.placefile import PlaceFile
from mandelbrot_view.qt.view import MandelbrotView

from .gallery import Gallery, explained
from .gallerymodel import thumbnail
from .keepplace import KeepPlaceDialog
from .messages import tell
from .offered import DropTarget, placeIn
from .statusbar import short

_FOLDER = "places/folder"
# The key of the place that was chosen last in the gallery.
_CHOSEN = "places/chosen"
_OPENED = f"Places ({' '.join(f'*{suffix}' for suffix in files.SUFFIXES)});;All files (*)"
_SAVED = ("Link (*.mandelbrot)", "Kalles Fraktaler (*.kfr)", "Fraktaler 3 (*.toml)")


class Places(QObject):
    """What the menus File and Places do.

    Args:
        view: Whose place it is.
        settings: Keep the folder that was used last.
        said: Called with a sentence when something was done that cannot be seen.
    """

    def __init__(self, window: QWidget, view: MandelbrotView, settings: Settings, said: Callable[[str], None]) -> None:
        super().__init__(window)
        self._window = window
        self._view = view
        self._settings = settings
        self._said = said
        self._gallery: Gallery | None = None
        self.own = OwnPlaces(settings.folder)
        DropTarget(window, self.drop)

    def copy(self) -> None:
        """Put the place's link on the clipboard."""
        QApplication.clipboard().setText(self._view.place.link)
        self._said("The place's link is on the clipboard.")

    def paste(self) -> None:
        """Go to the place that the clipboard names: by a link, a file, or a file's text."""
        self._take(QApplication.clipboard().mimeData(), "There is no place on the clipboard.")

    def drop(self, data: QMimeData) -> None:
        """Go to the place that was dropped on the window: a file, a link, or a file's text."""
        self._take(data, "What was dropped is not a place.")

    def showGallery(self) -> None:
        """Let the user choose among places worth seeing and those that were kept."""
        start = self._settings.get(_CHOSEN, "")
        self._gallery = Gallery(self.own, start, self._choose, self.keep, self._window)
        self._gallery.finished.connect(self._galleryClosed)
        self._gallery.open()

    def keep(self) -> None:
        """Ask for a name and a note, and keep the place that is shown, with its picture as it is now."""
        place = self._view.place
        kept = partial(self._keep, place, thumbnail(self._view.image()))
        KeepPlaceDialog(
            "Keep this place", f"Zoom {short(Decimal(place.zoom))}", "", kept, self._gallery or self._window
        ).open()

    def open(self) -> None:
        """Ask for a file, and go to its place."""
        dialog = self._dialog("Open a place", QFileDialog.AcceptOpen, _OPENED)
        dialog.setFileMode(QFileDialog.ExistingFile)
        dialog.fileSelected.connect(self.load)
        self._show(dialog)

    def load(self, path: str) -> None:
        """Go to the place in a file."""
        self._remember(path)
        self._go(lambda: files.load(path), "This file has no place that can be read.")

    def save(self) -> None:
        """Ask for a file, and write the place to it."""
        dialog = self._askWhere("Save the place", "place.mandelbrot", ";;".join(_SAVED), self.write)
        dialog.filterSelected.connect(lambda kind: _rename(dialog, kind))

    def write(self, path: str) -> None:
        """Write the place to a file, in the way that its name asks for."""
        self._remember(path)
        try:
            files.save(self._view.place, path)
        except OSError as error:
            tell(self._window, "The place could not be saved.", _why(path, error))
        else:
            self._said(f"The place was written to {path}.")

    def savePicture(self) -> None:
        """Ask for a file, and write the picture to it."""
        self._askWhere("Save the picture", "mandelbrot.png", "Pictures (*.png)", self.writePicture)

    def writePicture(self, path: str) -> None:
        """Write the picture as it is shown to a PNG file."""
        self._remember(path)
        isSharp = self._view.isSharp
        try:
            self._view.savePicture(path)
        except OSError as error:
            tell(self._window, str(error))
        else:
            unfinished = "" if isSharp else " It was not sharp everywhere yet."
            self._said(f"The picture was written to {path}.{unfinished}")

    def _choose(self, entry: Entry) -> None:
        self._settings.set(_CHOSEN, entry.key)
        self._view.setPlace(entry.place)

    def _keep(self, place: Place, picture: bytes, name: str, note: str) -> None:
        try:
            entry = self.own.add(name, note, place, picture)
        except OSError as error:
            tell(self._gallery or self._window, "The place could not be kept.", _why(str(self._settings.folder), error))
            return
        self._settings.set(_CHOSEN, entry.key)
        if self._gallery is not None:
            self._gallery.showKept(entry.key)
            return
        self._said(f"{name} is kept among your places.")
        trouble = self.own.takeTrouble()
        if trouble:
            tell(self._window, *explained(trouble))

    def _galleryClosed(self) -> None:
        self._gallery = None

    def _take(self, data: QMimeData, otherwise: str) -> None:
        self._go(lambda: placeIn(data), otherwise)

    def _go(self, read: Callable[[], PlaceFile], otherwise: str) -> None:
        try:
            found = read()
            self._view.setPlace(found.place)
            if found.note:
                self._said(found.note)
        except PlaceError as error:
            tell(self._window, otherwise, sentence(str(error)))

    def _askWhere(self, title: str, name: str, kinds: str, write: Callable[[str], None]) -> QFileDialog:
        dialog = self._dialog(title, QFileDialog.AcceptSave, kinds)
        dialog.setDefaultSuffix(Path(name).suffix[1:])
        dialog.selectFile(name)
        dialog.fileSelected.connect(write)
        self._show(dialog)
        return dialog

    def _dialog(self, title: str, mode: QFileDialog.AcceptMode, kinds: str) -> QFileDialog:
        dialog = QFileDialog(self._window, title, self._settings.get(_FOLDER, str(Path.home())), kinds)
        dialog.setAcceptMode(mode)
        return dialog

    def _show(self, dialog: QFileDialog) -> None:
        dialog.setAttribute(Qt.WA_DeleteOnClose)
        dialog.open()
        plainButtons(dialog)

    def _remember(self, path: str) -> None:
        self._settings.set(_FOLDER, str(Path(path).absolute().parent))


def _rename(dialog: QFileDialog, kind: str) -> None:
    """Have the name in a dialog end as files of the kind that was chosen do."""
    suffix = kind[kind.index("*") + 1 : -1]
    dialog.setDefaultSuffix(suffix[1:])
    [chosen] = dialog.selectedFiles()[:1] or ["place"]
    dialog.selectFile(Path(chosen).with_suffix(suffix).name)


def _why(path: str, error: OSError) -> str:
    return f"{path}: {error.strerror or error}. Choose another folder, or make room there."
