# SPDX-License-Identifier: GPL-3.0-or-later
from decimal import Decimal

import pytest
from PyQt5.QtWidgets import QLabel, QProgressBar

from aqgui.window.statusbar import StatusBar, cut, rounded, short
from mandelbrot_view.places.place import HOME, Place

DEEP = Place("-0.743643887037158704752191506114774", "0.131825904205311970493132056385139", "2e12", 5000)
DEEPER = Place("-0.74" + "3643" * 300, "-0.13" + "1825" * 300, "1.2345e1000", 5000)


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
        ("0." + "1234" * 300, Decimal("3e-1001"), "0." + "1234" * 250 + "123"),
    ],
)
def test_a_coordinate_has_the_digits_that_pixels_tell_apart(number, spacing, text):
    assert rounded(number, Decimal(spacing)) == text


def test_a_long_coordinate_shows_its_first_and_its_last_digits():
    assert cut("−0.74364388703715870") == "−0.74364388703715870"
    assert cut("−0." + "1234" * 250) == "−0.123412…341234"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("1.6", "1.6"), ("999", "999"), ("200000", "2.0e5"), ("1e-13", "1.0e−13"), ("0.05", "0.05"),
        ("9.99e1000", "1.0e1001"), ("1.25e-1000", "1.2e−1000"), ("10", "10"), ("999.9", "1000"),
    ],
)  # fmt: skip
def test_a_number_is_short(number, text):
    assert short(Decimal(number)) == text


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


def test_at_any_depth_it_stays_readable(bar):
    bar.showPlace(DEEPER, 5000, 800)
    assert "re −0.743643…643364" in shown(bar)
    assert "zoom 1.2e1000  radius 1.6e−1000" in shown(bar)
    tips = "\n".join(label.toolTip() for label in bar.findChildren(QLabel))
    assert max(map(len, tips.splitlines())) < 100
    assert len(tips.splitlines()) < 24


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


def test_a_hint_goes_after_a_while_unless_it_is_about_work_in_progress(bar):
    bar.showHint("Done.")
    assert bar._hintTimer.isActive()
    bar._hintTimer.timeout.emit()
    assert bar.hint == ""
    bar.showHint("Done.")
    bar.showHint("Looking…")
    assert not bar._hintTimer.isActive()


@pytest.mark.parametrize("place", [DEEP, DEEPER])
def test_all_fits_into_a_small_window(bar, place):
    bar.showPlace(place, 1_000_000, 800)
    bar.showSpeed(1e9)
    assert bar.minimumSizeHint().width() <= 1024


@pytest.mark.parametrize("width", [480, 560, 640, 700, 800, 1024, 1440])
def test_what_does_not_fit_is_hidden_whole_and_what_is_shown_is_not_cut(bar, qtbot, width):
    bar.showPlace(DEEP, 12_680, 800)
    bar.resize(width, 30)
    with qtbot.waitExposed(bar):
        bar.show()
    labels = [bar._centre, bar._zoom, bar._limit, bar._radius, bar._speed]
    shown = [label.isVisible() for label in labels]
    assert shown == sorted(shown, reverse=True)
    if width >= 700:
        assert all(label.width() >= label.sizeHint().width() for label in labels if label.isVisible())
    assert all(shown) is (width >= 1024)
