# SPDX-License-Identifier: GPL-3.0-or-later
"""The gallery: places worth seeing, and the user's own, as pictures to choose from."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PyQt5.QtCore import QSize, Qt
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from aqgui.dialogs import plainButtons
from aqgui.elided import ElidedLabel
from mandelbrot_view.places.collection import Entry, OwnPlaces, Removed, pictureOfShipped, shipped

from .gallerydelegate import GalleryDelegate, cellSize
from .gallerymodel import GalleryModel, depthOf
from .keepplace import KeepPlaceDialog
from .messages import tell

_FIRST_SIZE = QSize(912, 688)
_NONE = "No places kept yet. Keep the current one with the button below, or with Ctrl+D in the window."


class Gallery(QDialog):
    """Shows the places, and goes to the one that is chosen; open() it.

    own: the user's places; start: the key of the place to begin at, or ""; chosen: called with the entry to go to;
    keep: called to keep the place that is shown.
    """

    def __init__(
        self,
        own: OwnPlaces,
        start: str,
        chosen: Callable[[Entry], None],
        keep: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._own = own
        self._chosen = chosen
        self._removed: Removed | None = None
        self.setWindowTitle("Places")
        self.setAttribute(Qt.WA_DeleteOnClose)
        self.worthSeeing = self._makeList("Places worth seeing", GalleryModel(pictureOfShipped, self))
        self.yours = self._makeList("Your places", GalleryModel(own.pictureOf, self))
        self._empty = QLabel(_NONE, self.yours)
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignCenter)
        self._empty.setContentsMargins(24, 24, 24, 24)
        QVBoxLayout(self.yours).addWidget(self._empty)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.worthSeeing, "&Worth seeing")
        self.tabs.addTab(self.yours, "&Yours")
        self._name, self._note = QLabel(self), QLabel(self)
        self._makeButtons(keep)
        self._layOut()
        self.tabs.currentChanged.connect(lambda _: self._showChoice())
        modelOf(self.worthSeeing).show(shipped())
        self.refresh()
        self._begin(start)
        self.resize(_FIRST_SIZE.boundedTo(parent.size() - QSize(40, 40)) if parent is not None else _FIRST_SIZE)

    @property
    def current(self) -> Entry | None:
        """The place that is chosen in the list that is seen."""
        view = self.tabs.currentWidget()
        return modelOf(view).entryAt(view.currentIndex().row()) if isinstance(view, QListView) else None

    def refresh(self, key: str = "") -> None:
        """Read the user's places anew. key: of the one to choose; that which is chosen stays so without it."""
        before = self.yours.currentIndex().row()
        keyBefore = getattr(modelOf(self.yours).entryAt(before), "key", "")
        try:
            entries = self._own.entries()
        except OSError as error:
            entries = []
            tell(self, "Your places could not be read.", f"{error}. Allow it to be read, and open the gallery again.")
        model = modelOf(self.yours)
        model.show(entries)
        row = model.rowOf(key or keyBefore)
        self.yours.setCurrentIndex(model.index(row if row >= 0 else min(max(before, 0), len(entries) - 1), 0))
        self._empty.setVisible(not entries)
        self._showChoice()
        trouble = self._own.takeTrouble()
        if trouble:
            tell(self, *explained(trouble))

    def showKept(self, key: str) -> None:
        """The user has kept another place: show it."""
        self.tabs.setCurrentWidget(self.yours)
        self.refresh(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """QDialog: Del deletes, where that can be."""
        if event.key() == Qt.Key_Delete:
            self._delete()
        else:
            super().keyPressEvent(event)

    # What the user does.

    def _go(self) -> None:
        entry = self.current
        if entry is not None:
            self.accept()
            self._chosen(entry)

    def _edit(self) -> None:
        entry = self.current
        if entry is not None:
            kept = partial(self._edited, entry)
            KeepPlaceDialog("Change the place", entry.name, entry.note, kept, self).open()

    def _edited(self, entry: Entry, name: str, note: str) -> None:
        self._try(lambda: self._own.edit(entry, name, note), "The change could not be written.")

    def _delete(self) -> None:
        entry = self.current

        def remove() -> None:
            assert entry is not None
            self._removed = self._own.remove(entry)
            self._deleted.setText(f"{entry.name} was deleted.")

        if entry is not None and self.tabs.currentWidget() is self.yours:
            self._try(remove, "The place could not be deleted.")

    def _undoDelete(self) -> None:
        removed = self._removed

        def restore() -> None:
            assert removed is not None
            self._own.restore(removed)
            self._removed = None

        if removed is not None:
            self._try(restore, "The place could not be restored.", removed.entry.key)

    def _try(self, action: Callable[[], object], otherwise: str, key: str = "") -> None:
        try:
            action()
        except OSError as error:
            tell(self, otherwise, f"{error}. Make room there, or allow it to be written.")
        self.refresh(key)
        self.yours.setFocus()

    def _showChoice(self) -> None:
        entry = self.current
        isOwn = self.tabs.currentWidget() is self.yours
        self._name.setText(f"{entry.name}   ({depthOf(entry)})" if entry else " ")
        self._note.setText(entry.note if entry else " ")
        self._goButton.setEnabled(entry is not None)
        for button in (self._editButton, self._deleteButton):
            button.setVisible(isOwn)
            button.setEnabled(entry is not None)
        for widget in (self._deleted, self._undo):
            widget.setVisible(isOwn and self._removed is not None)

    # Putting it together.

    def _makeList(self, name: str, model: GalleryModel) -> QListView:
        view = QListView(self)
        view.setViewMode(QListView.IconMode)
        view.setResizeMode(QListView.Adjust)
        view.setMovement(QListView.Static)
        view.setUniformItemSizes(True)
        view.setGridSize(cellSize(self.fontMetrics()))
        view.setVerticalScrollMode(QListView.ScrollPerPixel)
        view.setFrameShape(QListView.NoFrame)
        view.setAccessibleName(name)
        view.setItemDelegate(GalleryDelegate(view))
        view.setModel(model)
        view.activated.connect(lambda _: self._go())
        view.selectionModel().currentChanged.connect(lambda *_: self._showChoice())
        return view

    def _makeButtons(self, keep: Callable[[], None]) -> None:
        self._keepButton = self._button("&Keep the place that is shown…", keep)
        self._editButton = self._button("&Edit…", self._edit)
        self._deleteButton = self._button("&Delete", self._delete)
        self._deleteButton.setToolTip("Delete this place (Del)")
        self._deleted = ElidedLabel(self, takesRest=True)
        self._undo = self._button("&Undo", self._undoDelete)
        self._goButton = self._button("&Go there", self._go)
        self._goButton.setDefault(True)

    def _button(self, text: str, slot: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _: slot())
        return button

    def _layOut(self) -> None:
        font = self._name.font()
        font.setBold(True)
        self._name.setFont(font)
        for label in (self._name, self._note):
            label.setTextFormat(Qt.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextSelectableByMouse)
        self._note.setAccessibleName("Note")
        self._note.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self._note.setAlignment(Qt.AlignTop | Qt.AlignLeft)
        close = QDialogButtonBox(QDialogButtonBox.Close, parent=self)
        close.rejected.connect(self.reject)
        line = QHBoxLayout()
        line.setSpacing(8)
        for button in (self._keepButton, self._editButton, self._deleteButton):
            line.addWidget(button)
        line.addStretch(1)
        line.addWidget(self._goButton)
        line.addWidget(close)
        undoing = QHBoxLayout()
        undoing.setSpacing(8)
        undoing.addWidget(self._deleted, 1)
        undoing.addWidget(self._undo)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self._name)
        layout.addWidget(self._note)
        layout.addLayout(undoing)
        layout.addLayout(line)
        plainButtons(self)

    def _begin(self, start: str) -> None:
        """Choose the place of before; without one, the first."""
        for view in (self.yours, self.worthSeeing):
            row = modelOf(view).rowOf(start)
            view.setCurrentIndex(modelOf(view).index(max(row, 0), 0))
            if row >= 0:
                self.tabs.setCurrentWidget(view)
        self.tabs.currentWidget().setFocus()
        self._showChoice()


def modelOf(view: QListView) -> GalleryModel:
    """The model of one of the lists."""
    model = view.model()
    assert isinstance(model, GalleryModel)
    return model


def explained(trouble: str) -> tuple[str, str]:
    """What went wrong, and what becomes of it: its sentences as a message has them."""
    what, _, more = trouble.partition(". ")
    return f"{what}.", more
