# SPDX-License-Identifier: GPL-3.0-or-later
"""What is painted, and when."""

import numpy as np
import pytest
from PyQt5.QtCore import QEvent, Qt
from PyQt5.QtGui import QColor, QFocusEvent, QImage
from PyQt5.QtWidgets import QApplication

from mandelbrot_view.pictures.tiles import Tile
from mandelbrot_view.places.place import HOME
from mandelbrot_view.qt.framing import Framing, Mapping
from mandelbrot_view.qt.overlay import noticeRectangle
from mandelbrot_view.qt.picture import Colouring, Picture
from mandelbrot_view.qt.picturewidget import PictureWidget
from mandelbrot_view.qt.scaling import scaleSmoothly

SIZE = (200, 120)
WHOLE = Tile(0, 0, *SIZE)
BACKGROUND = 0xFF15181D


@pytest.fixture
def picture():
    thePicture = Picture(Framing(HOME, SIZE, 500), BACKGROUND, scaleSmoothly)
    counts = np.linspace(5, 300, SIZE[0] * SIZE[1]).reshape(SIZE[::-1])
    thePicture.take(thePicture.framing, WHOLE, 1, 0, counts)
    return thePicture


@pytest.fixture
def widget(picture, qtbot):
    theWidget = PictureWidget(picture)
    qtbot.addWidget(theWidget)
    theWidget.resize(*SIZE)
    with qtbot.waitExposed(theWidget):
        theWidget.show()
    return theWidget


def seen(widget):
    return widget.grab().toImage().convertToFormat(QImage.Format_RGB32)


def test_the_picture_is_painted_pixel_for_pixel(widget):
    assert seen(widget) == widget.image()


def test_the_image_is_a_copy(widget):
    image = widget.image()
    widget.picture.pixels[:] = 0xFF000000
    assert image.pixelColor(3, 3) != QColor(0, 0, 0)


def test_a_notice_stands_over_the_picture_until_it_is_taken_away(widget):
    plain = seen(widget)
    widget.setNotice("The queue is paused.")
    noticed = seen(widget)
    assert noticed != plain
    assert noticed.copy(0, 60, 200, 60) == plain.copy(0, 60, 200, 60)
    widget.setNotice(None)
    assert seen(widget) == plain


def test_a_remark_stands_there_while_there_is_no_notice(widget):
    plain = seen(widget)
    widget.setRemark("It takes a while.")
    remarked = seen(widget)
    assert remarked != plain
    widget.setNotice("The queue is paused.")
    assert seen(widget) != remarked
    widget.setNotice(None)
    assert seen(widget) == remarked
    widget.setRemark(None)
    assert seen(widget) == plain


@pytest.mark.parametrize("width", [1, 199, 200, 201])
def test_the_picture_has_an_even_width_that_fills_the_widget(widget, width):
    widget.resize(width, 120)
    assert widget.deviceSize == (width + width % 2, 120)


@pytest.mark.parametrize(("reason", "isShown"), [(Qt.TabFocusReason, True), (Qt.MouseFocusReason, False)])
def test_who_comes_by_keys_sees_that_it_has_them(widget, reason, isShown):
    plain = seen(widget)
    QApplication.sendEvent(widget, QFocusEvent(QEvent.FocusIn, reason))
    assert (seen(widget) != plain) == isShown
    assert seen(widget).copy(10, 10, 180, 100) == plain.copy(10, 10, 180, 100)
    QApplication.sendEvent(widget, QFocusEvent(QEvent.FocusOut, Qt.OtherFocusReason))
    assert seen(widget) == plain


def test_a_notice_that_is_too_long_for_a_line_takes_more(widget):
    one = noticeRectangle("The queue", widget.font(), widget.rect())
    more = noticeRectangle("The queue is paused. " * 4, widget.font(), widget.rect())
    assert more.height() > 2 * one.height()
    assert widget.rect().left() < more.left()
    assert more.right() < widget.rect().right()
    widget.setNotice("The queue is paused. " * 4)
    image = seen(widget)
    assert image.copy(0, 0, 5, 60) == widget.image().copy(0, 0, 5, 60)


def test_frames_come_for_what_changes_and_gather_it(widget, qtbot, monkeypatch):
    frames = []
    monkeypatch.setattr(widget, "frame", lambda: frames.append(widget.picture))
    for x in range(100):
        widget.changed(Tile(x, 0, 1, 1))
    qtbot.waitUntil(lambda: frames != [])
    assert len(frames) == 1


def test_a_frame_that_is_painted_at_once_does_not_cost_the_next_one(widget, qtbot, monkeypatch):
    frames = []
    monkeypatch.setattr(widget, "frame", lambda: frames.append(widget.picture))
    widget.changed(WHOLE)
    widget.picture.pixels[:] = 0xFF336699
    widget.paintNow(0.01)
    assert frames == []
    assert seen(widget).pixelColor(50, 50) == QColor(0x33, 0x66, 0x99)
    qtbot.waitUntil(lambda: frames != [])


def test_colours_are_changed_slice_by_slice_until_all_are(widget, qtbot):
    before = widget.image()
    colouring = Colouring(offset=0.5)
    widget.setColouring(colouring)
    qtbot.waitUntil(lambda: not widget.picture.isStale)
    assert widget.image() != before


def test_what_is_held_is_seen_until_it_is_released(widget):
    before = seen(widget)
    widget.hold()
    widget.picture.moveTo(Framing(HOME.zoomedBy(1e-1, 0, 0, SIZE), SIZE, 500))
    assert seen(widget) == before
    widget.release()
    assert seen(widget) == widget.image()


def test_nothing_is_held_for_long(widget, qtbot):
    before = seen(widget)
    widget.hold()
    widget.picture.moveTo(Framing(HOME.zoomedBy(1e-1, 0, 0, SIZE), SIZE, 500))
    qtbot.waitUntil(lambda: seen(widget) != before)


def test_a_picture_of_another_size_is_drawn_scaled(picture, qtbot):
    class Larger(PictureWidget):
        framing = Framing(HOME, (400, 240), 500)

    larger = Larger(picture)
    qtbot.addWidget(larger)
    larger.resize(400, 240)
    picture.pixels[:, :100], picture.pixels[:, 100:] = 0xFF0000FF, 0xFFFF0000
    image = seen(larger)
    assert image.pixelColor(190, 100) == colourAt(picture, 95, 50)
    assert image.pixelColor(399, 239) == colourAt(picture, 199, 119)
    assert image.pixelColor(210, 100) == colourAt(picture, 105, 50)


def test_on_a_fine_screen_a_pixel_of_the_picture_is_one_of_the_screen(picture, qtbot, monkeypatch):
    widget = PictureWidget(picture)
    qtbot.addWidget(widget)
    monkeypatch.setattr(widget, "devicePixelRatioF", lambda: 2.0)
    widget.resize(100, 60)
    assert widget.deviceSize == SIZE


class TestSmoothScaling:
    """Colours between pixels are mixed, and every pixel of the part is filled."""

    def test_between_two_pixels_are_all_shades(self):
        source = np.array([[0xFF000000, 0xFF000000, 0xFF0000FF, 0xFF0000FF]], np.uint32).repeat(4, 0)
        picture = Picture(Framing(HOME, (32, 32), 500), BACKGROUND, scaleSmoothly)
        target = picture.pixels
        scaleSmoothly(source, target, Mapping(8.0, 0.0, 0.0), Tile(0, 0, 32, 32))
        row = target[16] & 0xFF
        assert (np.diff(row.astype(int)) >= 0).all()
        assert row[0] == 0
        assert row[-1] == 255
        assert len(set(row.tolist())) > 6

    @pytest.mark.parametrize("factor", [1.3195, 0.7579, 3.0, 17.77])
    def test_no_pixel_is_left_out(self, picture, factor):
        picture.pixels[:] = 0xFF00FF00
        picture._spare[2][:] = 0xFFFF0000
        picture.moveTo(Framing(HOME.zoomedBy(factor, 31, 77, SIZE), SIZE, 500))
        known = picture.fineness != 255
        assert (picture.pixels[known] == 0xFF00FF00).all()
        assert known.all() == (factor > 1)
        # Around what is known stands what was there.
        assert (picture.pixels[~known] == 0xFF00FF00).all()

    def test_a_coarse_pass_has_no_seams(self):
        picture = Picture(Framing(HOME, SIZE, 500), BACKGROUND, scaleSmoothly)
        level = np.full((8, 25), 20)
        picture.take(picture.framing, Tile(0, 0, 200, 64), 8, 0, level)
        picture.take(picture.framing, Tile(0, 64, 200, 56), 8, 0, level[:7])
        assert len(set(picture.pixels.ravel().tolist())) == 1


def colourAt(picture, x, y):
    return QColor(int(picture.pixels[y, x]))
