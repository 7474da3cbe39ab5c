# SPDX-License-Identifier: GPL-3.0-or-later
"""A widget that shows a Picture: it paints what has changed, 60 times a second at most."""

from __future__ import annotations

from math import ceil
from time import monotonic

from PyQt5.QtCore import QRect, QRectF, Qt, QTimer
from PyQt5.QtGui import QColor, QFocusEvent, QImage, QPainter, QPaintEvent, QRegion
from PyQt5.QtWidgets import QWidget

from ..colour.palettes import Palette
from ..pictures.tiles import Tile
from .framing import Framing, Mapping, mapping
from .knowledge import covers
from .overlay import drawFocus, drawNotice, noticeRectangle
from .picture import Colouring, Picture
from .scaling import shared
from .surroundings import surroundings

# Seconds between two paintings.
FRAME = 1 / 60
# Milliseconds for which a picture stays that gives way to one of which too little is known.
_LONGEST_HOLD = 120
# Pixels that are coloured anew in one turn of the event loop: 4 ms.
_SLICE = 1 << 20


class PictureWidget(QWidget):
    """Shows `picture`, which its subclass makes and moves.

    A subclass says by `framing` what is to be seen, and gets frame() called before each painting; until the picture
    has moved there it is drawn scaled.
    """

    def __init__(self, picture: Picture, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = picture
        self._notice: str | None = None
        self._remark: str | None = None
        self._isFocusShown = False
        self._changed = QRegion()
        self._paintedAt = 0.0
        self._held: QImage | None = None
        self._holding = QTimer(self)
        self._holding.setSingleShot(True)
        self._holding.setInterval(_LONGEST_HOLD)
        self._holding.timeout.connect(self.release)
        self._ratio = self.devicePixelRatioF()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.PreciseTimer)
        self._timer.timeout.connect(self._nextFrame)
        self.setAttribute(Qt.WA_OpaquePaintEvent)

    @property
    def framing(self) -> Framing:
        """What is to be seen."""
        return self.picture.framing

    @property
    def deviceSize(self) -> tuple[int, int]:
        """Its size in device pixels, which are the picture's.

        The width is even: with a column that is not seen if need be. The middle is at the border of two columns then,
        and when only the width changes, pixels fall on pixels, and what is sharp stays so.
        """
        ratio = self.devicePixelRatioF()
        width, height = max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1)
        return width + width % 2, height

    def image(self) -> QImage:
        """A copy of the picture shown, in device pixels."""
        return shared(self.picture.pixels).copy()

    def setNotice(self, text: str | None) -> None:
        """A line of text over the picture; None takes it away."""
        self._say(text, self._remark)

    def setRemark(self, text: str | None) -> None:
        """A line of text that stands there while there is no notice."""
        self._say(self._notice, text)

    def _say(self, notice: str | None, remark: str | None) -> None:
        before = self._notice or self._remark
        self._notice, self._remark = notice, remark
        if (notice or remark) != before:
            for line in filter(None, (before, notice or remark)):
                self.update(noticeRectangle(line, self.font(), self.rect()))

    @property
    def colouring(self) -> Colouring:
        """How it is coloured; setColouring() changes it at once."""
        return self.picture.colouring

    @property
    def shownColouring(self) -> Colouring:
        """The same with the scale that its colours follow now, for an export, where the scale is automatic."""
        return self.picture.shownColouring

    @property
    def palette(self) -> Palette:  # type: ignore[override]  # a view of palettes: Qt's own is QWidget.palette(view)
        """The palette in use."""
        return self.picture.colouring.palette

    @property
    def density(self) -> float:
        """Cycles of the palette, in proportion."""
        return self.picture.colouring.density

    @property
    def offset(self) -> float:
        """Where the palette begins, in cycles."""
        return self.picture.colouring.offset

    def setPalette(self, palette: Palette) -> None:  # type: ignore[override]  # as above
        """Colour by another palette, at once."""
        self.setColouring(self.picture.colouring._replace(palette=palette))

    def setDensity(self, density: float) -> None:
        """Colour by more or fewer cycles of the palette, at once."""
        self.setColouring(self.picture.colouring._replace(density=density))

    def setOffset(self, offset: float) -> None:
        """Colour by the palette begun elsewhere, at once."""
        self.setColouring(self.picture.colouring._replace(offset=offset))

    def setColouring(self, colouring: Colouring) -> None:
        """Colour it otherwise, without computing anything."""
        self.picture.setColouring(colouring)
        if self.picture.isStale:
            self.requestFrame()

    # Frames.

    def changed(self, tile: Tile) -> None:
        """A rectangle of the picture is to be painted with the next frame."""
        self._changed = self._changed.united(QRect(*tile))
        self.requestFrame()

    def requestFrame(self, pause: float = FRAME) -> None:
        """Have a frame soon: at once when the last one was so many seconds ago."""
        if not self._timer.isActive():
            self._timer.start(ceil(max(self._paintedAt + pause - monotonic(), 0.0) * 1000))

    def paintNow(self, pause: float) -> None:
        """Paint all of the picture, without waiting for the next frame, which comes so many seconds later."""
        self._timer.stop()
        self._paintedAt = monotonic()
        self._changed = QRegion()
        self.repaint()
        self.requestFrame(pause)

    def frame(self) -> None:
        """Make the picture ready to be painted."""

    def stopFrames(self) -> None:
        """Paint no more of what comes."""
        self._timer.stop()
        self._holding.stop()

    def hold(self) -> None:
        """Go on to show what is seen now until release(), for a moment: something better is about to come."""
        if self._held is None:
            self._held = self.image()
            self._holding.start()

    def release(self) -> None:
        """Show the picture as it is."""
        if self._held is not None:
            self._held = None
            self._holding.stop()
            self.update()

    def _nextFrame(self) -> None:
        self._paintedAt = monotonic()
        self.frame()
        if self.picture.isStale:
            self._changed = self._changed.united(QRect(*self.picture.recolour(_SLICE)))
        self.update(self._ownPixels(self._changed))
        self._changed = QRegion()
        if self.picture.isStale:
            self._timer.start(0)

    def _ownPixels(self, region: QRegion) -> QRegion:
        """A region of device pixels in the widget's own."""
        ratio = self.devicePixelRatioF()
        if ratio == 1:
            return region
        own = QRegion()
        for part in region.rects():
            own = own.united(_scaled(part, 1 / ratio).toAlignedRect())
        return own

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        """QWidget: draw the part of the picture that the event names, and what lies over it."""
        painter = QPainter(self)
        where = mapping(self.picture.framing, self.framing)
        if self._held is not None:
            self._drawExactly(painter, self._held, event.region())
        elif where == (1.0, 0.0, 0.0):
            self._drawExactly(painter, shared(self.picture.pixels), event.region())
        else:
            self._drawScaled(painter, where)
        self.drawOver(painter)
        if self._isFocusShown:
            drawFocus(painter, self.rect())
        if self._notice or self._remark:
            drawNotice(painter, self._notice or self._remark or "", self.font(), self.rect())
        if self._ratio != self.devicePixelRatioF():
            self._ratio = self.devicePixelRatioF()
            self.ratioChanged()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """QWidget: who goes about by keys sees where they are."""
        super().focusInEvent(event)
        self._showFocus(event.reason() in (Qt.TabFocusReason, Qt.BacktabFocusReason, Qt.ShortcutFocusReason))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """QWidget: they are somewhere else."""
        super().focusOutEvent(event)
        self._showFocus(False)

    def _showFocus(self, isShown: bool) -> None:
        if isShown != self._isFocusShown:
            self._isFocusShown = isShown
            self.update()

    def drawOver(self, painter: QPainter) -> None:
        """Draw what lies over the picture, in the widget's own pixels."""

    def ratioChanged(self) -> None:
        """The widget has come to a screen of other pixels."""

    def _drawExactly(self, painter: QPainter, image: QImage, region: QRegion) -> None:
        ratio = self.devicePixelRatioF()
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        for part in region.rects():
            device = _scaled(part, ratio).toAlignedRect()
            painter.drawImage(device.topLeft(), image, device)
        painter.restore()

    def _drawScaled(self, painter: QPainter, where: Mapping) -> None:
        ratio, image = self.devicePixelRatioF(), shared(self.picture.pixels)
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        painter.setRenderHint(QPainter.SmoothPixmapTransform)
        if not covers(self.picture.framing, self.framing):
            around = surroundings(self.picture.pixels, where, self.deviceSize)
            if around is None:
                painter.fillRect(QRect(0, 0, *self.deviceSize), QColor(self.picture.background))
            else:
                _drawAt(painter, shared(around[0]), around[1])
        _drawAt(painter, image, where)
        painter.restore()


def _drawAt(painter: QPainter, image: QImage, where: Mapping) -> None:
    width, height = image.width() * where.factor, image.height() * where.factor
    painter.drawImage(QRectF(where.dx, where.dy, width, height), image)


def _scaled(part: QRect, factor: float) -> QRectF:
    return QRectF(part.x() * factor, part.y() * factor, part.width() * factor, part.height() * factor)
