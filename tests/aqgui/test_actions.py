# SPDX-License-Identifier: GPL-3.0-or-later
from collections import Counter

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QAction, QMainWindow

from aqgui.actions import MENUS, SPECS, Actions, _names


@pytest.fixture
def window(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


def test_every_action_is_in_a_menu_and_has_a_shortcut_and_a_tool_tip():
    assert {spec.name for spec in SPECS} <= set(_names(MENUS))
    assert all(spec.tip and spec.keys for spec in SPECS)


def test_no_two_have_the_same_shortcut():
    counted = Counter(spec.keys for spec in SPECS if spec.keys)
    assert max(counted.values()) == 1


def test_the_tool_tip_tells_the_shortcut(window):
    actions = Actions(window)
    assert actions["pause"].toolTip() == "Start no waiting task; running tasks continue (Ctrl+P)"


def test_an_action_calls_its_slot_without_arguments(window):
    actions = Actions(window)
    called = []
    actions.connect({"home": lambda: called.append("home"), "pause": lambda: called.append("pause")})
    actions["home"].trigger()
    actions["pause"].trigger()
    assert called == ["home", "pause"]
    assert actions["pause"].isChecked()


def test_the_help_lists_every_shortcut(window):
    actions = Actions(window)
    alone = QAction("In the &list", window)
    alone.setShortcut("Alt+Up")
    alone.setShortcutContext(Qt.WidgetWithChildrenShortcut)
    actions.adopt({"up": alone})
    keys = dict(actions.keys(Qt.WindowShortcut))
    assert keys["Ctrl+P"] == "Pause the queue"
    assert keys["Ctrl+O"] == "Open place"
    assert keys["Ctrl+Alt+D"] == "Dark"
    assert keys["Alt+1 … 9"] == "Favourite colours"
    assert keys["Alt+Shift+1 … 9"] == "Keep the colours as a favourite"
    assert len(keys) == len(SPECS) - 2 * 8
    assert actions.keys(Qt.WidgetWithChildrenShortcut) == [("Alt+Up", "In the list")]
