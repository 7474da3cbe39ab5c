# SPDX-License-Identifier: GPL-3.0-or-later
from collections import Counter

import pytest
from PyQt5.QtWidgets import QMainWindow

from aqgui.actions import MENUS, SPECS, Actions


@pytest.fixture
def window(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


def test_every_action_is_in_a_menu_and_has_a_tool_tip():
    inMenus = {name for _, names in MENUS for name in names}
    assert {spec.name for spec in SPECS} <= inMenus
    assert all(spec.tip for spec in SPECS)


def test_no_two_have_the_same_shortcut():
    counted = Counter(spec.keys for spec in SPECS if spec.keys)
    assert max(counted.values()) == 1


def test_the_tool_tip_tells_the_shortcut(window):
    actions = Actions(window)
    assert actions["pause"].toolTip() == "Let no waiting task begin; what runs goes on (Ctrl+P)"


def test_an_action_calls_its_slot_without_arguments(window):
    actions = Actions(window)
    called = []
    actions.connect({"home": lambda: called.append("home"), "pause": lambda: called.append("pause")})
    actions["home"].trigger()
    actions["pause"].trigger()
    assert called == ["home", "pause"]
    assert actions["pause"].isChecked()


def test_the_help_lists_every_shortcut(window):
    keys = dict(Actions(window).keys())
    assert keys["Ctrl+P"] == "Pause the queue"
    assert keys["Ctrl+O"] == "Open place"
    assert len(keys) == sum(bool(spec.keys) for spec in SPECS)
