# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialog in which a picture of any size or a zoom movie is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QPalette
from PyQt5.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from aqgui.dialogs import plainButtons
from aqgui.settings import Settings
from aqgui.texts import sentence
from mandelbrot_view.colour.colouring import Colouring
from mandelbrot_view.export import pictureformat, workfolder
from mandelbrot_view.export.errors import ExportError
from mandelbrot_view.export.movie import (
    DEFAULT_FPS,
    FASTEST,
    LARGEST,
    LONGEST,
    VIDEOS,
    WHOLE,
    Movie,
    default_seconds,
    described,
)
from mandelbrot_view.places.place import Place, PlaceError

from . import exportestimates

LARGEST_STILL = 16384
_STILL, _MOVIE = 0, 1
_NAMES = ("mandelbrot.png", "mandelbrot.mp4")
_SIZES = ((1280, 720), (1920, 1080), (3840, 2160), (7680, 4320), (16384, 16384))


class Shown(NamedTuple):
    """What the view shows: what is exported. speed: samples that it computed a second, 0: not known."""

    place: Place
    limit: int
    size: tuple[int, int]
    colouring: Colouring
    speed: float


class Asked(NamedTuple):
    """What was chosen. movie: None for a picture of that size."""

    target: Path
    size: tuple[int, int]
    antialias: int
    movie: Movie | None


class ExportDialog(QDialog):
    """Asks what to export; open() it.

    shown: what the view shows; settings: keep what was chosen last; chosen: called with what is asked for; resume:
    called with the path of an unfinished movie that is to go on as it was begun.
    """

    def __init__(
        self, shown: Shown, settings: Settings, chosen: Callable[[Asked], None], resume: Callable[[Path], None],
        parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._shown = shown
        self._settings = settings
        self._chosen = chosen
        self._resume = resume
        self._isOther = False  # an unfinished movie of this name is another one
        self.setWindowTitle("Export")
        self.setAttribute(Qt.WA_DeleteOnClose)
        self._makeFields()
        self._layOut()
        self._restore()
        self._connect()
        self._update()
        plainButtons(self)
        self.resize(520, self.sizeHint().height())

    # Making it.

    def _makeFields(self) -> None:
        self.what = QComboBox(self)
        self.what.addItems(["Picture", "Zoom movie"])
        self.sizes = QComboBox(self)
        width, height = self._shown.size
        self.sizes.addItem(f"Same as the view ({width} × {height})", self._shown.size)
        for size in _SIZES:
            self.sizes.addItem(f"{size[0]} × {size[1]}", size)
        self.sizes.addItem("Other", None)
        self.width_, self.height_ = QSpinBox(self), QSpinBox(self)
        for box, name in ((self.width_, "Width in pixels"), (self.height_, "Height in pixels")):
            box.setRange(1, LARGEST_STILL)
            box.setAccessibleName(name)
        self.antialias = QComboBox(self)
        self.antialias.addItems(["1 sample a pixel", "2 × 2 samples", "3 × 3 samples"])
        self.start = QLineEdit(self)
        self.start.setToolTip(f"The zoom where the movie begins; {WHOLE} shows the whole set. It ends at the view's.")
        self.seconds = QDoubleSpinBox(self)
        self.seconds.setRange(0.1, LONGEST)
        self.seconds.setDecimals(1)
        self.seconds.setSuffix(" s")
        self.fps = QSpinBox(self)
        self.fps.setRange(1, FASTEST)
        self.fps.setSuffix(" frames a second")
        self.file = QLineEdit(self)
        self.browse = QPushButton("&Browse…", self)
        self._estimate, self._note, self._wrong = QLabel(self), QLabel(self), QLabel(self)
        for label in (self._estimate, self._note, self._wrong):
            label.setWordWrap(True)
            label.setTextFormat(Qt.PlainText)
        self._wrong.setForegroundRole(QPalette.BrightText)
        self.goOn = QPushButton("&Go on with that one", self)
        self._buttons = QDialogButtonBox(QDialogButtonBox.Ok | QDialogButtonBox.Cancel, parent=self)
        self._buttons.button(QDialogButtonBox.Ok).setText("&Export")

    def _layOut(self) -> None:
        self._form = form = QFormLayout()
        form.setSpacing(8)
        form.addRow("&What", self.what)
        form.addRow("&Size", self.sizes)
        form.addRow("", _row(self.width_, QLabel("×"), self.height_))
        form.addRow("&Antialiasing", self.antialias)
        form.addRow("From &zoom", self.start)
        form.addRow("&Length", _row(self.seconds, self.fps))
        form.addRow("&File", _row(self.file, self.browse))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addLayout(form)
        layout.addWidget(self._estimate)
        layout.addWidget(self._note)
        layout.addWidget(self.goOn, 0, Qt.AlignLeft)
        layout.addWidget(self._wrong)
        layout.addStretch(1)
        layout.addWidget(self._buttons)

    def _restore(self) -> None:
        get = self._settings.get
        self.what.setCurrentIndex(min(max(get("export/what", _STILL), _STILL), _MOVIE))
        self.antialias.setCurrentIndex(min(max(get("export/antialias", 2), 1), 3) - 1)
        self.fps.setValue(get("export/fps", DEFAULT_FPS))
        self.start.setText(get("export/start", WHOLE))
        self.seconds.setValue(default_seconds(WHOLE, self._shown.place.zoom))
        width, height = get("export/width", self._shown.size[0]), get("export/height", self._shown.size[1])
        self.width_.setValue(width)
        self.height_.setValue(height)
        self._makeEven()
        self._matchPreset()
        folder = Path(get("places/folder", str(Path.home())))
        self.file.setText(str(folder / _NAMES[self.what.currentIndex()]))

    def _connect(self) -> None:
        self.what.currentIndexChanged.connect(self._whatChanged)
        self.sizes.activated.connect(self._presetChosen)
        for box in (self.width_, self.height_):
            box.valueChanged.connect(self._matchPreset)
            box.valueChanged.connect(self._update)
        self.antialias.currentIndexChanged.connect(self._update)
        self.start.textChanged.connect(self._update)
        self.seconds.valueChanged.connect(self._update)
        self.fps.valueChanged.connect(self._update)
        self.file.textChanged.connect(self._update)
        self.browse.clicked.connect(self._browse)
        self.goOn.clicked.connect(self._goOn)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    # What it says.

    @property
    def isMovie(self) -> bool:
        """Whether a movie is asked for."""
        return self.what.currentIndex() == _MOVIE

    @property
    def problem(self) -> str:
        """Why it cannot be exported as it stands; empty if it can."""
        return self._wrong.text()

    @property
    def estimate(self) -> str:
        """What it will take."""
        return self._estimate.text()

    @property
    def note(self) -> str:
        """What there is of an unfinished movie of this name."""
        return self._note.text()

    def asked(self) -> Asked:
        """What is asked for. Raises ExportError and PlaceError for what cannot be."""
        text = self.file.text().strip()
        target = Path(text).expanduser()
        if not text or not target.absolute().parent.is_dir():
            raise ExportError("there is no such folder; name a file in one that is there")
        size = self.width_.value(), self.height_.value()
        antialias = self.antialias.currentIndex() + 1
        if not self.isMovie:
            if target.is_dir():
                raise ExportError("that is a folder; name a file in it")
            pictureformat.check(target, size)
            return Asked(target, size, antialias, None)
        place = self._shown.place
        start = Place.make(0, 0, self.start.text().replace("\N{MINUS SIGN}", "-")).zoom
        movie = Movie(
            place, start, size, self._shown.colouring, antialias, self.fps.value(), round(self.seconds.value(), 1)
        )
        movie.check(target)
        if target.suffix.lower() in VIDEOS and target.is_dir():
            raise ExportError("that is a folder; name a file in it, or a folder without such an ending for PNG frames")
        if target.suffix.lower() not in VIDEOS and target.exists() and not target.is_dir():
            raise ExportError(f"end the name in {' or '.join(VIDEOS)}, or give a folder for PNG frames")
        return Asked(target, size, antialias, movie)

    def accept(self) -> None:
        """QDialog: hand over what was chosen, and keep it."""
        try:
            asked = self.asked()
        except (ExportError, PlaceError) as error:
            self._wrong.setText(sentence(str(error)))
            return
        for key, value in (
            ("what", self.what.currentIndex()), ("antialias", asked.antialias), ("fps", self.fps.value()),
            ("start", self.start.text()), ("width", asked.size[0]), ("height", asked.size[1]),
        ):  # fmt: skip
            self._settings.set(f"export/{key}", value)
        self._settings.set("places/folder", str(asked.target.absolute().parent))
        super().accept()
        self._chosen(asked)

    def _update(self) -> None:
        for field in (self.start, self.seconds.parentWidget()):
            self._form.labelForField(field).setVisible(self.isMovie)
            field.setVisible(self.isMovie)
        most = LARGEST if self.isMovie else LARGEST_STILL
        self.width_.setMaximum(most)
        self.height_.setMaximum(most)
        self._estimate.clear()
        self._wrong.clear()
        self._note.clear()
        self._isOther = False
        try:
            asked = self.asked()
        except (ExportError, PlaceError) as error:
            self._wrong.setText(sentence(str(error)))
        else:
            self._tell(asked)
        self.goOn.setVisible(self._isOther)
        for label in (self._note, self._wrong):
            label.setVisible(bool(label.text()))
        self._buttons.button(QDialogButtonBox.Ok).setEnabled(not self._wrong.text())

    def _tell(self, asked: Asked) -> None:
        if asked.movie is None:
            self._estimate.setText(exportestimates.still(asked.size, asked.antialias, self._shown.speed))
        if asked.target.is_file():
            self._note.setText(f"{asked.target.name} exists and will be replaced.")
        if asked.movie is None:
            return
        self._estimate.setText(exportestimates.movie(asked.movie, asked.target.suffix, self._shown.speed))
        kept = workfolder.kept(asked.target)
        if kept is None:
            return
        self._isOther = kept != described(asked.movie)
        if self._isOther:
            self._note.setText("An unfinished movie of this name has other settings. The export starts over.")
        else:
            self._note.setText("An unfinished movie of this name exists. The export continues it.")

    # What is done in it.

    def _whatChanged(self, what: int) -> None:
        path = Path(self.file.text())
        isPlain = path.name in _NAMES
        renamed = path.with_name(_NAMES[what]) if isPlain else path.with_suffix(Path(_NAMES[what]).suffix)
        self.file.setText(str(renamed))
        self._makeEven()
        self._update()

    def _presetChosen(self, index: int) -> None:
        size = self.sizes.itemData(index)
        if size is not None:
            self.width_.setValue(size[0])
            self.height_.setValue(size[1])
            self._makeEven()

    def _makeEven(self) -> None:
        """As videos are. Who wants odd numbers, for PNG frames, can still give them."""
        if self.isMovie:
            for box in (self.width_, self.height_):
                box.setValue(max(box.value() - box.value() % 2, 2))

    def _matchPreset(self) -> None:
        size = self.width_.value(), self.height_.value()
        sizes = [self.sizes.itemData(i) for i in range(self.sizes.count())]
        self.sizes.setCurrentIndex(sizes.index(size) if size in sizes else len(sizes) - 1)

    def _browse(self) -> None:
        pictures = f"Pictures ({' '.join(f'*{suffix}' for suffix in pictureformat.SUFFIXES)})"
        kinds = "Videos (*.mp4 *.webm);;All files (*)" if self.isMovie else pictures
        dialog = QFileDialog(self, "Export to", self.file.text(), kinds)
        dialog.setAcceptMode(QFileDialog.AcceptSave)
        dialog.setDefaultSuffix("mp4" if self.isMovie else "png")
        dialog.setOption(QFileDialog.DontConfirmOverwrite, False)
        dialog.fileSelected.connect(self.file.setText)
        dialog.setAttribute(Qt.WA_DeleteOnClose)
        dialog.open()
        plainButtons(dialog)

    def _goOn(self) -> None:
        target = Path(self.file.text().strip()).expanduser()
        super().reject()
        self._resume(target)


def _row(*widgets: QWidget) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for widget in widgets:
        layout.addWidget(widget, 0 if isinstance(widget, (QLabel, QPushButton)) else 1)
    return row
