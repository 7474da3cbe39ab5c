# SPDX-License-Identifier: GPL-3.0-or-later
"""A small live window with the Julia set of the point under the pointer, and its orbit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PyQt5.QtCore import QPointF, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PyQt5.QtWidgets import QWidget
from twisted.python.failure import Failure

from ...colour.colour import colour
from ...colour.palettes import Palette
from ...kernels.escape import Counts
from ...pictures.julia import HALF_HEIGHT, julia
from ..scaling import shared
from .drawing import drawOrbit
from .orbit import orbit

if TYPE_CHECKING:
    from aqlib import Task, TaskQueue

# In pixels of the screen's own measure, and the part of a view's width that it may have.
SIZE = QSize(240, 180)
_MOST = 0.4
NAME = "Julia set"
_EDGE, _TEXT = QColor(139, 149, 163), QColor(216, 222, 230)
_EMPTY = "Point at the picture to see a Julia set."
_PADDING = 8


class JuliaWindow(QWidget):
    """Shows the Julia set of the point that follow() has named last.

    queue: what computes it, one picture at a time: while the pointer moves, those between are left out. group: of its
    tasks. palette: gives the one to colour it by.
    """

    def __init__(self, queue: TaskQueue, group: str, palette: Callable[[], Palette], parent: QWidget) -> None:
        super().__init__(parent)
        self._queue = queue
        self._group = group
        self._palette = palette
        self._colouredBy: Palette | None = None
        self._c: complex | None = None
        self._shown: complex | None = None
        self._shownSize = (0, 0)
        self._counts: Counts | None = None
        self._image = QImage()
        self._task: Task | None = None
        self.resize(SIZE)
        self.setAccessibleName("Julia set of the point under the pointer")

    @property
    def point(self) -> complex | None:
        """The point whose Julia set is shown; None before there is one."""
        return self._shown

    def fit(self, width: int, height: int) -> None:
        """Be of a size that leaves something to be seen of a view of this one."""
        scale = min(1.0, _MOST * width / SIZE.width(), _MOST * height / SIZE.height())
        self.resize(max(round(SIZE.width() * scale), 1), max(round(SIZE.height() * scale), 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """QWidget: other pixels are to be computed."""
        super().resizeEvent(event)
        self._advance()

    def follow(self, c: complex) -> None:
        """Show the Julia set of this point next."""
        self._c = c
        self.update()
        self._advance()

    def stop(self) -> None:
        """Compute nothing any more."""
        self._c = None
        task, self._task = self._task, None
        if task is not None:
            task.cancel()

    def _advance(self) -> None:
        c = self._c
        ratio = self.devicePixelRatioF()
        size = round(self.width() * ratio), round(self.height() * ratio)
        if c is None or self._task is not None or (c, size) == (self._shown, self._shownSize):
            return
        calling = self._queue.using(doNext=True, name=NAME, group=self._group)
        task = self._task = calling.submit(julia, c.real, c.imag, size)
        task.deferred.addCallbacks(
            lambda counts: self._came(task, c, size, counts), lambda failure: self._failed(task, failure)
        )

    def _came(self, task: Task, c: complex, size: tuple[int, int], counts: Counts) -> None:
        if task is not self._task:
            return
        self._task = None
        self._shown, self._shownSize, self._counts = c, size, counts
        self._colour()
        self._advance()

    def _failed(self, task: Task, failure: Failure) -> None:
        """It stays as it is; the next move of the pointer tries again. The events log tells why."""
        if task is self._task:
            self._task = None

    def _colour(self) -> None:
        if self._counts is not None:
            self._colouredBy = self._palette()
            pixels = colour(self._counts, self._colouredBy).view(np.uint32)[..., 0]
            self._image = shared(pixels).copy()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """QWidget: the picture, the orbit and a frame."""
        if self._colouredBy is not self._palette():
            self._colour()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(21, 24, 29))
            painter.drawImage(self.rect(), self._image)
            if self._c is None and self._image.isNull():
                painter.setPen(_TEXT)
                room = self.rect().adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING)
                painter.drawText(room, int(Qt.AlignCenter) | int(Qt.TextWordWrap), _EMPTY)
            if self._c is not None:
                scale = self.height() / (2 * HALF_HEIGHT)
                middle = QPointF(self.width() / 2, self.height() / 2)
                drawOrbit(painter, [middle + QPointF(z.real * scale, -z.imag * scale) for z in orbit(self._c)])
            painter.setPen(QPen(_EDGE, 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
