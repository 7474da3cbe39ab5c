# SPDX-License-Identifier: GPL-3.0-or-later
"""A gradient by hand: with the mouse, and with keys."""

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest

from mandelbrot_view.colour.gradient import Gradient
from mandelbrot_view.colour.palettes import Palette
from mandelbrot_view.qt.colouring.strip import GradientStrip

from ..hands import doubleClick, drag

STOPS = ((0.0, "000000"), (0.25, "ff0000"), (0.5, "ffffff"), (0.75, "0000ff"))
# The bar is 400 pixels wide and begins at the tenth.
WIDTH, LEFT, BAR, STOP = 420, 10, 20, 50


@pytest.fixture
def strip(qtbot):
    strip = GradientStrip(Gradient(Palette("four", STOPS)))
    qtbot.addWidget(strip)
    strip.resize(WIDTH, strip.height())
    with qtbot.waitExposed(strip):
        strip.show()
    return strip


def at(position, y=STOP, aside=0):
    return round(LEFT + 400 * position) + aside, y


def positions(strip):
    return [position for position, _ in strip.gradient.stops]


def test_a_stop_is_dragged_and_is_the_one_that_is_meant(strip, qtbot):
    with qtbot.waitSignals([strip.changed, strip.chosen]):
        drag(strip, at(0.25), at(0.4))
    assert positions(strip) == pytest.approx([0, 0.4, 0.5, 0.75], abs=0.002)
    assert strip.current == 1


def test_it_is_dragged_from_where_it_was_taken(strip):
    drag(strip, at(0.25, aside=5), at(0.4, aside=5))
    assert positions(strip)[1] == pytest.approx(0.4, abs=0.002)


def test_it_stops_at_its_neighbours(strip):
    drag(strip, at(0.25), at(0.9))
    assert positions(strip) == sorted(set(positions(strip)))
    assert positions(strip)[1] < 0.5


def test_a_click_alone_changes_nothing(strip, qtbot):
    with qtbot.assertNotEmitted(strip.changed):
        drag(strip, *2 * [at(0.75)])
        drag(strip, *2 * [at(0.6, BAR)])
    assert strip.current == 3


def test_a_double_click_on_the_bar_adds_a_stop(strip, qtbot):
    with qtbot.waitSignal(strip.changed):
        doubleClick(strip, *at(0.6, BAR))
    assert positions(strip)[3] == pytest.approx(0.6, abs=0.002)
    assert strip.current == 3


def test_a_double_click_on_a_stop_asks_for_its_colour(strip, qtbot):
    with qtbot.waitSignal(strip.colourAsked), qtbot.assertNotEmitted(strip.changed):
        doubleClick(strip, *at(0.5))
    assert strip.current == 2


@pytest.mark.parametrize(
    ("modifier", "step"), [(Qt.NoModifier, 0.01), (Qt.ShiftModifier, 0.001), (Qt.ControlModifier, 0.05)]
)
def test_arrow_keys_move_it(strip, modifier, step):
    strip.choose(1)
    QTest.keyClick(strip, Qt.Key_Right, modifier)
    assert positions(strip)[1] == pytest.approx(0.25 + step)
    for _ in range(2):
        QTest.keyClick(strip, Qt.Key_Left, modifier)
    assert positions(strip)[1] == pytest.approx(0.25 - step)


def test_keys_choose_add_and_remove(strip):
    for key, current in [
        (Qt.Key_PageDown, 1), (Qt.Key_PageUp, 0), (Qt.Key_PageUp, 3), (Qt.Key_PageDown, 0), (Qt.Key_End, 3),
        (Qt.Key_Home, 0),
    ]:  # fmt: skip
        QTest.keyClick(strip, key)
        assert strip.current == current
    QTest.keyClick(strip, Qt.Key_Insert)
    assert positions(strip) == pytest.approx([0, 0.125, 0.25, 0.5, 0.75])
    assert strip.current == 1
    QTest.keyClick(strip, Qt.Key_Delete)
    assert strip.gradient.stops == STOPS
    QTest.keyClick(strip, Qt.Key_End)
    QTest.keyClick(strip, Qt.Key_Backspace)
    assert (strip.gradient.stops, strip.current) == (STOPS[:3], 2)


def test_the_last_two_stay(strip, qtbot):
    for _ in range(9):
        QTest.keyClick(strip, Qt.Key_Delete)
    assert len(strip.gradient) == 2
    with qtbot.assertNotEmitted(strip.changed):
        QTest.keyClick(strip, Qt.Key_Delete)


def test_return_asks_for_a_colour(strip, qtbot):
    with qtbot.waitSignal(strip.colourAsked):
        QTest.keyClick(strip, Qt.Key_Return)


def test_the_stop_is_told_to_screen_readers(strip):
    strip.choose(1)
    assert strip.accessibleDescription() == "Stop 2 of 4, at 25.0%, colour #ff0000"
    strip.recolour("00ff00")
    assert strip.accessibleDescription().endswith("#00ff00")


def test_the_same_stop_is_meant_when_all_are_turned_around(strip):
    strip.choose(1)
    strip.reverse()
    assert strip.gradient.stops[strip.current] == (0.75, "ff0000")


def test_what_is_as_it_was_is_no_change(strip, qtbot):
    with qtbot.assertNotEmitted(strip.changed):
        strip.recolour("000000")
        strip.moveStop(0.0)


def test_the_bar_has_the_palette_s_colours_and_each_stop_is_seen(strip):
    image = strip.grab().toImage()
    for position, colour in STOPS[1:]:
        shown = image.pixelColor(*at(position + 0.0075, BAR)).getRgb()[:3]
        assert shown == pytest.approx(tuple(bytes.fromhex(colour)), abs=24)
        assert image.pixelColor(*at(position, STOP + 4)).name() == f"#{colour}"


def test_the_one_that_is_meant_looks_otherwise_with_and_without_the_keyboard(strip, qtbot):
    looks = []
    for number in (1, 2):
        strip.choose(number)
        looks.append(strip.grab().toImage())
    strip.activateWindow()
    strip.setFocus()
    qtbot.waitUntil(strip.hasFocus)
    looks.append(strip.grab().toImage())
    assert looks[0] != looks[1] != looks[2]
