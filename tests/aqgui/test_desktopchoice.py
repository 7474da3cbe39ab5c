# SPDX-License-Identifier: GPL-3.0-or-later
from typing import Any

import pytest
from PyQt5.QtDBus import QDBusMessage

from aqgui.desktopchoice import DesktopChoice, hasSession


class Bus:
    """A session bus with a portal that gives `answer`; without one it says that there is none."""

    def __init__(self, answer=None, connected=True):
        self._answer = answer
        self._connected = connected
        self.changed: Any = None

    def isConnected(self):
        return self._connected

    def connect(self, service, path, interface, name, slot):
        assert name == "SettingChanged"
        self.changed = slot

    def call(self, question, mode, patience):
        assert question.arguments() == ["org.freedesktop.appearance", "color-scheme"]
        assert patience <= 500
        if self._answer is None:
            return question.createErrorReply("org.freedesktop.DBus.Error.ServiceUnknown", "nobody is there")
        return question.createReply([self._answer])

    def tell(self, *arguments):
        message = QDBusMessage.createSignal("/", "org.freedesktop.portal.Settings", "SettingChanged")
        message.setArguments(list(arguments))
        assert self.changed is not None
        self.changed(message)


@pytest.mark.parametrize(("answer", "isDark"), [(1, True), (2, False), (0, None), ("odd", None), (None, None)])
def test_the_portal_says_what_was_chosen(answer, isDark):
    assert DesktopChoice(Bus(answer)).isDark is isDark


def test_a_session_is_told_by_the_environment(tmp_path):
    assert not hasSession({"DISPLAY": ":0", "XDG_RUNTIME_DIR": str(tmp_path)})
    assert hasSession({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/x"})
    (tmp_path / "bus").touch()
    assert hasSession({"XDG_RUNTIME_DIR": str(tmp_path)})


def test_without_a_session_nobody_knows():
    assert DesktopChoice(Bus(1, connected=False)).isDark is None


def test_another_choice_is_told(qtbot):
    bus = Bus(1)
    choice = DesktopChoice(bus)
    with qtbot.assertNotEmitted(choice.changed):
        bus.tell("org.freedesktop.appearance", "contrast", 1)
    with qtbot.waitSignal(choice.changed):
        bus.tell("org.freedesktop.appearance", "color-scheme", 2)
    assert choice.isDark is False
