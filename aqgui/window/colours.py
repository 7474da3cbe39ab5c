# SPDX-License-Identifier: GPL-3.0-or-later
"""The colours of the picture: what is chosen in the tool bar, in the menu Palette and in the gradient editor."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PyQt5.QtCore import QObject, QPoint
from PyQt5.QtWidgets import QWidget
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from aqgui.actions import Actions
from aqgui.settings import Settings
from mandelbrot_view.colour.catalogue import PaletteError
from mandelbrot_view.colour.colouring import Colouring, Interior, Scale, Shading
from mandelbrot_view.colour.favourites import NUMBER, first_favourite, from_text, to_text
from mandelbrot_view.colour.ownpalettes import OwnPalettes
from mandelbrot_view.colour.palettes import DEFAULT, PALETTES, Palette
from mandelbrot_view.qt.colouring.editor import GradientEditor
from mandelbrot_view.qt.view import MandelbrotView

from .colourbox import ColourButton, PaletteBox
from .fetching import Fetching

_FOLDER = "palettes"
_COLOURING = "view/colouring"
_SHADINGS = {"shadeDistance": Shading.DISTANCE, "shadeRelief": Shading.RELIEF}
_IN_BUTTON = (None, "autoScale", "equalise", "shadeDistance", "shadeRelief", "showPeriods", None, "editGradient")


class Colours(QObject):
    """Keeps the view, the tool bar and the actions of one mind on the view's colouring, and does what the latter say.

    box, button: of the tool bar. said: called with a sentence when something was done that cannot be seen; warned, when
    something is wrong that nobody has just asked for.
    """

    def __init__(
        self,
        window: QWidget,
        view: MandelbrotView,
        box: PaletteBox,
        button: ColourButton,
        actions: Actions,
        settings: Settings,
        reactor: Any,
        said: Callable[[str], None],
        warned: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._window, self._view, self._box, self._button = window, view, box, button
        self._actions, self._settings = actions, settings
        self._said, self._warned = said, warned
        self._own = OwnPalettes(settings.folder / _FOLDER)
        self._editor: GradientEditor | None = None
        self._fetching = Fetching(reactor)
        self._loading: Deferred[None] | None = None
        self._isClosed = False
        button.addActions(actions[name] if name else None for name in _IN_BUTTON)
        box.setOwn(self._own.palettes)
        self._connect()

    @property
    def editor(self) -> GradientEditor | None:
        """The gradient editor, while it is open."""
        return self._editor

    def apply(self, colouring: Colouring) -> None:
        """Colour by something else, and show it everywhere, in the editor too."""
        self._preview(colouring)
        if self._editor is not None:
            self._editor.edit(colouring)

    def restore(self) -> None:
        """Colour as it was last, and say what was wrong with the user's own palettes."""
        for text in self._own.wrong:
            self._warned(text)
        colouring = Colouring()
        kept = self._settings.get(_COLOURING, "")
        if kept:
            try:
                colouring = from_text(kept, self._find)
            except PaletteError as error:
                self._warned(f"The last colours cannot be restored: {error}.")
        self.apply(colouring)
        for number in range(1, NUMBER + 1):
            self._showFavourite(number)

    def save(self) -> None:
        """Keep what is chosen."""
        self._settings.set(_COLOURING, to_text(self._view.colouring, isWhole=True))

    def close(self) -> Deferred[None]:
        """Do nothing any more with what may still come. Fires when nothing can."""
        self._isClosed = True
        if self._editor is not None:
            self._editor.hide()
        return self._fetching.stop()

    def edit(self) -> None:
        """Open the gradient editor, beside the picture where there is room."""
        if self._editor is None:
            editor = self._editor = GradientEditor(self._own, self._view.colouring, self._window)
            editor.previewed.connect(self._preview)
            editor.saved.connect(self._saved)
            editor.removed.connect(self._removed)
            editor.finished.connect(self._editorClosed)
            corner = self._window.mapToGlobal(self._window.rect().topRight())
            editor.adjustSize()
            editor.move(corner + QPoint(-editor.width() - 24, 96))
            editor.show()
        self._editor.raise_()
        self._editor.activateWindow()

    # What is chosen.

    def _connect(self) -> None:
        change, view = self._change, self._view
        self._box.chosen.connect(lambda palette: change(palette=palette))
        self._box.wanted.connect(self._load)
        self._button.densityChosen.connect(lambda density: change(density=density))
        self._button.offsetChosen.connect(lambda offset: change(offset=offset))
        view.scaleChanged.connect(self._showScale)
        actions = self._actions
        actions.connect(
            {
                "editGradient": self.edit,
                "equalise": lambda: change(
                    scale=Scale.SMOOTH if view.shownColouring.scale is Scale.EQUALISED else Scale.EQUALISED
                ),
                "autoScale": lambda: change(
                    scale=view.shownColouring.scale if view.colouring.scale is Scale.AUTOMATIC else Scale.AUTOMATIC
                ),
                "showPeriods": lambda: change(
                    interior=Interior.BLACK if view.colouring.interior is Interior.PERIOD else Interior.PERIOD
                ),
                **{name: partial(self._shade, shading) for name, shading in _SHADINGS.items()},
                **{f"favourite{number}": partial(self._useFavourite, number) for number in range(1, NUMBER + 1)},
                **{f"keepFavourite{number}": partial(self._keepFavourite, number) for number in range(1, NUMBER + 1)},
            }
        )

    def _change(self, **changes: object) -> None:
        self.apply(self._view.colouring._replace(**changes))  # type: ignore[arg-type]  # fields of a Colouring

    def _shade(self, shading: Shading) -> None:
        """Shade so, or no more."""
        self._change(shading=Shading.NONE if self._view.colouring.shading is shading else shading)

    def _preview(self, colouring: Colouring) -> None:
        self._view.setColouring(colouring)
        self._box.showPalette(colouring.palette)
        self._button.density.show_(colouring.density)
        self._button.offset.show_(colouring.offset)
        self._showScale()
        self._actions["showPeriods"].setChecked(colouring.interior is Interior.PERIOD)
        for name, shading in _SHADINGS.items():
            self._actions[name].setChecked(colouring.shading is shading)

    def _showScale(self) -> None:
        self._actions["equalise"].setChecked(self._view.shownColouring.scale is Scale.EQUALISED)
        self._actions["autoScale"].setChecked(self._view.colouring.scale is Scale.AUTOMATIC)

    def _saved(self, colouring: Colouring) -> None:
        self._box.setOwn(self._own.palettes)
        self._preview(colouring)
        self._said(f"The palette {colouring.palette.name} was saved.")

    def _removed(self, name: str) -> None:
        self._box.setOwn(self._own.palettes)
        self._preview(self._view.colouring._replace(palette=PALETTES[DEFAULT]))
        self._said(f"The palette {name} was deleted.")

    def _editorClosed(self) -> None:
        self._editor = None

    # Favourites.

    def _favourite(self, number: int) -> str:
        return self._settings.get(f"favourites/{number}", to_text(first_favourite(number)))

    def _useFavourite(self, number: int) -> None:
        text = self._favourite(number)
        if _paletteOf(text) not in self._box.palettes and not self._box.isComplete:
            self._load().addCallback(lambda _: None if self._isClosed else self._useFavourite(number))
            return
        try:
            self.apply(from_text(text, self._find))
        except PaletteError as error:
            self._said(f"Favourite {number} cannot be used: {error}.")

    def _keepFavourite(self, number: int) -> None:
        self._settings.set(f"favourites/{number}", to_text(self._view.colouring))
        self._showFavourite(number)
        keys = self._actions[f"favourite{number}"].shortcut().toString()
        self._said(f"These colours are favourite {number} now; {keys} brings them back.")

    def _showFavourite(self, number: int) -> None:
        name = _paletteOf(self._favourite(number))
        self._actions[f"favourite{number}"].setText(f"Favourite &{number}: {name.replace('&', '&&')}")
        self._actions[f"favourite{number}"].setIcon(self._box.icon(name))

    # Palettes by name.

    def _find(self, name: str) -> Palette:
        try:
            return self._box.palettes[name]
        except KeyError:
            raise PaletteError(f"there is no palette {name!r} any more") from None

    def _load(self) -> Deferred[None]:
        """Have the perceptual palettes listed; fires when they are, or cannot be."""
        if self._loading is None:
            self._loading = self._fetching.fetch().addBoth(self._loaded)
        waiting: Deferred[None] = Deferred()
        self._loading.addCallback(lambda _: waiting.callback(None))
        return waiting

    def _loaded(self, result: dict[str, Palette] | Failure) -> None:
        if self._isClosed:
            return
        if isinstance(result, Failure):
            self._warned(f"The perceptual palettes are missing: {result.getErrorMessage()}. Reinstall colorcet.")
        self._box.setPerceptual({} if isinstance(result, Failure) else result)
        for number in range(1, NUMBER + 1):
            self._showFavourite(number)


def _paletteOf(favourite: str) -> str:
    """The name of its palette, whether that is there or not."""
    try:
        return from_text(favourite, lambda name: Palette(name, PALETTES[DEFAULT].stops)).palette.name
    except PaletteError:
        return "none"
