# SPDX-License-Identifier: GPL-3.0-or-later
"""Overlays over a view that is only a place and a size; a worker in memory computes the Julia set."""

import pytest
from PyQt5.QtCore import QEvent, QPointF, Qt
from PyQt5.QtGui import QColor, QMouseEvent
from PyQt5.QtWidgets import QApplication, QWidget
from twisted.internet.task import Clock

from aqlib import TaskQueue
from aqlib.testing import MemoryWorker
from mandelbrot_view.colour.palettes import DEFAULT, PALETTES
from mandelbrot_view.pictures.tiles import Tile
from mandelbrot_view.places.place import HOME, Place
from mandelbrot_view.qt.overlays.busy import Busy
from mandelbrot_view.qt.overlays.juliawindow import NAME
from mandelbrot_view.qt.overlays.layer import Overlay, OverlayLayer

SIZE = (400, 300)


class Under(QWidget):
    place = HOME
    deviceSize = SIZE
    palette = PALETTES[DEFAULT]  # type: ignore[assignment]  # as MandelbrotView has it
    busy = ()

    def busyTiles(self):
        return self.busy


@pytest.fixture
def queue():
    queue = TaskQueue(reactor=Clock())
    queue.attachWorker(MemoryWorker())
    return queue


@pytest.fixture
def under(qtbot):
    under = Under()
    qtbot.addWidget(under)
    under.resize(*SIZE)
    under.show()
    return under


@pytest.fixture
def layer(under, queue):
    return OverlayLayer(under, queue, "view", lambda ID: QColor("#E69F00"))


def move(under, x, y):
    event = QMouseEvent(QEvent.MouseMove, QPointF(x, y), Qt.NoButton, Qt.NoButton, Qt.NoModifier)
    QApplication.sendEvent(under, event)


def pixels(under):
    image = under.grab().toImage()
    return {image.pixel(x, y) for x in range(0, SIZE[0], 2) for y in range(0, SIZE[1], 2)}


def test_at_first_nothing_is_shown(layer):
    assert layer.isHidden()
    assert not any(layer.isOn(overlay) for overlay in Overlay)


@pytest.mark.parametrize("overlay", list(Overlay))
def test_each_is_seen_while_it_is_on(layer, under, overlay):
    under.busy = (Busy(Tile(20, 20, 200, 150), "tile 1,1", 1),)
    empty = pixels(under)
    move(under, 200, 150)
    layer.setOn(overlay, True)
    move(under, 150, 120)
    assert pixels(under) != empty
    layer.setOn(overlay, False)
    assert pixels(under) == empty


def test_it_lets_the_mouse_through_and_follows_the_views_size(layer, under):
    layer.setOn(Overlay.SCALE, True)
    assert layer.testAttribute(Qt.WA_TransparentForMouseEvents)
    under.resize(500, 350)
    assert (layer.width(), layer.height()) == (500, 350)


def test_at_any_depth_it_can_be_drawn(layer, under):
    for overlay in Overlay:
        layer.setOn(overlay, True)
    under.place = Place("-1.25" + "1" * 1200, "0.02", "1e1200")
    move(under, 10, 10)
    pixels(under)


def test_a_tile_is_tinted_in_its_worker_s_colour_and_one_that_waits_is_not(layer, under):
    plain = under.grab().toImage().pixelColor(100, 100)
    layer.setOn(Overlay.TILES, True)
    tile = Tile(20, 20, 200, 150)
    under.busy = (Busy(tile, "tile 1,1", None),)
    assert under.grab().toImage().pixelColor(100, 100) == plain
    under.busy = (Busy(tile, "tile 1,1", 1),)
    tinted, ofWorker = under.grab().toImage().pixelColor(100, 100), QColor("#E69F00")
    assert tinted != plain
    assert abs(tinted.blue() - ofWorker.blue()) < abs(plain.blue() - ofWorker.blue())


class TestTheJuliaSet:
    @pytest.fixture
    def worker(self, queue, layer):
        layer.setOn(Overlay.JULIA, True)
        return queue.workers()[0]

    def test_it_is_that_of_the_point_under_the_pointer(self, layer, under, worker):
        move(under, 200, 150)
        assert worker.taskNow.name == NAME
        c = complex(*worker.taskNow.call.args[:2])
        assert abs(c - (-0.5 + 0j)) < 0.02
        worker.step()
        assert layer._julia.point == c

    def test_while_the_pointer_moves_only_the_last_one_is_computed(self, layer, under, worker):
        for x in range(100, 300, 10):
            move(under, x, 150)
        worker.step()
        last = complex(*worker.taskNow.call.args[:2])
        worker.step()
        assert worker.task is None
        assert layer._julia.point == last

    def test_it_is_not_computed_when_it_is_off(self, layer, under, worker):
        layer.setOn(Overlay.JULIA, False)
        move(under, 200, 150)
        assert worker.task is None

    def test_one_that_fails_is_tried_again_with_the_next_move(self, under, worker):
        move(under, 200, 150)
        worker.fail(ValueError("no"))
        move(under, 210, 150)
        assert worker.taskNow.name == NAME

    def test_it_steps_aside_for_the_pointer_and_stays_there(self, layer, under, worker):
        julia = layer._julia
        move(under, 100, 250)
        assert julia.x() > 200
        move(under, 350, 40)
        assert julia.x() < 50
        move(under, 200, 250)
        assert julia.x() < 50
        move(under, 50, 40)
        assert julia.x() > 200
        assert not julia.geometry().contains(50, 40)

    @pytest.mark.parametrize(("width", "height"), [(1000, 700), (400, 300), (200, 100), (40, 30)])
    def test_it_leaves_most_of_a_small_view_free(self, layer, under, worker, width, height):
        under.resize(width, height)
        julia = layer._julia
        assert julia.width() <= 0.4 * width + 1
        assert julia.height() <= 0.4 * height + 1
        assert julia.width() == 240 or width < 600
        move(under, 3, height - 3)
        assert worker.taskNow.call.args[2] == (julia.width(), julia.height())

    def test_before_there_is_one_it_says_how_to_get_it(self, layer, under, worker):
        def colours():
            image = layer._julia.grab().toImage()
            return {image.pixel(x, y) for x in range(5, image.width() - 5) for y in range(5, image.height() - 5)}

        assert len(colours()) > 2
