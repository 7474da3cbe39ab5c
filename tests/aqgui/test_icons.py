# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PyQt5.QtCore import QRectF, QSize
from PyQt5.QtGui import QImage, QPainter

from aqgui import theme
from aqgui.icons import icon
from aqgui.shapes import paintState
from aqlib import TaskState
from mandelbrot_view.resources import resource

NAMES = sorted(path.stem for path in resource("icons").glob("*.svg"))


@pytest.fixture(autouse=True)
def dark(qapp):
    theme.themes.choose("dark", qapp.palette())


def inks(image):
    """The colours of the opaque pixels."""
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


@pytest.mark.parametrize("name", NAMES)
def test_each_is_drawn_in_the_colour_of_the_text(qapp, name):
    for chosen in (theme.DARK, theme.LIGHT):
        theme.themes.choose(chosen.name, qapp.palette())
        assert inks(icon(name).pixmap(QSize(48, 48)).toImage()) == {chosen.text.name()}


def test_a_missing_one_is_named():
    with pytest.raises(FileNotFoundError, match="no icon 'spinner'"):
        icon("spinner")


def test_every_state_has_a_shape_of_its_own():
    shapes = set()
    for state in TaskState:
        image = QImage(24, 24, QImage.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        paintState(painter, QRectF(image.rect()), state, theme.DARK.text)
        painter.end()
        shapes.add(bytes(image.constBits().asarray(image.sizeInBytes())))
    assert len(shapes) == len(TaskState)
