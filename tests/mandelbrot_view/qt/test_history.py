# SPDX-License-Identifier: GPL-3.0-or-later
from dataclasses import replace

import pytest

from mandelbrot_view.places.place import HOME
from mandelbrot_view.qt import history as module
from mandelbrot_view.qt.history import NEAR, PAUSE, History

PLACES = [replace(HOME, zoom=str(zoom)) for zoom in range(1, 9)]


class Time:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Time()


@pytest.fixture
def history(clock):
    return History(PLACES[0], clock)


def test_it_begins_at_one_place(history):
    assert history.place == PLACES[0]
    assert not history.canGoBack
    assert not history.canGoForward


def test_back_and_forward_step_through_the_visits(history):
    history.visit(PLACES[1])
    history.visit(PLACES[2])
    assert [history.back(), history.back(), history.back()] == [PLACES[1], PLACES[0], PLACES[0]]
    assert [history.forward(), history.forward(), history.forward()] == [PLACES[1], PLACES[2], PLACES[2]]


def test_a_visit_after_going_back_forgets_what_came_after(history):
    history.visit(PLACES[1])
    history.back()
    history.visit(PLACES[2])
    assert not history.canGoForward
    assert history.back() == PLACES[0]


def test_to_stay_is_no_visit(history):
    history.visit(PLACES[0])
    assert not history.canGoBack


def test_clicks_of_the_wheel_in_quick_succession_at_one_spot_are_one_visit(history, clock):
    for place in PLACES[1:]:
        history.visit(place, "wheel", (10, 10))
        clock.now += 0.9 * PAUSE
    assert history.place == PLACES[-1]
    assert history.back() == PLACES[0]
    assert history.forward() == PLACES[-1]


@pytest.mark.parametrize(
    ("kind", "spot", "pause"),
    [("wheel", (10, 10), PAUSE + 0.1), ("wheel", (10 + NEAR + 1, 10), 0), ("key", (10, 10), 0), (None, None, 0)],
    ids=["after a pause", "at another spot", "of another kind", "of no kind"],
)
def test_a_step_begins_a_visit(history, clock, kind, spot, pause):
    history.visit(PLACES[1], "wheel", (10, 10))
    clock.now += pause
    history.visit(PLACES[2], kind, spot)
    assert history.back() == PLACES[1]


def test_a_step_after_going_back_begins_a_visit(history):
    history.visit(PLACES[1], "wheel", (10, 10))
    history.visit(PLACES[2])
    history.back()
    history.visit(PLACES[3], "wheel", (10, 10))
    assert history.back() == PLACES[1]


def test_the_spot_of_a_visit_is_where_it_began(history):
    for i, place in enumerate(PLACES[1:4]):
        history.visit(place, "wheel", (i * 0.7 * NEAR, 0))
    assert history.back() == PLACES[2]


def test_amending_is_no_visit(history):
    history.visit(PLACES[1])
    history.amend(PLACES[2])
    assert history.place == PLACES[2]
    assert history.back() == PLACES[0]


def test_the_oldest_places_are_forgotten(history, monkeypatch):
    monkeypatch.setattr(module, "MOST_PLACES", 3)
    for place in PLACES:
        history.visit(place)
    assert [history.back() for _ in range(4)] == [PLACES[-2], PLACES[-3], PLACES[-3], PLACES[-3]]
