# SPDX-License-Identifier: GPL-3.0-or-later
"""The view of the Mandelbrot set: places and gestures in, a picture out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PyQt5.QtCore import QTimer, pyqtSignal
from PyQt5.QtGui import QPainter, QResizeEvent, QShowEvent
from PyQt5.QtWidgets import QWidget

from ..kernels.escape import Counts
from ..pictures.depth import isDeep
from ..pictures.render import Rows
from ..pictures.tiles import COARSEST, ROUGHEST, Tile
from ..places.place import HOME, Place
from . import pieces, saving
from .antialiasing import CHOICES, Antialiaser
from .autolimit import AutoLimit
from .equaliser import Equaliser
from .finesamples import FineTile
from .framing import Framing, mapping
from .gestures import KEY_FACTOR, Gestures
from .history import Spot
from .knowledge import covers
from .navigator import Navigator
from .overlay import drawZoomRectangle
from .overlays.busy import Busy
from .patience import Patience
from .picture import Band, Picture
from .picturewidget import PictureWidget
from .renderer import Renderer
from .scaling import scaleSmoothly
from .speedmeter import SpeedMeter
from .steadyzoom import SteadyZoom
from .steering import steer

if TYPE_CHECKING:
    from aqlib import TaskQueue

# The colour of what has never been computed: the window's, in its dark dress.
BACKGROUND = 0xFF15181D
# Panels beside it leave it so much.
_LEAST_SIZE = (160, 120)
# A size holds for so long before the picture is computed for it, in milliseconds.
_RESIZE_PAUSE = 30
# A picture that is scaled more tells nothing of what will be seen.
_MOST_SCALED = 8
# A picture that is so much larger or smaller is drawn scaled until there is more to show.
_MOST_DRAWN_SCALED = 4
# A pixel in so many of a line, and a line in so many, say what the whole picture shows.
_SEEN = 4
# While a button is held pictures come with each pass, and without one after so many seconds.
_STEADY_FRAME = 0.025


class MandelbrotView(PictureWidget):
    """A picture of the set that fills in from coarse to fine, and that hands can move and zoom.

    queue: what computes it; its reactor is used. place: where it begins.
    Signals: placeChanged(Place), also for another limit; historyChanged(can go back, can go forward);
    progressChanged(share of the picture that is sharp); speedChanged(samples a second, 0 when idle); hinted(a sentence
    for the status bar, "" when it is over); pictureSharp(); scaleChanged(), when colours are equalised or no longer
    without anybody's having asked for it; cancelledChanged(), when `isCancelled` is another.
    Attributes: `speedMeter`, which counts samples.
    """

    GROUP = pieces.GROUP

    placeChanged = pyqtSignal(object)
    historyChanged = pyqtSignal(bool, bool)
    progressChanged = pyqtSignal(float)
    speedChanged = pyqtSignal(float)
    hinted = pyqtSignal(str)
    pictureSharp = pyqtSignal()
    scaleChanged = pyqtSignal()
    cancelledChanged = pyqtSignal()

    def __init__(self, queue: TaskQueue, place: Place = HOME, parent: QWidget | None = None) -> None:
        clock = queue.reactor.seconds
        self._navigator = Navigator(place, lambda: self.deviceSize, clock)
        self._autoLimit = AutoLimit()
        super().__init__(Picture(Framing(place, (1, 1), self.limit), BACKGROUND, scaleSmoothly), parent)
        self._renderer = Renderer(queue, self.picture, self)
        self._patience = Patience(self.setRemark, lambda: self._renderer.isReferenceAwaited, self)
        self._antialiaser = Antialiaser(queue, self.picture, self._fineTileCame, self._tellSmoothing)
        self._antialias = 1
        self._rendered: Framing | None = None
        self._isStopped = False
        self._hint = ""
        self._progress = 0.0
        self._isSharpTold = False
        self._clock = clock
        self._shownAt = 0.0
        self._equaliser = Equaliser(self, clock, self.scaleChanged.emit)
        self._steadyZoom = SteadyZoom(clock)
        self.speedMeter = SpeedMeter(clock, self)
        self.speedMeter.changed.connect(self.speedChanged)
        self._resizeTimer = QTimer(self)
        self._resizeTimer.setSingleShot(True)
        self._resizeTimer.setInterval(_RESIZE_PAUSE)
        self._resizeTimer.timeout.connect(self.requestFrame)
        self._connectNavigator()
        self._gestures = Gestures(self)
        steer(self._navigator, self._gestures)
        self._gestures.holdBegan.connect(self._holdBegan)
        self._gestures.holdEnded.connect(self._holdEnded)
        self.setMinimumSize(*_LEAST_SIZE)
        self.setAccessibleName("Mandelbrot set")
        self.setAccessibleDescription(
            "A picture of the Mandelbrot set. Arrow keys move it, plus and minus zoom, Home shows the whole set."
        )

    def _connectNavigator(self) -> None:
        navigator = self._navigator
        navigator.placeChanged.connect(lambda _: self.requestFrame())
        navigator.placeChanged.connect(self.placeChanged)
        navigator.historyChanged.connect(self.historyChanged)
        navigator.hinted.connect(self.hint)

    # What it shows.

    @property
    def place(self) -> Place:
        """The place shown."""
        return self._navigator.place

    @property
    def limit(self) -> int:
        """The limit of iterations in force; for a place whose limit is auto, it follows what is seen there."""
        return self._autoLimit.of(self.place)

    @property
    def framing(self) -> Framing:
        """What is to be seen."""
        return Framing(self.place, self.deviceSize, self.limit)

    @property
    def isSharp(self) -> bool:
        """Whether all of the picture of the present place is computed."""
        return self._rendered == self.framing == self.picture.framing and self.picture.isSharp

    @property
    def antialias(self) -> int:
        """Samples along a pixel's edge, of a picture that is sharp."""
        return self._antialias

    def setAntialias(self, n: int) -> None:
        """Smooth a sharp picture's edges by n x n samples of each pixel: 2 or 3, or 1 for none."""
        if n not in CHOICES:
            raise ValueError(f"{n} samples along a pixel's edge are not to be had; give 1, 2 or 3")
        if n == self._antialias:
            return
        self._antialias = n
        self._antialiaser.cancel()
        if self.picture.fineSamples:
            self.picture.forgetFine()
            self.requestFrame()
        if self.isSharp:
            self._smooth()

    def _smooth(self) -> None:
        if self._antialias > 1 and not self._isStopped:
            self._antialiaser.begin(self._antialias, self._focus)

    def _fineTileCame(self, tile: FineTile) -> None:
        self.speedMeter.add(tile.packed.size)
        self.changed(self.picture.takeFine(tile))

    def _tellSmoothing(self, share: float) -> None:
        self.hint(f"Smoothing the edges: {int(share * 100)} %" if share < 1 else "")
        if share == 1:
            self.speedMeter.rest()

    def savePicture(self, path: str) -> None:
        """Save what is shown as PNG, with the place's link in it. Raises OSError with a text for the user."""
        saving.savePicture(self.image(), self.place, path)

    def busyTiles(self) -> Iterator[Busy]:
        """The tiles that are being computed or wait, in its pixels."""
        return self._renderer.busyTiles()

    # Where it goes.

    @property
    def isCancelled(self) -> bool:
        """Whether pieces of the picture were cancelled by somebody else, so that it stays unfinished."""
        return self._renderer.isCancelled

    def computeAgain(self) -> None:
        """Compute what was cancelled."""
        self._renderer.computeAgain()

    def setPlace(self, place: Place) -> None:
        """Go to a place."""
        self._navigator.visit(place)

    def setLimit(self, limit: int | None) -> None:
        """Follow points for so many iterations, None: as many as suit the place. Raises PlaceError out of range."""
        self._navigator.setLimit(limit)

    def goBack(self) -> None:
        """Go to the place before."""
        self._navigator.goBack()

    def goForward(self) -> None:
        """Go to the place after."""
        self._navigator.goForward()

    def goHome(self) -> None:
        """Go to the whole set."""
        self._navigator.goHome()

    def zoomIn(self) -> None:
        """Go closer, to the pointer or the middle."""
        self._navigator.zoom(KEY_FACTOR, self._focus, "key")

    def zoomOut(self) -> None:
        """Go away, from the pointer or the middle."""
        self._navigator.zoom(1 / KEY_FACTOR, self._focus, "key")

    def stop(self) -> None:
        """Cancel all its tasks, and begin none any more."""
        self._isStopped = True
        self._steadyZoom.end()
        self._antialiaser.cancel()
        self.stopFrames()
        self._resizeTimer.stop()
        self._patience.end()
        self.speedMeter.stop()
        self._renderer.stop()

    def _holdBegan(self, direction: int) -> None:
        self._steadyZoom.begin(direction)
        self.requestFrame()

    def _holdEnded(self) -> None:
        """The last bit of the way is gone, up to the moment of letting go."""
        self._navigator.zoomOn(self._steadyZoom.factor(), self._focus)
        self._steadyZoom.end()

    @property
    def _focus(self) -> Spot:
        return self._gestures.focus

    # Frames.

    def frame(self) -> None:
        """PictureWidget: go where it is to go, and tell how far it is."""
        if self._steadyZoom.isOn:
            self.requestFrame(_STEADY_FRAME)
        self.goNow()
        self._tellProgress()

    def goNow(self) -> None:
        """Listener: go where it is to go, if it is to be seen."""
        if self._steadyZoom.isOn:
            self._navigator.zoomOn(self._steadyZoom.factor(), self._focus)
        isSettled = self.isVisible() and not self._resizeTimer.isActive() and not self._isStopped
        if isSettled and self.framing != self._rendered:
            self._go(self.framing)

    def _go(self, wanted: Framing) -> None:
        self._antialiaser.cancel()
        if self._rendered is None or self._rendered.place != wanted.place:
            self._shownAt = self._clock()
        before, where = self.picture.framing, mapping(self.picture.framing, wanted)
        self._isSharpTold = False
        isNear = 1 / _MOST_DRAWN_SCALED <= where.factor <= _MOST_DRAWN_SCALED
        if not where.isShift and isDeep(wanted.place, wanted.size):
            self._patience.begin()
        if self._rendered is not None and isNear and not where.isShift:
            # It is drawn scaled, and moves with what comes. The workers begin first.
            self._rendered = wanted
            self.release()
            self._renderer.show(wanted, self._focus)
            self.changed(wanted.whole)
            return
        if where.factor <= _MOST_SCALED and self.picture.knowsAllOf(wanted):
            self.release()
        elif self._rendered is not None and not where.isShift and before.size == wanted.size:
            self.hold()
        self._rendered = wanted
        self.follow()
        self._renderer.show(wanted, self._focus)

    def follow(self) -> None:
        """Listener: have the picture at the framing that is shown, if it is not there yet."""
        if self._rendered is not None and self.picture.framing != self._rendered:
            self.picture.moveTo(self._rendered)
            self.changed(self._rendered.whole)

    def _tellProgress(self) -> None:
        share = self.picture.sharpShare if self.picture.framing == self._rendered else 0.0
        if share != self._progress:
            self._progress = share
            self.progressChanged.emit(share)
        if self.isSharp and not self._isSharpTold:
            if self._learn(self.picture.framing, [self.picture.counts[::_SEEN, ::_SEEN]]):
                return
            self._isSharpTold = True
            self._equaliser.rank()
            self._smooth()
            self.pictureSharp.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """QWidget: compute the first picture."""
        super().showEvent(event)
        self.requestFrame()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """QWidget: scale the picture until the size has settled."""
        super().resizeEvent(event)
        self._sizeChanged()

    def ratioChanged(self) -> None:
        """PictureWidget: compute it anew for other pixels."""
        self._sizeChanged()

    def _sizeChanged(self) -> None:
        if self._rendered is not None and not self._isStopped:
            self._resizeTimer.start()

    def drawOver(self, painter: QPainter) -> None:
        """PictureWidget: draw the zoom rectangle."""
        rectangle = self._gestures.rectangle
        if rectangle is not None:
            drawZoomRectangle(painter, rectangle, self.rect())

    # What the Renderer tells.

    def rowsCame(self, framing: Framing, tile: Tile, rows: Rows) -> None:
        """Listener: put them into the picture."""
        step, first, counts = rows
        # A quarter of the samples of these passes was there from the pass before.
        self.speedMeter.add(counts.size * (0.75 if step <= 2 else 1.0))
        self.follow()
        changed = self.picture.take(framing, tile, step, first, counts)
        if changed is not None:
            self.changed(changed)

    def passCame(self, framing: Framing, bands: list[Band]) -> None:
        """Listener: make the picture of them, and of what was known before."""
        assert self._rendered is not None
        self._patience.end()
        self.speedMeter.add(sum(band.rows.size for band in bands))
        # Going away, it has come for less than is to be seen by now: then it is drawn scaled, for there is no more.
        now = self._rendered if covers(framing, self._rendered) else framing
        self.picture.takePass(framing, bands, now)
        self._equaliser.rankIfDue(isPassing=True)
        self.release()
        self.paintNow(_STEADY_FRAME)
        thinned = [band.rows[:: max(ROUGHEST // band.step, 1), :: max(ROUGHEST // band.step, 1)] for band in bands]
        self._learn(framing, thinned, isPassing=True)

    def coarsePassEnded(self) -> None:
        """Listener: there is something to be seen."""
        self._patience.end()
        if self._renderer.isZooming:
            self._equaliser.rankIfDue(isPassing=True)
        else:
            self._equaliser.rank()
        self.release()
        if self.picture.framing == self._rendered and not self._renderer.isZooming:
            self._learn(self._rendered, [self.picture.counts[::COARSEST, ::COARSEST]])

    def orbitReturns(self, framing: Framing, steps: int) -> None:
        """Listener: follow points for longer than that, for none escapes earlier."""
        if self._autoLimit.seeOrbit(framing.place, framing.limit, steps):
            self._limitChanged()

    def _learn(self, framing: Framing, counts: list[Counts], isPassing: bool = False) -> bool:
        """See whether the automatic limit suits what has come. Gives whether it is another one now."""
        seconds = self._clock() - self._shownAt
        changes = self._autoLimit.see(framing.place, framing.limit, counts, seconds, isPassing)
        if changes:
            self._limitChanged()
        return changes

    def _limitChanged(self) -> None:
        self.placeChanged.emit(self.place)
        self.requestFrame()

    def becameIdle(self) -> None:
        """Listener: the speed is 0."""
        self._patience.end()
        if not self._antialiaser.isBusy:
            self.speedMeter.rest()

    def cancellationChanged(self) -> None:
        """Listener: tell it the window."""
        self.cancelledChanged.emit()

    def hint(self, text: str) -> None:
        """Listener: tell it the status bar."""
        if text != self._hint:
            self._hint = text
            self.hinted.emit(text)
