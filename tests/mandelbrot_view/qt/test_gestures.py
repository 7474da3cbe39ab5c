# SPDX-License-Identifier: GPL-3.0-or-later
"""What events ask for, on a widget of 400 x 200 pixels."""

import pytest
from PyQt5.QtCore import QEvent, QRect, QRectF, Qt
from PyQt5.QtGui import QFocusEvent, QKeyEvent
from PyQt5.QtWidgets import QApplication, QWidget

from mandelbrot_view.qt.gestures import DOUBLE_CLICK_FACTOR, KEY_FACTOR, Gestures

from .hands import doubleClick, drag, move, press, release, wheel

SIGNALS = [
    "wheelZoomed", "keyZoomed", "centred", "holdBegan", "holdEnded", "dragBegan", "dragged", "stepped", "homeAsked",
    "rectangleChosen",
]  # fmt: skip


@pytest.fixture
def widget(qtbot):
    theWidget = QWidget()
    qtbot.addWidget(theWidget)
    theWidget.resize(400, 200)
    return theWidget


@pytest.fixture
def gestures(widget):
    return Gestures(widget)


@pytest.fixture
def asked(gestures):
    """What was asked for, in order."""
    heard: list[tuple] = []
    for name in SIGNALS:
        getattr(gestures, name).connect(lambda *args, name=name: heard.append((name, *args)))
    return heard


def test_the_wheel_zooms_about_the_pointer(widget, asked):
    wheel(widget, 30, 40)
    wheel(widget, 30, 40, -120)
    assert asked == [("wheelZoomed", 2**0.4, 30, 40), ("wheelZoomed", pytest.approx(2**-0.4), 30, 40)]


def test_parts_of_a_click_add_up_to_one(widget, asked):
    for _ in range(8):
        wheel(widget, 30, 40, 15)
    product = 1.0
    for _, factor, _, _ in asked:
        product *= factor
    assert product == pytest.approx(2**0.4)


def test_a_wheel_turned_sideways_asks_for_nothing(widget, asked):
    wheel(widget, 30, 40, 0)
    assert asked == []


def test_a_drag_tells_how_far_it_is_from_where_it_began(widget, asked):
    drag(widget, (100, 100), (103, 98), (90, 120))
    assert asked == [("dragBegan",), ("dragged", 3, -2), ("dragged", -10, 20)]


def test_a_click_moves_nothing(widget, asked):
    drag(widget, (100, 100), (100, 100))
    assert asked == []


def test_another_button_neither_begins_nor_ends_anything_meanwhile(widget, asked):
    press(widget, 100, 100)
    press(widget, 100, 100, Qt.RightButton)
    release(widget, 100, 100, Qt.RightButton)
    move(widget, 110, 100)
    release(widget, 110, 100)
    assert asked == [("dragBegan",), ("dragged", 10, 0)]


def test_the_wheel_rests_while_the_picture_is_held(widget, asked):
    press(widget, 100, 100)
    wheel(widget, 100, 100)
    release(widget, 100, 100)
    assert asked == []


@pytest.mark.parametrize(
    ("button", "modifiers"),
    [(Qt.RightButton, Qt.NoModifier), (Qt.LeftButton, Qt.ShiftModifier)],
    ids=["right", "shift"],
)
def test_a_rectangle_has_the_picture_s_proportions(widget, asked, button, modifiers):
    drag(widget, (100, 50), (140, 60), button=button, modifiers=modifiers)
    assert asked == [("rectangleChosen", QRectF(100, 50, 40, 20))]


def test_a_rectangle_may_be_drawn_up_and_to_the_left(widget, asked):
    drag(widget, (100, 150), (90, 110), button=Qt.RightButton)
    assert asked == [("rectangleChosen", QRectF(20, 110, 80, 40))]


def test_while_it_is_drawn_it_is_there_to_be_shown(widget, gestures):
    assert gestures.rectangle is None
    press(widget, 100, 50, Qt.RightButton)
    move(widget, 140, 60, Qt.RightButton)
    assert gestures.rectangle == QRect(100, 50, 40, 20)
    assert widget.cursor().shape() == Qt.CrossCursor
    release(widget, 140, 60, Qt.RightButton)
    assert gestures.rectangle is None


def test_a_tiny_rectangle_is_a_slip_of_the_hand(widget, asked):
    drag(widget, (100, 50), (103, 51), button=Qt.RightButton)
    assert asked == []


def test_escape_gives_the_rectangle_up(widget, asked, gestures, qtbot):
    press(widget, 100, 50, Qt.RightButton)
    move(widget, 300, 150, Qt.RightButton)
    qtbot.keyClick(widget, Qt.Key_Escape)
    assert gestures.rectangle is None
    release(widget, 300, 150, Qt.RightButton)
    assert asked == []


def test_a_double_click_centres_and_zooms(widget, asked):
    doubleClick(widget, 30, 40)
    assert asked == [("centred", DOUBLE_CLICK_FACTOR, 30, 40)]


@pytest.mark.parametrize(
    ("key", "asks"),
    [
        (Qt.Key_Left, ("stepped", -50, 0)),
        (Qt.Key_Right, ("stepped", 50, 0)),
        (Qt.Key_Up, ("stepped", 0, -25)),
        (Qt.Key_Down, ("stepped", 0, 25)),
        (Qt.Key_Plus, ("keyZoomed", KEY_FACTOR)),
        (Qt.Key_Equal, ("keyZoomed", KEY_FACTOR)),
        (Qt.Key_Minus, ("keyZoomed", 1 / KEY_FACTOR)),
        (Qt.Key_Home, ("homeAsked",)),
    ],
)
def test_keys(widget, asked, qtbot, key, asks):
    qtbot.keyClick(widget, key)
    assert asked == [asks]


@pytest.mark.parametrize(
    ("button", "modifiers", "direction"),
    [
        (Qt.MiddleButton, Qt.NoModifier, 1),
        (Qt.MiddleButton, Qt.ShiftModifier, -1),
        (Qt.LeftButton, Qt.ControlModifier, 1),
        (Qt.RightButton, Qt.ControlModifier, -1),
    ],
)
def test_a_held_button_zooms_until_it_is_let_go(widget, asked, gestures, button, modifiers, direction):
    press(widget, 100, 50, button, modifiers)
    assert gestures.focus == (100, 50)
    move(widget, 120, 60, button, modifiers)
    wheel(widget, 120, 60)
    assert asked == [("holdBegan", direction)]
    assert gestures.focus == (120, 60)
    release(widget, 120, 60, button, modifiers)
    assert asked == [("holdBegan", direction), ("holdEnded",)]


def test_escape_and_a_window_that_loses_the_keyboard_let_go(widget, asked, qtbot):
    press(widget, 100, 50, Qt.MiddleButton)
    qtbot.keyClick(widget, Qt.Key_Escape)
    press(widget, 100, 50, Qt.LeftButton)
    press(widget, 100, 50, Qt.MiddleButton)
    release(widget, 100, 50, Qt.LeftButton)
    press(widget, 100, 50, Qt.MiddleButton)
    QApplication.sendEvent(widget, QFocusEvent(QEvent.FocusOut))
    assert asked == [("holdBegan", 1), ("holdEnded",)] * 2


@pytest.mark.parametrize(("key", "factor", "direction"), [(Qt.Key_Plus, KEY_FACTOR, 1), (Qt.Key_Minus, 0.5, -1)])
def test_a_held_key_zooms_on_at_the_pace_of_time(widget, asked, qtbot, key, factor, direction):
    qtbot.keyPress(widget, key)
    for _ in range(5):
        QApplication.sendEvent(widget, QKeyEvent(QEvent.KeyPress, key, Qt.NoModifier, "", True))
        QApplication.sendEvent(widget, QKeyEvent(QEvent.KeyRelease, key, Qt.NoModifier, "", True))
    assert asked == [("keyZoomed", factor), ("holdBegan", direction)]
    qtbot.keyRelease(widget, key)
    assert asked[2:] == [("holdEnded",)]


def test_keys_with_control_or_alt_are_left_to_the_window(widget, asked, qtbot):
    qtbot.keyClick(widget, Qt.Key_Left, Qt.AltModifier)
    qtbot.keyClick(widget, Qt.Key_Plus, Qt.ControlModifier)
    assert asked == []


def test_the_cursor_says_what_the_hand_would_do(widget, gestures, qtbot):
    assert widget.cursor().shape() == Qt.OpenHandCursor
    qtbot.keyPress(widget, Qt.Key_Shift)
    assert widget.cursor().shape() == Qt.CrossCursor
    qtbot.keyRelease(widget, Qt.Key_Shift)
    assert widget.cursor().shape() == Qt.OpenHandCursor
    press(widget, 10, 10)
    assert widget.cursor().shape() == Qt.ClosedHandCursor
    release(widget, 10, 10)
    assert widget.cursor().shape() == Qt.OpenHandCursor


def test_the_keyboard_can_get_there(widget, gestures):
    assert widget.focusPolicy() == Qt.StrongFocus


def test_the_focus_is_where_the_pointer_is_and_the_middle_when_it_has_left(widget, gestures):
    assert gestures.focus == (200, 100)
    move(widget, 30, 40, Qt.NoButton)
    assert gestures.focus == (30, 40)
    QApplication.sendEvent(widget, QEvent(QEvent.Leave))
    assert gestures.focus == (200, 100)
