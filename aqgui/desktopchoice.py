# SPDX-License-Identifier: GPL-3.0-or-later
"""Light or dark, as the user has told the desktop. Qt 5 knows that of few desktops; most tell it by their portal."""

import os
from collections.abc import Mapping
from typing import Any

from PyQt5.QtCore import QObject, pyqtSignal, pyqtSlot
from PyQt5.QtDBus import QDBus, QDBusConnection, QDBusMessage

_SERVICE, _PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
_INTERFACE = "org.freedesktop.portal.Settings"
_NAMESPACE, _KEY = "org.freedesktop.appearance", "color-scheme"
_DARK, _LIGHT = 1, 2
# A portal that does not answer must not keep the window from coming, in milliseconds.
_PATIENCE = 300


class DesktopChoice(QObject):
    """Asks the desktop portal, and goes on listening.

    Args:
        bus: The session's, if there is one, when not given.

    Signal: `changed`, when the user has chosen otherwise.
    """

    changed = pyqtSignal()

    def __init__(self, bus: Any = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scheme = 0
        if bus is None and hasSession():
            bus = QDBusConnection.sessionBus()
        if bus is not None and bus.isConnected():
            bus.connect(_SERVICE, _PATH, _INTERFACE, "SettingChanged", self._settingChanged)
            question = QDBusMessage.createMethodCall(_SERVICE, _PATH, _INTERFACE, "Read")
            question.setArguments([_NAMESPACE, _KEY])
            answer = bus.call(question, QDBus.Block, _PATIENCE)
            if answer.type() == QDBusMessage.ReplyMessage:
                self._scheme = _number(answer.arguments()[0])

    @property
    def isDark(self) -> bool | None:
        """Whether dark was chosen; None when nothing was, or nobody knows."""
        return {_DARK: True, _LIGHT: False}.get(self._scheme)

    @pyqtSlot(QDBusMessage)
    def _settingChanged(self, message: QDBusMessage) -> None:
        namespace, key, value = message.arguments()
        if (namespace, key) == (_NAMESPACE, _KEY):
            self._scheme = _number(value)
            self.changed.emit()


def hasSession(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether there is a session bus. Asked for one where there is none, the D-Bus library may start a daemon."""
    if environment.get("DBUS_SESSION_BUS_ADDRESS"):
        return True
    return os.path.exists(os.path.join(environment.get("XDG_RUNTIME_DIR") or "/nowhere", "bus"))


def _number(value: Any) -> int:
    """What is in a variant, perhaps in one within another; 0 when that is no number."""
    while hasattr(value, "variant"):
        value = value.variant()
    return value if isinstance(value, int) else 0
