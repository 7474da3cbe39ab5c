# SPDX-License-Identifier: GPL-3.0-or-later
"""Line icons in the colour of the theme's text: the SVG files in resources/icons, drawn sharp at every size."""

from functools import lru_cache

from PyQt5.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PyQt5.QtSvg import QSvgRenderer

from mandelbrot_view.resources import resource

from . import theme


class LineIconEngine(QIconEngine):
    """Draws an icon anew for each size, mode and theme."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw it into `rect`."""
        _renderer(self._name, _colour(mode).name()).render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """A picture of it on transparent ground."""
        pixmap = QPixmap(size)
        pixmap.fill(Qt.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        """Another one of it."""
        return LineIconEngine(self._name)


def icon(name: str) -> QIcon:
    """The icon of this name, the file's without `.svg`. Raises FileNotFoundError when there is none."""
    if not resource("icons", f"{name}.svg").exists():
        raise FileNotFoundError(f"There is no icon {name!r} in {resource('icons')}.")
    return QIcon(LineIconEngine(name))


def _colour(mode: QIcon.Mode) -> QColor:
    current = theme.current()
    if mode == QIcon.Disabled:
        return current.palette().color(current.palette().Disabled, current.palette().ButtonText)
    return current.text


@lru_cache(maxsize=256)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    text = resource("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    return QSvgRenderer(QByteArray(text.encode()))
