# SPDX-License-Identifier: GPL-3.0-or-later
"""Exports: what the user asks for is made by the queue, one at a time, while the view goes on."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

from PyQt5.QtCore import QObject, QTimer
from PyQt5.QtWidgets import QMainWindow
from twisted.internet.defer import CancelledError, Deferred
from twisted.python.failure import Failure

from aqgui.actions import Actions
from aqgui.models.failures import explain
from aqgui.settings import Settings
from aqgui.texts import sentence
from aqlib import TaskQueue
from mandelbrot_view import wholefile
from mandelbrot_view.export import movie, pictureformat, workfolder
from mandelbrot_view.export.errors import ExportError
from mandelbrot_view.export.film import Film
from mandelbrot_view.export.movie import Movie
from mandelbrot_view.export.pace import Pace
from mandelbrot_view.export.scene import Scene
from mandelbrot_view.export.still import Still
from mandelbrot_view.qt.pieces import GROUP
from mandelbrot_view.qt.view import MandelbrotView

from .computespeed import ComputeSpeed
from .exportbar import ExportBar
from .exportdialog import Asked, ExportDialog, Shown
from .messages import tell

_UNFINISHED = "export/unfinished"
# The row is brought up to date so often, in milliseconds.
_PAUSE = 200
RESUME_HINT = "A movie is unfinished. Continue it with File > Resume the movie."


class Exports(QObject):
    """What the menu File does about exports.

    Args:
        window: Its status bar tells how far it is.
        view: What is exported: its place and its colours.
        queue: Makes it.
        settings: Keep what was chosen, and which movie is unfinished.
        said: Called with a sentence when something has been done.
    """

    def __init__(
        self, window: QMainWindow, view: MandelbrotView, queue: TaskQueue, actions: Actions, settings: Settings,
        said: Callable[[str], None],
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._window = window
        self._view = view
        self._queue = queue
        self._actions = actions
        self._settings = settings
        self._said = said
        self._speed = ComputeSpeed(queue, GROUP, lambda: view.speedMeter.total)
        self._isBusy = False
        self._running: Deferred[None] | None = None
        self._pace: Pace | None = None
        self._target = Path()
        self._isMovie = False
        self.bar = ExportBar(window.statusBar())
        self.bar.cancelAsked.connect(self.cancel)
        self._timer = QTimer(self)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._showProgress)
        view.speedChanged.connect(self._speedTold)
        if self._offerToResume():
            said(RESUME_HINT)

    @property
    def isRunning(self) -> bool:
        """Whether something is exported."""
        return self._running is not None

    @property
    def closingNote(self) -> str:
        """What becomes of it when the window is closed; empty if nothing is exported."""
        if not self.isRunning:
            return ""
        if self._isMovie:
            return f"The movie {self._target.name} is kept as far as it is, and can go on after the next start."
        return f"The picture {self._target.name} is not written."

    def ask(self) -> None:
        """Let the user choose what to export."""
        if self.isRunning:
            self._said("An export is running. Wait for it, or cancel it.")
            return
        view, place = self._view, self._view.place
        if place.limit is None and view.limit > place.autoLimit():
            # The guess is too low here, as the view has found out: a movie would end in black.
            place = replace(place, limit=view.limit)
        shown = Shown(place, view.limit, view.framing.size, view.shownColouring, self._speed.value())
        ExportDialog(shown, self._settings, self.begin, self.resumeAt, self._window).open()

    def begin(self, asked: Asked) -> None:
        """Export what was chosen."""
        if asked.movie is not None:
            self._beginMovie(asked.movie, asked.target)
            return
        view = self._view
        scene = Scene(view.place, asked.size, view.shownColouring, asked.antialias, view.limit)
        still = Still(self._queue, scene)
        self._start(asked.target, _write(still, asked.target), still.pace, isMovie=False)

    def resume(self) -> None:
        """Go on with the unfinished movie."""
        self.resumeAt(Path(self._settings.get(_UNFINISHED, "")))

    def resumeAt(self, target: Path) -> None:
        """Go on with an unfinished movie, as it was begun."""
        kept = workfolder.kept(target)
        try:
            if kept is None:
                raise ExportError(f"nothing is kept of {target}; export it again")
            found = movie.read(kept)
        except ExportError as error:
            self._forget()
            tell(self._window, "The movie cannot be resumed.", sentence(str(error)))
            return
        self._beginMovie(found, target)

    def cancel(self) -> None:
        """End what is exported: a picture is dropped, a movie can go on."""
        if self._running is not None:
            self._running.cancel()

    def stop(self) -> None:
        """The application ends."""
        self.cancel()
        self._timer.stop()

    # How it goes.

    def _beginMovie(self, asked: Movie, target: Path) -> None:
        if self.isRunning:
            self._said("An export is running. Wait for it, or cancel it.")
            return
        try:
            film = Film(self._queue, asked, target)
        except (OSError, ExportError) as error:
            tell(self._window, "The movie cannot be made.", _why(target, error))
            return
        self._settings.set(_UNFINISHED, str(target.absolute()))
        if film.taken:
            self._said(f"The movie resumes: {film.taken} of {film.pieces} pieces exist.")
        self._start(target, film.run(), film.pace, isMovie=True)

    def _start(self, target: Path, making: Coroutine[Any, Any, None], pace: Pace, isMovie: bool) -> None:
        self._target, self._pace, self._isMovie = target, pace, isMovie
        self._actions["resumeExport"].setEnabled(False)
        self.bar.begin(target.name)
        self._timer.start()
        running: Deferred[None] = Deferred.fromCoroutine(making)
        self._running = running
        running.addCallbacks(lambda _: self._done(), self._failed)

    def _showProgress(self) -> None:
        if self._pace is not None:
            self.bar.showProgress(self._pace.share, self._pace.left())

    def _done(self) -> None:
        self._end()
        if self._isMovie:
            self._forget()
        self._said(f"The {self._kind} was written to {self._target}.")

    def _failed(self, failure: Failure) -> None:
        self._end()
        goOn = " What is done of it is kept: File, Resume the movie goes on with it." if self._isMovie else ""
        if self._isMovie:
            self._offerToResume()
        if failure.check(CancelledError):
            self._said(f"The export of {self._target.name} was cancelled.{goOn}")
            return
        details = "" if failure.check(OSError, ExportError) else explain(failure)
        tell(
            self._window, f"The {self._kind} could not be exported.", _why(self._target, failure.value) + goOn, details
        )

    def _end(self) -> None:
        self._running = self._pace = None
        self._timer.stop()
        self.bar.hide()

    @property
    def _kind(self) -> str:
        return "movie" if self._isMovie else "picture"

    def _speedTold(self, speed: float) -> None:
        if speed > 0 and not self._isBusy:
            self._speed.beginPicture()
        self._isBusy = speed > 0

    def _forget(self) -> None:
        self._settings.forget(_UNFINISHED)
        self._offerToResume()

    def _offerToResume(self) -> bool:
        """Whether there is an unfinished movie; the menu offers to go on with it then."""
        target = self._settings.get(_UNFINISHED, "")
        isThere = bool(target) and workfolder.kept(Path(target)) is not None
        self._actions["resumeExport"].setEnabled(isThere)
        return isThere


async def _write(still: Still, target: Path) -> None:
    with wholefile.replacing(target) as file, pictureformat.written(target, file) as png:
        await still.run(png)


def _why(target: Path, error: BaseException | None) -> str:
    if isinstance(error, OSError):
        return f"{target}: {error.strerror or error}. Choose another folder, or make room there."
    return sentence(str(error).partition("\n")[0])
