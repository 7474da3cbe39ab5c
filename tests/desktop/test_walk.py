# SPDX-License-Identifier: GPL-3.0-or-later
"""A walk through the real application: a real window, a real pointer, real processes."""

import os
import signal
import time

import numpy as np
import pytest

from mandelbrot_view.colour.colour import colour
from mandelbrot_view.colour.palettes import DEFAULT, PALETTES
from mandelbrot_view.pictures import render
from mandelbrot_view.pictures.render import render_tile
from mandelbrot_view.pictures.tiles import Tile
from mandelbrot_view.places.place import Place

from .application import isAlive, middle

SIZE = "1200x800"
# Each pixel takes its hundreds of millions of iterations there.
SLOW = "mandelbrot:re=-0.743643887037151&im=0.13182590420533&zoom=1e12&limit=900000000"


@pytest.fixture
def app(start):
    app = start("--workers", 2, "--size", SIZE, "--theme", "dark")
    app.see(lambda now: now["isSharp"] and now["isActive"])
    return app


def colours(place, rectangle, points):
    """The colours that direct computation gives at points of the view, red, green, blue."""
    size = tuple(rectangle[2:])
    counts = [render_tile(place, size, Tile(x, y, 1, 1)) for x, y in points]
    blue, green, red, _ = np.moveaxis(colour(np.concatenate(counts), PALETTES[DEFAULT]), 2, 0)
    return np.stack([red, green, blue], axis=2)[:, 0]


@pytest.fixture
def direct(compiled, monkeypatch):
    """Direct computation in this process is by the compiled kernel, so no compiler outlives the test."""
    monkeypatch.setattr(render, "start_work", compiled)


def test_it_fills_in_and_zooms_about_the_pointer(app, hand, screen, direct):
    first = app.see(lambda now: now["isSharp"])
    x, y, width, height = first["widgets"]["view"]
    hand.turnWheel(x + width // 3, y + height // 4, clicks=5)
    before = Place.parse(first["place"])
    # Between two clicks it may be sharp, too.
    now = app.see(lambda now: now["isSharp"] and float(Place.parse(now["place"]).zoom) > 3.9 * float(before.zoom))
    after = Place.parse(now["place"])
    points = [place.pointAt(width // 3, height // 4, (width, height)) for place in (before, after)]
    assert all(abs(one - other) < after.exactSpacing(height) for one, other in zip(*points, strict=True))
    chance = np.random.default_rng(7)
    known = [(int(chance.integers(width)), int(chance.integers(height))) for _ in range(60)]
    picture = np.asarray(screen.picture())
    shown = np.array([picture[y + row, x + column, :3] for column, row in known])
    different = (np.abs(shown.astype(int) - colours(after, now["widgets"]["view"], known)) > 2).any(axis=1)
    # A point that two kernels see on different sides of the limit may differ.
    assert different.sum() <= 2


def haveComeToRest():
    """A condition: some tasks wait, the same ones for a second, and none runs."""
    seen, since = None, 0.0

    def condition(now):
        nonlocal seen, since
        waiting = [row["id"] for row in now["rows"] if row["state"] == "waiting"]
        if waiting != seen:
            seen, since = waiting, time.monotonic()
        return len(waiting) >= 2 and not now["running"] and time.monotonic() - since > 1

    return condition


def test_a_task_is_dragged_to_the_top_of_a_paused_queue_and_runs_next(app, hand):
    hand.press("ctrl+p")
    paused = app.see(lambda now: now["isPaused"])
    hand.turnWheel(*middle(paused["widgets"]["view"]), clicks=3)
    # Each click has other tasks.
    waiting = app.see(haveComeToRest())
    rows = [row for row in waiting["rows"] if row["state"] == "waiting"]
    last, first = rows[-1], rows[0]
    hand.drag(middle(last["rect"]), (middle(first["rect"])[0], first["rect"][1] + 2))
    app.see(lambda now: now["rows"] and now["rows"][0]["id"] == last["id"])
    begun = len(waiting["begun"])
    hand.press("ctrl+p")
    resumed = app.see(lambda now: not now["isPaused"] and now["isSharp"])
    assert resumed["begun"][begun] == last["id"]


def test_workers_come_and_one_that_is_killed_is_replaced(app, hand):
    hand.press("ctrl+shift+n")
    three = app.see(lambda now: len(now["pids"]) == 3 and None not in now["pids"])
    victim = three["pids"][0]
    os.kill(victim, signal.SIGKILL)
    now = app.see(lambda now: len(now["pids"]) == 3 and victim not in now["pids"] and None not in now["pids"])
    assert set(three["pids"]) & set(now["pids"]) == set(three["pids"]) - {victim}
    hand.turnWheel(*middle(now["widgets"]["view"]), clicks=2)
    app.see(lambda later: later["isSharp"] and later["place"] != now["place"])


@pytest.mark.parametrize("how", ["window manager", "quit", "Ctrl-C"])
def test_closing_in_the_middle_of_a_render_ends_all_in_order(start, hand, how):
    app = start("--workers", 2, "--location", SLOW)
    now = app.see(lambda now: now["running"] == 2 and now["begun"] and not now["isSharp"])
    if how == "window manager":
        hand.closeWindow()
    elif how == "quit":
        hand.press("ctrl+q")
    else:
        app.process.send_signal(signal.SIGINT)
    assert app.ended() == 0
    assert "Traceback" not in app.said()
    assert not any(isAlive(pid) for pid in now["pids"])


def test_place_and_layout_are_kept_for_the_next_time(app, hand, start):
    now = app.see(lambda now: now["isSharp"])
    hand.turnWheel(*middle(now["widgets"]["view"]), clicks=2)
    moved = app.see(lambda later: later["isSharp"] and later["place"] != now["place"])
    hand.press("ctrl+q")
    assert app.ended() == 0
    again = start("--workers", 1)
    assert again.see(lambda later: later["isSharp"])["place"] == moved["place"]
