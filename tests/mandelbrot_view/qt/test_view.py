# SPDX-License-Identifier: GPL-3.0-or-later
"""The view on a real queue: what comes on the screen is what direct computation gives."""

import os
import random
import signal
from dataclasses import replace

import numpy as np
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QImageReader
from twisted.internet.task import deferLater

from aqlib import Observer
from mandelbrot_view.colour.colour import colour
from mandelbrot_view.colour.colouring import Colouring, Scale
from mandelbrot_view.colour.palettes import PALETTES
from mandelbrot_view.pictures.render import render_tile
from mandelbrot_view.pictures.tiles import Tile
from mandelbrot_view.places.place import HOME, Place
from mandelbrot_view.qt.framing import Framing, mapping
from mandelbrot_view.qt.picture import Band
from mandelbrot_view.qt.view import BACKGROUND

from .conftest import SIZE, becomesSharp
from .hands import drag, move, press, release, wheel

SEAHORSE = Place("-0.743643887037151", "0.13182590420533", "400")


class Tiles(Observer):
    """The tiles that were computed to their end."""

    def __init__(self, queue):
        self.done = []
        self._queue = queue

    async def beginAnew(self):
        """Forget those that have ended, when those have that made the picture sharp: they do so a little later."""
        while self._queue.running():
            await deferLater(self._queue.reactor, 0.005, lambda: None)
        self.done.clear()

    def taskFinished(self, task):
        if task.name.startswith("tile") and task.failure is None:
            self.done.append(task.call.args[2])

    @property
    def pixels(self):
        return sum(tile.width * tile.height for tile in self.done)


@pytest.fixture
def tiles(queue):
    observer = Tiles(queue)
    queue.addObserver(observer)
    return observer


def coloursOf(image):
    """0xffrrggbb of each pixel of a QImage."""
    bits = image.constBits()
    bits.setsize(image.sizeInBytes())
    return np.frombuffer(bits, np.uint32).reshape(image.height(), image.width()).copy()


def assertRight(view, points=50):
    """The colours at some points are those of direct computation."""
    while view.picture.isStale:
        view.picture.recolour(10**6)
    shown = coloursOf(view.image())
    assert shown.shape == SIZE[::-1]
    counts = render_tile(view.place, SIZE, Tile(0, 0, *SIZE), limit=view.limit)
    expected = colour(counts, *view.shownColouring, ranks=view.picture._paint._ranks).view(np.uint32)[..., 0]
    dice = random.Random(1)
    for _ in range(points):
        x, y = dice.randrange(SIZE[0]), dice.randrange(SIZE[1])
        assert shown[y, x] == expected[y, x], f"the pixel ({x}, {y})"


async def test_the_picture_becomes_sharp_and_is_right(view, direct):
    progress: list[float] = []
    view.progressChanged.connect(progress.append)
    await becomesSharp(view)
    assert progress == sorted(progress)
    assert progress[-1] == 1
    assertRight(view)


async def test_what_is_seen_is_the_image(view):
    await becomesSharp(view)
    seen = view.grab().toImage().convertToFormat(view.image().format())
    assert (coloursOf(seen) == coloursOf(view.image())).all()


async def test_the_wheel_keeps_the_point_under_the_pointer(view, direct):
    await becomesSharp(view)
    wheel(view, 130, 200)
    assert not view.isSharp
    where = mapping(Framing(HOME, SIZE, 500), view.framing)
    assert (130 * where.factor + where.dx, 200 * where.factor + where.dy) == pytest.approx((130, 200), abs=0.01)
    await becomesSharp(view)
    assertRight(view)


@pytest.mark.parametrize("zoom", ["1.6", "1e9", "1e60"])
async def test_while_a_button_is_held_the_point_under_the_pointer_stays(view, queue, reactor, zoom):
    view.setPlace(Place("-0.743643887037151", "0.13182590420533", zoom, 50))
    view.frame()
    before = view.framing
    press(view, 130, 200, Qt.MiddleButton)
    spots = []
    for _ in range(20):
        await deferLater(reactor, 0.01, lambda: None)
        where = mapping(before, view.framing)
        spots.append((130 * where.factor + where.dx, 200 * where.factor + where.dy))
    release(view, 130, 200, Qt.MiddleButton)
    assert spots == [pytest.approx((130, 200), abs=0.1)] * 20
    assert mapping(before, view.framing).factor > 1.1
    left = view.place
    await deferLater(reactor, 0.03, lambda: None)
    assert view.place == left
    view.goBack()
    assert view.framing == before


async def test_after_a_steady_zoom_it_is_sharp_and_right(view, direct, reactor):
    await becomesSharp(view)
    press(view, 130, 200, Qt.MiddleButton)
    frames: list[Framing] = []
    while len(frames) < 30:
        await deferLater(reactor, 0.01, lambda: None)
        frames += [view.picture.framing] if view.picture.framing not in frames else []
    assert not view.isSharp
    release(view, 130, 200, Qt.MiddleButton)
    await becomesSharp(view)
    assertRight(view)


async def test_a_drag_keeps_what_is_sharp_and_computes_the_strip_alone(view, direct, tiles):
    await becomesSharp(view)
    before = coloursOf(view.image())
    await tiles.beginAnew()
    drag(view, (100, 100), (110, 100), (140, 107))
    view.frame()
    assert (coloursOf(view.image())[7:, 40:] == before[:-7, :-40]).all()
    await becomesSharp(view)
    assert tiles.pixels == SIZE[0] * SIZE[1] - (SIZE[0] - 40) * (SIZE[1] - 7)
    assertRight(view)


@pytest.mark.timeout(60)
async def test_200_clicks_leave_the_same_workers_and_a_sharp_picture(view, direct, queue, reactor):
    await becomesSharp(view)
    pids = [worker.pid for worker in queue.workers()]
    for click in range(200):
        wheel(view, 100 + click, 120, 120 if click % 40 < 25 else -120)
        await deferLater(reactor, 0.002, lambda: None)
    await becomesSharp(view)
    assert [worker.pid for worker in queue.workers()] == pids
    assertRight(view)


async def test_a_worker_that_is_killed_does_not_keep_the_picture_from_being_sharp(view, direct, queue):
    hints: list[str] = []
    view.hinted.connect(hints.append)
    view.setPlace(SEAHORSE)
    view.setLimit(20_000)
    view.frame()
    os.kill(queue.workers(1).pid, signal.SIGKILL)
    await becomesSharp(view)
    assertRight(view)
    assert hints == []


async def test_back_and_forward(view, direct):
    can: list[tuple[bool, bool]] = []
    view.historyChanged.connect(lambda *both: can.append(both))
    view.setPlace(SEAHORSE)
    view.goBack()
    assert view.place == HOME
    view.goForward()
    assert view.place == SEAHORSE
    assert can == [(True, False), (False, True), (True, False)]
    await becomesSharp(view)
    assertRight(view)


async def test_another_limit_is_computed(view, direct):
    places: list[Place] = []
    view.placeChanged.connect(places.append)
    await becomesSharp(view)
    view.setLimit(50)
    assert view.limit == 50
    await becomesSharp(view)
    assertRight(view)
    view.setLimit(900)
    assert not view.isSharp
    await becomesSharp(view)
    assertRight(view)
    view.setLimit(None)
    assert view.limit == HOME.autoLimit()
    assert [place.limit for place in places] == [50, 900, None]


async def test_colours_change_without_computing(view, direct, tiles):
    await becomesSharp(view)
    await tiles.beginAnew()
    palette = list(PALETTES.values())[2]
    view.setPalette(palette)
    view.setDensity(1.5)
    view.setOffset(0.3)
    assert (view.palette, view.density, view.offset) == (palette, 1.5, 0.3)
    view.frame()
    while view.picture.isStale:
        view.picture.recolour(10**5)
    assert tiles.done == []
    assertRight(view)


async def test_another_size_is_computed_when_it_has_settled(view, direct, queue):
    await becomesSharp(view)
    view.resize(500, 300)
    view.resize(520, 300)
    assert not view.isSharp
    await becomesSharp(view)
    assert view.image().width() == 520
    view.resize(*SIZE)
    await becomesSharp(view)
    assertRight(view)


async def test_something_is_left_of_it_beside_any_panel(view):
    view.resize(1, 1)
    assert min(view.width(), view.height()) >= 100


async def test_colours_that_are_equalised_anew_come_to_the_whole_picture_at_once(view, direct):
    await becomesSharp(view)
    view.setColouring(Colouring(scale=Scale.EQUALISED))
    while view.picture.isStale:
        view.picture.recolour(10**6)
    before = coloursOf(view.image())
    view.picture.counts[:] = np.random.default_rng(1).uniform(1, 40, SIZE[::-1])
    view.coarsePassEnded()
    assert not view.picture.isStale
    assert (coloursOf(view.image()) != before).any(axis=1).all()


async def test_colours_are_equalised_anew_while_pictures_pass(view, direct, monkeypatch):
    await becomesSharp(view)
    view._equaliser._rankedAt = float("-inf")
    ranked: list[Framing] = []
    monkeypatch.setattr(view.picture, "rank", lambda isPassing: ranked.append(view.picture.framing))
    band = Band(view.framing.whole, 1, view.picture.counts.copy())
    for _ in range(3):  # in less time than would be seen
        view.passCame(view.framing, [band])
    assert len(ranked) == 1


@pytest.mark.parametrize("width", [487, 481, 470, 333])
async def test_what_is_sharp_stays_so_when_only_the_width_changes(view, direct, tiles, width):
    """As when a panel beside it is made wider, or opened."""
    view.setPlace(replace(SEAHORSE, limit=300))
    await becomesSharp(view)
    before = view.picture.counts.copy()
    await tiles.beginAnew()
    view.resize(width, SIZE[1])
    await becomesSharp(view)
    even = width + width % 2
    aside, common = (even - SIZE[0]) // 2, min(even, SIZE[0])
    here, there = slice(max(-aside, 0), max(-aside, 0) + common), slice(max(aside, 0), max(aside, 0) + common)
    assert (view.picture.counts[:, there] == before[:, here]).all()
    assert tiles.pixels <= max(even - SIZE[0], 0) * SIZE[1]


async def test_until_something_comes_the_picture_of_another_size_is_drawn_scaled(view, direct, queue, reactor):
    await becomesSharp(view)
    queue.pause()
    view.picture.pixels[:150], view.picture.pixels[150:] = 0xFF0000FF, 0xFFFF0000
    view.resize(SIZE[0], 360)
    while not list(queue.schedule):
        await deferLater(reactor, 0.005, lambda: None)
    shown = view.grab().toImage()
    for x in (2, 240, 477):
        assert [shown.pixelColor(x, y).blue() for y in (2, 175, 185, 357)] == [255, 255, 0, 0]
    queue.resume()
    await becomesSharp(view)


async def test_the_speed_is_told_and_is_0_at_the_end(view, reactor):
    speeds: list[float] = []
    view.speedChanged.connect(speeds.append)
    view.setPlace(SEAHORSE)
    await becomesSharp(view)
    while not speeds or speeds[-1] > 0:
        await deferLater(reactor, 0.01, lambda: None)
    assert speeds[-1] == 0


async def test_a_view_that_was_stopped_leaves_no_task(view, queue):
    view.setPlace(SEAHORSE)
    view.frame()
    view.stop()
    assert list(queue.schedule) == []
    assert queue.running() == []


async def test_while_it_is_hidden_nothing_is_begun(view, tiles):
    await becomesSharp(view)
    await tiles.beginAnew()
    view.hide()
    view.setPlace(replace(SEAHORSE, limit=1000))
    view.frame()
    assert not view._renderer.isBusy
    assert tiles.done == []
    view.show()
    assert not view.isSharp
    await becomesSharp(view)


async def test_screen_readers_get_a_name(view):
    assert view.accessibleName()
    assert view.accessibleDescription()


async def test_buttons_zoom_about_the_middle(view, direct):
    view.zoomIn()
    assert (view.place.re, view.place.im) == (HOME.re, HOME.im)
    view.zoomOut()
    assert view.place == HOME


async def test_a_key_goes_home(view, qtbot):
    view.setPlace(SEAHORSE)
    qtbot.keyClick(view, Qt.Key_Home)
    assert view.place == HOME


async def test_on_a_fine_screen_it_is_computed_for_its_pixels(view, direct, monkeypatch):
    await becomesSharp(view)
    monkeypatch.setattr(view, "devicePixelRatioF", lambda: 1.5)
    view.repaint()
    await becomesSharp(view)
    assert (view.image().width(), view.image().height()) == (720, 450)
    wheel(view, 100, 50)
    where = mapping(Framing(HOME, (720, 450), 500), view.framing)
    assert (150 * where.factor + where.dx, 75 * where.factor + where.dy) == pytest.approx((150, 75), abs=0.01)


async def test_the_picture_is_saved_with_its_place(view, tmp_path):
    await becomesSharp(view)
    path = str(tmp_path / "set.png")
    view.savePicture(path)
    reader = QImageReader(path)
    assert reader.text("Place") == view.place.link
    assert (coloursOf(reader.read().convertToFormat(view.image().format())) == coloursOf(view.image())).all()


async def test_the_zoom_rectangle_is_drawn(view):
    await becomesSharp(view)
    plain = view.grab().toImage()
    press(view, 100, 50, Qt.RightButton)
    move(view, 300, 200, Qt.RightButton)
    drawn = view.grab().toImage()
    assert drawn.pixelColor(200, 100) == plain.pixelColor(200, 100)
    assert drawn.pixelColor(5, 5).lightness() < plain.pixelColor(5, 5).lightness()
    release(view, 300, 200, Qt.RightButton)
    assert view.place != HOME


async def test_while_it_goes_away_no_dark_frame_is_seen(view, queue, reactor):
    view.setPlace(replace(SEAHORSE, limit=300))
    await becomesSharp(view)
    press(view, 130, 200, Qt.MiddleButton, Qt.ShiftModifier)
    for _ in range(25):
        await deferLater(reactor, 0.01, lambda: None)
        shown = coloursOf(view.grab().toImage().convertToFormat(view.image().format()))
        # By chance a few mixed colours are that very one.
        assert np.count_nonzero(shown == BACKGROUND) < 20
    release(view, 130, 200, Qt.MiddleButton)
    assert view.framing.place != SEAHORSE
