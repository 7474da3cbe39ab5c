# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PyQt5.QtWidgets import QLabel, QProgressBar

from aqgui.window.statusbar import StatusBar, rounded, short
from mandelbrot_view.places.place import HOME, Place

DEEP = Place("-0.743643887037158704752191506114774", "0.131825904205311970493132056385139", "2e12", 5000)


@pytest.fixture
def bar(qtbot):
    bar = StatusBar()
    qtbot.addWidget(bar)
    return bar


def shown(bar):
    return "  ".join(label.text() for label in bar.findChildren(QLabel))


@pytest.mark.parametrize(
    ("number", "spacing", "text"),
    [
        ("-0.5", 0.003, "−0.5"),
        ("0", 0.003, "0"),
        ("-0.00000001", 0.003, "0"),
        ("0.1234567891234", 1e-5, "0.1234568"),
        ("12.000", 0.003, "12"),
        ("-0.743643887037158704752", 1e-15, "−0.7436438870371587"),
    ],
)
def test_a_coordinate_has_the_digits_that_pixels_tell_apart(number, spacing, text):
    assert rounded(number, spacing) == text


@pytest.mark.parametrize(
    ("number", "text"), [(1.6, "1.6"), (999, "999"), (200_000, "2.0e5"), (1e-13, "1.0e−13"), (0.05, "0.05")]
)
def test_a_number_is_short(number, text):
    assert short(number) == text


def test_it_tells_where_the_picture_is(bar):
    bar.showPlace(HOME, 520, 800)
    assert "re −0.5   im 0" in shown(bar)
    assert "520" in shown(bar)
    assert "zoom" in shown(bar)
    assert "radius" in shown(bar)


def test_the_whole_place_is_in_the_tool_tip(bar):
    bar.showPlace(DEEP, 5000, 800)
    assert any(DEEP.re in label.toolTip() and DEEP.im in label.toolTip() for label in bar.findChildren(QLabel))
    assert any("by hand" in label.toolTip() for label in bar.findChildren(QLabel))


def test_it_tells_how_far_the_picture_is_and_how_fast(bar):
    bar.showProgress(0.629)
    bar.showSpeed(18_300_000)
    assert bar.findChild(QProgressBar).value() == 629
    assert "62" in shown(bar)
    assert "18.3 Mpx/s" in shown(bar)
    bar.showSpeed(0)
    assert "px/s" not in shown(bar)


def test_a_picture_that_is_not_whole_never_says_100_percent(bar):
    bar.showProgress(0.9999)
    assert "100" not in shown(bar)


def test_a_long_hint_takes_no_room_from_the_figures(bar):
    bar.showPlace(DEEP, 5000, 800)
    width = bar.minimumSizeHint().width()
    bar.showHint("a very long sentence " * 40)
    assert bar.minimumSizeHint().width() == width
    assert "a very long sentence" in shown(bar)


def test_all_fits_into_a_small_window(bar):
    bar.showPlace(DEEP, 1_000_000, 800)
    bar.showSpeed(1e9)
    assert bar.minimumSizeHint().width() <= 1024
