# SPDX-License-Identifier: GPL-3.0-or-later
"""The last pass on a real queue: its pixels are the mean light of what direct computation gives."""

import numpy as np
import pytest
from twisted.internet.task import deferLater

from aqlib import Observer, TaskState
from mandelbrot_view.colour.colour import colour
from mandelbrot_view.colour.colouring import Scale, Shading
from mandelbrot_view.colour.palettes import PALETTES
from mandelbrot_view.export.averaging import averaged
from mandelbrot_view.pictures import render as renderModule
from mandelbrot_view.pictures.render import render_tile
from mandelbrot_view.pictures.tiles import Tile
from mandelbrot_view.places.place import Place
from mandelbrot_view.qt.antialiasing import EDGE, NICENESS

from .conftest import SIZE, becomesSharp
from .hands import drag, wheel
from .test_view import coloursOf

PLACE = Place("-0.743643887037151", "0.13182590420533", "400", 900)


class Smoothing(Observer):
    """The tasks of the last pass."""

    def __init__(self):
        self.all = []

    def taskQueued(self, task):
        if task.name.startswith("smooth"):
            self.all.append(task)

    @property
    def pixels(self):
        return sum(task.call.args[2].width * task.call.args[2].height for task in self.all)


@pytest.fixture
def smoothing(queue):
    observer = Smoothing()
    queue.addObserver(observer)
    return observer


async def becomesSmooth(view, reactor):
    await becomesSharp(view)
    while view._antialiaser.isBusy:
        await deferLater(reactor, 0.01, lambda: None)
    recolour(view)


def recolour(view):
    while view.picture.isStale:
        view.picture.recolour(10**6)


def expected(view, n):
    size = n * SIZE[0], n * SIZE[1]
    counts = render_tile(view.place, size, Tile(0, 0, *size), limit=view.limit)
    return averaged(colour(counts, *view.colouring, spacing=1 / n)[..., 2::-1], n)


def assertSmooth(view, n, isExact=True):
    """isExact: whether the samples were computed for this very place, and not a millionth of a pixel aside."""
    shown = coloursOf(view.image()).view(np.uint8).reshape(SIZE[1], SIZE[0], 4)[..., 2::-1].astype(int)
    difference = np.abs(shown - expected(view, n)).max(axis=2)
    # Samples are kept in 32 bits each, whose rounding shows in one shade of a pixel in ten thousand.
    assert np.mean(difference > (0 if isExact else 20)) <= (1e-4 if isExact else 0.03)
    assert not isExact or difference.max() <= 1


@pytest.fixture
def there(view):
    view.setColouring(view.colouring._replace(scale=Scale.SMOOTH))
    view.setPlace(PLACE)
    return view


@pytest.mark.parametrize("n", [2, 3])
async def test_a_sharp_picture_becomes_smooth(there, direct, reactor, smoothing, n):
    hints: list[str] = []
    there.hinted.connect(hints.append)
    there.setAntialias(n)
    await becomesSmooth(there, reactor)
    assertSmooth(there, n)
    assert {task.niceness for task in smoothing.all} == {NICENESS}
    assert any(hint.startswith("Smoothing the edges: ") for hint in hints)
    assert hints[-1] == ""


async def test_other_colours_need_no_computing(there, direct, reactor, smoothing):
    there.setAntialias(2)
    await becomesSmooth(there, reactor)
    number = len(smoothing.all)
    for change in ({"palette": list(PALETTES.values())[2]}, {"shading": Shading.RELIEF}):
        there.setColouring(there.colouring._replace(**change))
        recolour(there)
        assertSmooth(there, 2)
    assert len(smoothing.all) == number


async def test_a_pan_keeps_what_is_smooth(there, direct, reactor, smoothing):
    there.setAntialias(2)
    await becomesSmooth(there, reactor)
    before = coloursOf(there.image())
    smoothing.all.clear()
    drag(there, (100, 100), (110, 100), (140, 107))
    there.frame()
    assert (coloursOf(there.image())[7:, 40:] == before[:-7, :-40]).all()
    await becomesSmooth(there, reactor)
    assertSmooth(there, 2, isExact=False)
    strips = SIZE[0] * SIZE[1] - (SIZE[0] - 40) * (SIZE[1] - 7)
    # The tile in the corner is computed whole, and tiles have frames.
    assert smoothing.pixels < 4 * (strips + EDGE**2) * 1.2
    there.setPalette(list(PALETTES.values())[1])
    recolour(there)
    assertSmooth(there, 2, isExact=False)


async def test_any_zoom_cancels_it(there, direct, reactor, smoothing, queue):
    there.setAntialias(3)
    await becomesSharp(there)
    assert there._antialiaser.isBusy
    wheel(there, 100, 100)
    there.frame()
    assert {task.state for task in smoothing.all} <= {TaskState.CANCELLED, TaskState.DONE}
    assert not there._antialiaser.isBusy


async def test_it_can_be_turned_off_again(there, direct, reactor):
    there.setAntialias(2)
    await becomesSmooth(there, reactor)
    there.setAntialias(1)
    recolour(there)
    assertSmooth(there, 1)
    with pytest.raises(ValueError, match="give 1, 2 or 3"):
        there.setAntialias(4)


async def test_a_view_that_was_stopped_leaves_no_task(there, queue, smoothing):
    there.setAntialias(3)
    await becomesSharp(there)
    there.stop()
    assert smoothing.all
    assert list(queue.schedule) == []
    assert queue.running() == []


async def test_it_goes_on_from_sharp_to_smooth_in_the_depth(view, direct, reactor, smoothing, deep, monkeypatch):
    monkeypatch.setattr(renderModule, "start_deep_work", deep)
    view.setColouring(view.colouring._replace(scale=Scale.SMOOTH))
    # Its pixels are within doubles, those of the last pass are not.
    view.setPlace(Place("-1.7598171308048478136", "-0.0125933107998497", "6.4e10", 2000))
    view.setAntialias(3)
    await becomesSmooth(view, reactor)
    assert smoothing.all
    assertSmooth(view, 3, isExact=False)
