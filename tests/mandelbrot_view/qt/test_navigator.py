# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PyQt5.QtCore import QRectF
from twisted.internet.task import Clock

from mandelbrot_view.places.place import HOME, MAX_ZOOM, REASON, Place, PlaceError
from mandelbrot_view.qt.navigator import Navigator

SIZE = (400, 200)


class Heard:
    """What a Navigator has told."""

    def __init__(self, navigator):
        self.places: list[Place] = []
        self.histories: list[tuple[bool, bool]] = []
        self.hints: list[str] = []
        navigator.placeChanged.connect(self.places.append)
        navigator.historyChanged.connect(lambda *can: self.histories.append(can))
        navigator.hinted.connect(self.hints.append)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def navigator(qapp, clock):
    return Navigator(HOME, lambda: SIZE, clock.seconds)


@pytest.fixture
def heard(navigator):
    return Heard(navigator)


def pointAt(place, x, y):
    return [
        pytest.approx(float(part), abs=float(place.exactSpacing(SIZE[1])) / 100) for part in place.pointAt(x, y, SIZE)
    ]


def test_a_zoom_keeps_the_point_under_the_pointer(navigator, heard):
    before = pointAt(HOME, 30, 40)
    navigator.zoom(3.0, (30, 40), "wheel")
    assert [float(part) for part in navigator.place.pointAt(30, 40, SIZE)] == before
    assert heard.places == [navigator.place]
    assert heard.histories == [(True, False)]


def test_a_turn_of_the_wheel_is_one_step_back(navigator, heard):
    for _ in range(30):
        navigator.zoom(1.3, (30, 40), "wheel")
    navigator.goBack()
    assert navigator.place == HOME
    assert heard.histories == [(True, False), (False, True)]


def test_a_double_click_brings_its_point_to_the_middle(navigator):
    point = pointAt(HOME, 30, 40)
    navigator.zoomCentred(2.0, 30, 40)
    assert [float(part) for part in navigator.place.pointAt(200, 100, SIZE)] == point
    assert float(navigator.place.zoom) == pytest.approx(2 * float(HOME.zoom))


def test_a_rectangle_comes_to_fill_the_view(navigator):
    corners = [pointAt(HOME, *corner) for corner in ((100, 50), (140, 70))]
    navigator.zoomToRectangle(QRectF(100, 50, 40, 20))
    place = navigator.place
    assert [[float(part) for part in place.pointAt(*corner, SIZE)] for corner in ((0, 0), SIZE)] == corners


def test_a_drag_takes_the_picture_along_and_is_one_visit(navigator):
    navigator.beginDrag()
    for i in range(1, 11):
        navigator.drag(i, -2 * i)
    assert navigator.place == HOME.pannedBy(10, -20, SIZE[1])
    navigator.goBack()
    assert navigator.place == HOME


def test_a_drag_to_where_it_began_is_the_very_place(navigator):
    navigator.beginDrag()
    navigator.drag(13, 7)
    navigator.drag(0, 0)
    assert navigator.place == HOME


def test_a_step_to_the_right_looks_farther_right(navigator):
    navigator.step(50, 0)
    assert navigator.place == HOME.pannedBy(-50, 0, SIZE[1])
    assert float(navigator.place.re) > float(HOME.re)


def test_forward_leads_back_again(navigator, heard):
    navigator.visit(HOME.pannedBy(1, 1, 200))
    navigator.goBack()
    navigator.goForward()
    assert navigator.place == HOME.pannedBy(1, 1, 200)
    assert heard.histories == [(True, False), (False, True), (True, False)]


def test_home_is_a_visit_and_keeps_the_limit_that_was_set(navigator):
    navigator.setLimit(777)
    navigator.zoom(5.0, (0, 0), "wheel")
    navigator.goHome()
    assert navigator.place == Place(HOME.re, HOME.im, HOME.zoom, 777)
    navigator.goBack()
    assert float(navigator.place.zoom) == pytest.approx(5 * float(HOME.zoom))


def test_home_does_not_keep_the_limit_of_a_place(navigator):
    navigator.setLimit(777)
    navigator.visit(Place("-1.75", "0", "1e10", 32000))
    navigator.goHome()
    assert navigator.place == HOME


def test_another_limit_is_told_and_is_no_visit(navigator, heard):
    navigator.setLimit(777)
    assert [place.limit for place in heard.places] == [777]
    assert heard.histories == []
    navigator.setLimit(None)
    assert navigator.place == HOME


def test_a_limit_that_is_none_is_refused(navigator):
    with pytest.raises(PlaceError, match="limit=0"):
        navigator.setLimit(0)
    assert navigator.place == HOME


def test_at_the_deepest_place_the_reason_is_told_each_time_until_one_leaves(navigator, heard):
    navigator.visit(Place("-0.75", "0.1", str(MAX_ZOOM / 2)))
    navigator.zoom(4.0, (30, 40), "wheel")
    assert heard.hints[-1] == REASON
    assert not navigator.place.canZoomIn()
    deepest = navigator.place
    navigator.zoom(4.0, (30, 40), "wheel")
    assert navigator.place.zoom == deepest.zoom
    assert heard.hints[-1] == REASON
    navigator.zoom(0.5, (30, 40), "wheel")
    assert heard.hints[-1] == ""
